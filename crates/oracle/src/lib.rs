//! The oracle of the access-log acceptance test: what METRICS.md and the import rule say, written a second time.
//!
//! [`generate`] writes a seeded access log full of traps; [`count`] reads a log and counts it with plain loops. The
//! product imports the same bytes, answers the same questions, and has to give the same numbers. So this crate
//! depends on no other crate of the workspace, and nothing but tests may depend on it. It is slow and holds
//! everything in memory, on purpose: it is written to be checked by reading.
//!
//! Where the rules leave two readings, the one taken here is told where it is taken: [`LineCounts`] (order of the
//! reasons), [`Scope`] (who counts in "others"), `line.rs` (what is a line at all).

mod bots;
mod classify;
mod count;
mod days;
mod generate;
mod line;
mod measure;
mod pages;
mod prng;
mod sessions;

pub use bots::{is_well_known_bot, patterns};
pub use classify::{LineCounts, Skipped};
pub use count::{Bots, Count, DayCount, Rules, count};
pub use generate::{GenSpec, LogClock, LogFormat, OddLines, generate};
pub use measure::Measures;
pub use pages::{Others, PageCount, PageMetric, Scope, TopPages};

/// The time zone of an IANA name, from the copy of the database that is compiled in.
///
/// # Errors
/// When no such zone is known.
pub fn zone(name: &str) -> Result<jiff::tz::TimeZone, jiff::Error> {
    jiff::tz::TimeZone::get(name)
}
