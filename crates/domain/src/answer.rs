//! Answers: what the engine returns.

use crate::{Day, Generation, Interval, MetricValue, Millis, PropertyValue, Version, Zone, calendar::Bucket};

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerInfo {
    /// The version of the definitions.
    pub definition_version: u32,
    /// The zone of buckets.
    pub zone: Zone,
    /// The range.
    pub interval: Interval,
    /// The instant for which it was computed.
    pub as_of: Millis,
    /// The visitor days that were read, ascending, each at one version.
    pub watermark: Vec<DayVersion>,
    /// On which identities its events rest.
    pub identity_coverage: IdentityCoverage,
    /// What to keep in mind.
    pub notes: Vec<AnswerNote>,
}

/// The state in which one visitor day was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayVersion {
    /// The visitor day.
    pub day: Day,
    /// Its version.
    pub version: Version,
    /// Its generation.
    pub generation: Generation,
}

/// Counts the events (in the range, passing the filter) by the best identity they carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdentityCoverage {
    /// With a user.
    pub with_user: i64,
    /// With a visitor only.
    pub with_visitor_only: i64,
    /// With neither.
    pub with_neither: i64,
}

/// Something to keep in mind when reading an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerNote {
    /// The visitors counted are of more than one visitor day.
    DailyVisitorsSummed,
}

/// Totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// What the answer rests on.
    pub info: AnswerInfo,
    /// One value for each metric asked for.
    pub values: Vec<MetricValue>,
}

/// A trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// What the answer rests on.
    pub info: AnswerInfo,
    /// Every bucket that the range touches, ascending.
    pub points: Vec<TrendPoint>,
}

/// The values of one bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The bucket.
    pub bucket: Bucket,
    /// The range covers only a part of it.
    pub clipped: bool,
    /// It contains `as_of`.
    pub partial: bool,
    /// One value for each metric asked for.
    pub values: Vec<MetricValue>,
}

/// A breakdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// What the answer rests on.
    pub info: AnswerInfo,
    /// The rows, ordered.
    pub rows: Vec<BreakdownRow>,
    /// The union of everything that has no row; none when everything has one.
    pub others: Option<BreakdownOthers>,
}

/// The values of one combination.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownRow {
    /// One value for each dimension asked for; none when absent.
    pub dimensions: Vec<Option<PropertyValue>>,
    /// One value for each metric asked for.
    pub values: Vec<MetricValue>,
}

/// Everything that has no row, computed anew over its union: what the limit cut off, and combinations whose first metric counts 0.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownOthers {
    /// How many combinations have no row.
    pub row_count: i64,
    /// One value for each metric asked for.
    pub values: Vec<MetricValue>,
}
