//! The demo day by day, in order of time.

use analytics_proto::v1;
use jiff::{SignedDuration, civil::Date, tz::TimeZone};

use super::{
    DemoOptions, journeys,
    people::{Person, USERS_OF_A_WEEK},
    random::Random,
    traffic,
    visit::{Timed, Visit},
};

/// What streams of random numbers are for; see `people`.
const SESSION: u64 = 4;
const BOT_SHARE: f64 = 0.045;
const USER_SHARE: f64 = 0.2;
/// Somebody without an account who was here before on the same day.
const RETURNING_SHARE: f64 = 0.14;
/// How many weeks after they signed up users come, in shares: many leave, some stay.
const WEEKS_SINCE_SIGN_UP: &[(u32, i64)] =
    &[(30, 0), (16, 1), (11, 2), (9, 3), (7, 4), (6, 5), (5, 6), (4, 7), (4, 8), (3, 9), (3, 10), (2, 11)];

/// The average of a session, for the progress.
const EVENTS_A_SESSION: f64 = 3.8;

/// About how many events there will be.
pub(super) fn expected_events(options: &DemoOptions) -> u64 {
    let last = last_date(options);
    let sessions: u64 = (0..options.days)
        .map(|days_ago| {
            let date = days_before(last, days_ago);
            traffic::sessions_on(options.seed, date, day_number(date), days_ago, options.scale)
        })
        .sum();
    (sessions as f64 * EVENTS_A_SESSION) as u64
}

/// Gives all events up to `now` in order of time, holding those of one day and of the sessions that go on past its end.
pub(super) fn for_each_event<E>(
    options: &DemoOptions,
    mut take: impl FnMut(v1::Event) -> Result<(), E>,
) -> Result<(), E> {
    let last = last_date(options);
    let now_ms = options.now.as_millisecond();
    let mut events: Vec<Timed> = Vec::new();
    for days_ago in (0..options.days).rev() {
        let date = days_before(last, days_ago);
        let sessions = traffic::sessions_on(options.seed, date, day_number(date), days_ago, options.scale);
        events.extend((0..sessions).flat_map(|number| session(options, date, number)));
        events.sort_by_key(|timed| timed.time_ms);
        // No session of the next day begins before it.
        let end_ms = instant_ms(date.tomorrow().unwrap_or(date), &options.time_zone).min(now_ms);
        let later = events.split_off(events.partition_point(|timed| timed.time_ms < end_ms));
        for timed in std::mem::replace(&mut events, later) {
            take(timed.event)?;
        }
    }
    Ok(())
}

/// The events of one session: a pure function of the seed, the day and the session's number.
fn session(options: &DemoOptions, date: Date, number: u64) -> Vec<Timed> {
    let seed = options.seed;
    let day = day_number(date);
    let mut random = Random::of(&[seed, SESSION, day as u64, number]);
    let start = traffic::start_of_session(&mut random, date);
    let start_ms = options.time_zone.to_timestamp(date.to_datetime(start)).map_or(0, |start| start.as_millisecond());
    if random.chance(BOT_SHARE) {
        let person = Person::bot(&mut random);
        let mut visit = Visit::new(random, person, start_ms, "");
        journeys::crawl(&mut visit);
        return visit.into_events();
    }
    let source = traffic::source(&mut random, day);
    let person = if random.chance(USER_SHARE) {
        let week = day.div_euclid(7) - random.by_share(WEEKS_SINCE_SIGN_UP);
        let user = random.below((USERS_OF_A_WEEK * options.scale).max(1.0) as u64);
        Person::user(seed, week, user, &mut random)
    } else {
        let returns = number > 0 && random.chance(RETURNING_SHARE);
        let person = if returns { random.below(number) } else { number };
        Person::anonymous(seed, day, person)
    };
    let mut visit = Visit::new(random, person, start_ms, source.referrer);
    journeys::travel(&mut visit, &source);
    visit.into_events()
}

pub(super) fn last_date(options: &DemoOptions) -> Date {
    options.time_zone.to_datetime(options.now).date()
}

fn days_before(date: Date, days: u32) -> Date {
    date.saturating_sub(SignedDuration::from_hours(24 * i64::from(days)))
}

/// Days since 1970, by which everything is drawn: whatever the demo's last day is, a day looks the same.
fn day_number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours().div_euclid(24)
}

fn instant_ms(date: Date, zone: &TimeZone) -> i64 {
    zone.to_timestamp(date.at(0, 0, 0, 0)).map_or(i64::MAX, |instant| instant.as_millisecond())
}

#[cfg(test)]
#[path = "days_test.rs"]
mod tests;
