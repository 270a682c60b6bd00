//! Days and buckets of a zone's calendar as explicit UTC edges. Every report uses these and no other way from time to bucket.

use jiff::{Timestamp, civil};

use crate::{Day, Interval, Millis, TimeUnit, WeekStart, Zone};

/// A bucket of a trend: its whole edges, whatever part of it a range covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// Its edges.
    pub interval: Interval,
    /// How far the local clock is ahead of UTC at its start, in seconds.
    pub utc_offset_seconds: i32,
}

/// A range would have more buckets than were allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the range has more than {limit} buckets: use a longer unit or a shorter range")]
pub struct TooManyBuckets {
    /// The most that were allowed.
    pub limit: usize,
}

/// The calendar day that the local clock shows.
pub fn day_of(time: Millis, zone: &Zone) -> Day {
    Day::from_date(zone.rules().to_datetime(timestamp(time)).date())
}

/// The first valid instant of a day: after a gap if its midnight does not exist, the earlier one if it exists twice.
pub fn day_start(day: Day, zone: &Zone) -> Millis {
    date_start(day.date(), zone)
}

/// The first instant after a day.
pub fn day_end(day: Day, zone: &Zone) -> Millis {
    day_start(day.plus_days(1), zone)
}

fn date_start(date: civil::Date, zone: &Zone) -> Millis {
    // A midnight inside a gap is read as later than the gap by the gap's length; `start_of_day` then finds the gap's end.
    let Ok(midnight) = zone.rules().to_ambiguous_zoned_datetime(date.at(0, 0, 0, 0)).compatible() else {
        return Millis(if date.year() < 0 { i64::MIN / 2000 } else { i64::MAX / 2000 });
    };
    let start = midnight.start_of_day().map_or(midnight.timestamp(), |first| first.timestamp());
    Millis(start.as_millisecond())
}

/// Every bucket that a range touches, ascending, without gaps between them.
///
/// # Errors
/// When there would be more than `limit`.
pub fn buckets(
    interval: Interval,
    unit: TimeUnit,
    zone: &Zone,
    week_start: WeekStart,
    limit: usize,
) -> Result<Vec<Bucket>, TooManyBuckets> {
    let mut buckets = Vec::new();
    if interval.start >= interval.end {
        return Ok(buckets);
    }
    let mut start = bucket_start(interval.start, unit, zone, week_start);
    while start < interval.end {
        if buckets.len() == limit {
            return Err(TooManyBuckets { limit });
        }
        let end = next_start(start, unit, zone, week_start);
        if end <= start {
            break;
        }
        buckets.push(Bucket { interval: Interval { start, end }, utc_offset_seconds: utc_offset_seconds(start, zone) });
        start = end;
    }
    Ok(buckets)
}

fn bucket_start(time: Millis, unit: TimeUnit, zone: &Zone, week_start: WeekStart) -> Millis {
    match unit {
        TimeUnit::Minute => clock_start(time, MINUTE_MS, zone),
        TimeUnit::Hour => clock_start(time, HOUR_MS, zone),
        TimeUnit::Day | TimeUnit::Week | TimeUnit::Month => {
            let date = day_of(time, zone).date();
            date_start(first_date(date, unit, week_start), zone)
        }
    }
}

fn next_start(start: Millis, unit: TimeUnit, zone: &Zone, week_start: WeekStart) -> Millis {
    match unit {
        TimeUnit::Minute => next_clock_start(start, MINUTE_MS, zone),
        TimeUnit::Hour => next_clock_start(start, HOUR_MS, zone),
        TimeUnit::Day | TimeUnit::Week | TimeUnit::Month => {
            let mut date = first_date(day_of(start, zone).date(), unit, week_start);
            loop {
                let next = match unit {
                    TimeUnit::Month => date.checked_add(jiff::Span::new().months(1)),
                    TimeUnit::Week => date.checked_add(jiff::Span::new().weeks(1)),
                    _ => date.tomorrow(),
                };
                let Ok(next) = next else { return start };
                // A day that a zone skipped has no bucket: its start is that of the next one.
                let next_start = date_start(next, zone);
                if next_start > start {
                    return next_start;
                }
                date = next;
            }
        }
    }
}

fn first_date(date: civil::Date, unit: TimeUnit, week_start: WeekStart) -> civil::Date {
    match unit {
        TimeUnit::Month => date.first_of_month(),
        TimeUnit::Week => {
            let days_in = match week_start {
                WeekStart::Monday => date.weekday().to_monday_zero_offset(),
                WeekStart::Sunday => date.weekday().to_sunday_zero_offset(),
            };
            date.saturating_sub(jiff::Span::new().days(days_in))
        }
        _ => date,
    }
}

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The last instant, not after `time`, at which the local clock showed a full unit or the offset changed.
fn clock_start(time: Millis, unit_ms: i64, zone: &Zone) -> Millis {
    let offset_ms = i64::from(utc_offset_seconds(time, zone)) * 1000;
    let full = Millis(time.0 - (time.0 + offset_ms).rem_euclid(unit_ms));
    let changed = zone
        .rules()
        .preceding(timestamp(Millis(time.0 + 1)))
        .map(|transition| Millis(transition.timestamp().as_millisecond()))
        .find(|at| changes_offset(*at, zone));
    match changed {
        Some(at) if at > full && at <= time => at,
        _ => full,
    }
}

