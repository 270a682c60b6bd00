//! Whose events, of when, seen from when.

use analytics_domain::{Day, Interval, Millis, Project, QueryScope, Zone, calendar};
use analytics_proto::v1::{self, time_range};

use super::{InvalidField, filter::filter_of};

/// Takes the scope of a question out of the contract. `project` is the one that the caller's key gives.
pub(crate) fn scope_of(scope: v1::QueryScope, project: Project, now: Millis) -> Result<QueryScope, InvalidField> {
    let zone = match scope.time_zone.as_str() {
        "" => project.zone.clone(),
        name => Zone::named(name).map_err(|error| InvalidField::new("scope.time_zone", error.to_string()))?,
    };
    let interval = interval_of(scope.range.unwrap_or_default(), &zone)?;
    let as_of = match scope.as_of {
        None => now,
        Some(as_of) => millis_of(as_of).ok_or_else(|| invalid_instant("scope.as_of"))?,
    };
    let filter = scope.filter.map(|filter| filter_of(filter, "scope.filter")).transpose()?;
    Ok(QueryScope { project, interval, zone, as_of, filter })
}

fn interval_of(range: v1::TimeRange, zone: &Zone) -> Result<Interval, InvalidField> {
    let (interval, end_field) = match range.range {
        None => return Err(InvalidField::new("scope.range", "must be given as an interval or as dates")),
        Some(time_range::Range::Interval(interval)) => {
            let start = interval.start_time.and_then(millis_of);
            let end = interval.end_time.and_then(millis_of);
            let start = start.ok_or_else(|| invalid_instant("scope.range.interval.start_time"))?;
            let end = end.ok_or_else(|| invalid_instant("scope.range.interval.end_time"))?;
            (Interval { start, end }, "scope.range.interval.end_time")
        }
        Some(time_range::Range::Dates(dates)) => {
            let start = calendar::day_start(day_of(&dates.start_date, "scope.range.dates.start_date")?, zone);
            let end = calendar::day_start(day_of(&dates.end_date, "scope.range.dates.end_date")?, zone);
            (Interval { start, end }, "scope.range.dates.end_date")
        }
    };
    if interval.start >= interval.end {
        return Err(InvalidField::new(
            end_field,
            "must be later than the start: the end is exclusive, so a single day ends on the next",
        ));
    }
    Ok(interval)
}

fn day_of(text: &str, field: &str) -> Result<Day, InvalidField> {
    text.parse()
        .map(Day::from_date)
        .map_err(|_| InvalidField::new(field, format!("`{text}` is no day of the calendar: use YYYY-MM-DD")))
}

fn invalid_instant(field: &str) -> InvalidField {
    InvalidField::new(field, "is no instant of the years 1 to 9999")
}

fn millis_of(timestamp: pbjson_types::Timestamp) -> Option<Millis> {
    const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
    let valid = SECONDS.contains(&timestamp.seconds) && (0..1_000_000_000).contains(&timestamp.nanos);
    valid.then(|| Millis(timestamp.seconds * 1000 + i64::from(timestamp.nanos) / 1_000_000))
}
