//! The generator: a population of visitors for breadth, and stories that hit each rule on its edge, every day.

mod hit;
mod people;
mod population;
mod spoil;
mod stories;

use jiff::{civil::Date, tz::TimeZone};

use crate::{days, prng::Prng};
use hit::Hit;

/// What log to generate.
#[derive(Debug, Clone)]
pub struct GenSpec {
    /// The project's zone. The stories happen at its midnights.
    pub zone: TimeZone,
    /// The first day, in the zone.
    pub start: Date,
    /// On how many days visits begin. (Some go on for a day longer.)
    pub days: u32,
    /// Visitors and bots besides those of the stories; about 50 lines each.
    pub visitors: u32,
    /// The offset in which the log writes its times.
    pub clock: LogClock,
    /// The format of the lines.
    pub format: LogFormat,
    /// Lines about which importers may differ.
    pub odd_lines: OddLines,
}

/// The offset in which the log writes its times.
#[derive(Debug, Clone)]
pub enum LogClock {
    /// The same one for all lines, in minutes east of Greenwich.
    FixedMinutes(i32),
    /// That of a zone: it changes in the middle of the log where the zone's clocks do.
    Zone(TimeZone),
}

/// The format of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// With referrer and agent.
    Combined,
    /// Without: so without a bot to be seen, and a visitor is a network.
    Common,
    /// Mostly combined lines, some common ones between them.
    Mixed,
}

/// Lines about which importers may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddLines {
    /// None of them.
    LeaveOut,
    /// Clients that are host names (events without a visitor), requests of `-` and of bytes that are no HTTP
    /// (unparsable), a request without protocol, and one whose path is empty (page `/`).
    Write,
}

impl GenSpec {
    /// Six days, 300 visitors, combined format, times in UTC, no odd lines.
    #[must_use]
    pub fn of(zone: TimeZone, start: Date) -> Self {
        Self {
            zone,
            start,
            days: 6,
            visitors: 300,
            clock: LogClock::FixedMinutes(0),
            format: LogFormat::Combined,
            odd_lines: OddLines::LeaveOut,
        }
    }
}

/// Lines lie at most this far from where their time would put them.
const SHUFFLE_S: i64 = 60;
/// One line in so many is followed by one that nobody can read.
const SPOILT_ONE_IN: u64 = 150;

/// Writes the log: the same bytes for the same seed and specification, for ever.
#[must_use]
pub fn generate(seed: u64, spec: &GenSpec) -> Vec<u8> {
    let mut random = Prng::new(seed);
    let day_starts_s = day_starts(spec);

    let mut hits: Vec<Hit> = Vec::new();
    for (number, start_s) in day_starts_s.iter().enumerate() {
        stories::tell(&mut hits, number, *start_s);
        if spec.odd_lines == OddLines::Write {
            stories::tell_odd(&mut hits, number, *start_s);
        }
    }
    stories::tell_restless(&mut hits, day_starts_s[0], spec.days);
    population::visit(&mut hits, &mut random, spec.visitors, &day_starts_s);

    let mut lines = Vec::new();
    for hit in &hits {
        let format = match spec.format {
            LogFormat::Mixed if random.percent(15) => LogFormat::Common,
            LogFormat::Mixed => LogFormat::Combined,
            other => other,
        };
        let place_s = hit.time_s + random.between(0, SHUFFLE_S);
        let line = hit.render(&spec.clock, format);
        if random.below(SPOILT_ONE_IN) == 0 {
            lines.push((place_s, spoil::spoil(&line, &mut random)));
        }
        lines.push((place_s, line.into_bytes()));
    }
    lines.sort_by_key(|(place_s, _)| *place_s);

    let mut log = Vec::new();
    for (_, line) in lines {
        log.extend(line);
        log.push(b'\n');
    }
    log
}

fn day_starts(spec: &GenSpec) -> Vec<i64> {
    let noon_s =
        jiff::tz::Offset::UTC.to_timestamp(spec.start.at(12, 0, 0, 0)).expect("a date of this era").as_second();
    let around = days::days_between(&spec.zone, noon_s - 2 * 86_400, noon_s + (i64::from(spec.days) + 3) * 86_400);
    let chosen = around.iter().filter(|day| day.date >= spec.start).take(spec.days.max(1) as usize);
    chosen.map(|day| day.start_s).collect()
}