/// The first instant after `start` at which the local clock shows a full unit or the offset changes.
fn next_clock_start(start: Millis, unit_ms: i64, zone: &Zone) -> Millis {
    let offset_ms = i64::from(utc_offset_seconds(start, zone)) * 1000;
    let full = Millis(start.0 + unit_ms - (start.0 + offset_ms).rem_euclid(unit_ms));
    let changed = zone
        .rules()
        .following(timestamp(start))
        .map(|transition| Millis(transition.timestamp().as_millisecond()))
        .take_while(|at| *at < full)
        .find(|at| changes_offset(*at, zone));
    changed.unwrap_or(full)
}

/// Some transitions of the database only rename the zone or declare daylight saving: those do not move the clock.
fn changes_offset(at: Millis, zone: &Zone) -> bool {
    utc_offset_seconds(at, zone) != utc_offset_seconds(Millis(at.0 - 1), zone)
}

fn utc_offset_seconds(time: Millis, zone: &Zone) -> i32 {
    zone.rules().to_offset(timestamp(time)).seconds()
}

fn timestamp(time: Millis) -> Timestamp {
    Timestamp::from_millisecond(time.0).unwrap_or(if time.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).expect("a zone of the database")
    }

    fn at(text: &str) -> Millis {
        Millis(text.parse::<Timestamp>().expect("a timestamp").as_millisecond())
    }

    fn lengths_minutes(from: &str, to: &str, unit: TimeUnit, zone_name: &str) -> Vec<i64> {
        let interval = Interval { start: at(from), end: at(to) };
        let buckets = buckets(interval, unit, &zone(zone_name), WeekStart::Monday, 10_000).expect("few buckets");
        for pair in buckets.windows(2) {
            assert_eq!(pair[0].interval.end, pair[1].interval.start);
        }
        buckets.iter().map(|bucket| (bucket.interval.end.0 - bucket.interval.start.0) / MINUTE_MS).collect()
    }

    #[test]
    fn berlins_autumn_day_has_25_hour_buckets() {
        let hours = lengths_minutes("2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z", TimeUnit::Hour, "Europe/Berlin");
        assert_eq!(hours, vec![60; 25]);
        let days = lengths_minutes("2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z", TimeUnit::Day, "Europe/Berlin");
        assert_eq!(days, [25 * 60]);
    }

    #[test]
    fn lord_howes_repeated_half_hour_gives_a_bucket_of_60_and_one_of_30_minutes() {
        // On 2024-04-07 at 02:00 (+11:00) the clock went back to 01:30 (+10:30).
        let hours =
            lengths_minutes("2024-04-06T14:00:00Z", "2024-04-06T16:30:00Z", TimeUnit::Hour, "Australia/Lord_Howe");
        assert_eq!(hours, [60, 30, 60]);
    }

    #[test]
    fn kathmandus_hours_begin_at_a_quarter_past_utc() {
        let interval = Interval { start: at("2024-01-01T00:00:00Z"), end: at("2024-01-01T00:20:00Z") };
        let buckets = buckets(interval, TimeUnit::Hour, &zone("Asia/Kathmandu"), WeekStart::Monday, 10).expect("few");
        assert_eq!(buckets[0].interval.start, at("2023-12-31T23:15:00Z"));
        assert_eq!(buckets[0].utc_offset_seconds, 5 * 3600 + 45 * 60);
        assert_eq!(buckets.len(), 2);
    }

    #[test]
    fn apias_missing_day_has_no_bucket() {
        let days = lengths_minutes("2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z", TimeUnit::Day, "Pacific/Apia");
        assert_eq!(days, vec![24 * 60; 3], "29, 31 December and 1 January; the 30th never was");
    }

    #[test]
    fn sao_paulos_day_whose_midnight_is_missing_begins_at_one() {
        // On 2018-11-04 the clock went from 00:00 to 01:00.
        let day = day_of(at("2018-11-04T12:00:00Z"), &zone("America/Sao_Paulo"));
        assert_eq!(day_start(day, &zone("America/Sao_Paulo")), at("2018-11-04T03:00:00Z"));
        assert_eq!(
            day_end(day, &zone("America/Sao_Paulo")).0 - day_start(day, &zone("America/Sao_Paulo")).0,
            23 * HOUR_MS
        );
    }

    #[test]
    fn weeks_begin_on_monday_unless_the_project_says_sunday() {
        let wednesday = Interval { start: at("2024-05-15T12:00:00Z"), end: at("2024-05-15T13:00:00Z") };
        let first = |week_start| {
            buckets(wednesday, TimeUnit::Week, &Zone::utc(), week_start, 2).expect("one")[0].interval.start
        };
        assert_eq!(first(WeekStart::Monday), at("2024-05-13T00:00:00Z"));
        assert_eq!(first(WeekStart::Sunday), at("2024-05-12T00:00:00Z"));
    }

    #[test]
    fn months_have_their_own_lengths_and_too_many_buckets_are_refused() {
        let days = lengths_minutes("2024-02-10T00:00:00Z", "2024-03-10T00:00:00Z", TimeUnit::Month, "UTC");
        assert_eq!(days, [29 * 24 * 60, 31 * 24 * 60]);
        let year = Interval { start: at("2024-01-01T00:00:00Z"), end: at("2025-01-01T00:00:00Z") };
        assert_eq!(
            buckets(year, TimeUnit::Minute, &Zone::utc(), WeekStart::Monday, 10_000),
            Err(TooManyBuckets { limit: 10_000 })
        );
    }
}
