//! The days of a zone, found by looking at the local clock minute by minute: a library that knows the answer would be
//! the one the product uses.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: Date,
    /// Seconds since 1970: the first moment at which the local calendar shows this date or a later one. So it is
    /// the first valid instant where midnight is in a gap, and the earlier one where it comes twice.
    pub(crate) start_s: i64,
    /// The next day's start.
    pub(crate) end_s: i64,
}

/// All days that touch the closed interval `[first_s, last_s]`, ascending. A date that the zone left out is not there.
pub(crate) fn days_between(zone: &TimeZone, first_s: i64, last_s: i64) -> Vec<Day> {
    let mut days = Vec::new();
    let mut date = local_date(zone, first_s).yesterday().expect("far from the calendar's end");
    loop {
        let next = date.tomorrow().expect("far from the calendar's end");
        let day = Day { date, start_s: start_of(zone, date), end_s: start_of(zone, next) };
        if day.start_s > last_s {
            return days;
        }
        if day.end_s > first_s && day.start_s < day.end_s {
            days.push(day);
        }
        date = next;
    }
}

/// The day among `days` that holds the instant.
pub(crate) fn day_of(days: &[Day], time_s: i64) -> Date {
    for day in days {
        if day.start_s <= time_s && time_s < day.end_s {
            return day.date;
        }
    }
    unreachable!("the days were made to cover every event")
}

/// Offsets lie between −16 and +16 hours, and since 1900 clocks change on full minutes only.
fn start_of(zone: &TimeZone, date: Date) -> i64 {
    let utc_midnight_s =
        jiff::tz::Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).expect("a date of this era").as_second();
    let mut candidate_s = utc_midnight_s - 20 * HOUR_S;
    while local_date(zone, candidate_s) < date {
        candidate_s += MINUTE_S;
    }
    candidate_s
}

fn local_date(zone: &TimeZone, time_s: i64) -> Date {
    let time = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(time_s);
    zone.to_datetime(time).date()
}
