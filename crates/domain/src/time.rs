//! Instants, days and versions as plain numbers, and the zone that ties days to instants.

use std::fmt;

use jiff::{civil, tz::TimeZone};

/// An instant in microseconds since 1970-01-01T00:00:00Z: the precision of an event's own claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Micros(pub i64);

/// An instant in milliseconds since 1970-01-01T00:00:00Z: the precision of every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Millis(pub i64);

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DurationMs(pub i64);

impl Micros {
    /// Truncates towards the past.
    pub fn to_millis(self) -> Millis {
        Millis(self.0.div_euclid(1000))
    }
}

impl Millis {
    /// The same instant in microseconds, saturating far outside of every calendar.
    pub fn to_micros(self) -> Micros {
        Micros(self.0.saturating_mul(1000))
    }

    /// The instant so much later.
    pub fn plus(self, duration: DurationMs) -> Self {
        Self(self.0.saturating_add(duration.0))
    }

    /// How much later this is than `earlier`; negative when it is not.
    pub fn since(self, earlier: Self) -> DurationMs {
        DurationMs(self.0.saturating_sub(earlier.0))
    }
}

/// A half-open range of instants, `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first instant.
    pub start: Millis,
    /// The instant after the last.
    pub end: Millis,
}

impl Interval {
    /// Whether the instant lies in the range.
    pub fn contains(&self, time: Millis) -> bool {
        self.start <= time && time < self.end
    }
}

/// A calendar day without a zone, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// The day so many days later.
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day of a civil date.
    pub fn from_date(date: civil::Date) -> Self {
        let epoch = civil::Date::constant(1970, 1, 1);
        Self(date.duration_since(epoch).as_hours().div_euclid(24) as i32)
    }

    /// The civil date, clamped to the years -9999 to 9999.
    pub fn date(self) -> civil::Date {
        let epoch = civil::Date::constant(1970, 1, 1);
        epoch.saturating_add(jiff::SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// The state of one (project, day): raised by each commit that adds events to it. Commit-ordered per day only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub i64);

/// Raised by whatever changes a day's past without adding to it. What was derived under another generation is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation(pub i64);

/// The name is not in the IANA time zone database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone of the IANA database: use a name such as `Europe/Berlin` or `UTC`")]
pub struct UnknownTimeZone(pub String);

/// A time zone of the IANA database that comes with the program, so that every machine has the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Looks a zone up by its IANA name.
    ///
    /// # Errors
    /// When the database has no such zone.
    pub fn named(name: &str) -> Result<Self, UnknownTimeZone> {
        let rules = TimeZone::get(name).map_err(|_| UnknownTimeZone(name.to_owned()))?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Ok(Self { name, rules })
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules of the zone.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}
