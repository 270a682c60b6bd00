//! Questions: what can be asked of the engine.

use crate::{Dimension, Filter, Interval, MetricKind, Millis, Project, Zone};

/// What every question has in common: whose events, of when, seen from when.
#[derive(Debug, Clone)]
pub struct QueryScope {
    /// The project, taken from the caller's key: there is no question without one.
    pub project: Project,
    /// The range that the answer covers.
    pub interval: Interval,
    /// The zone of buckets.
    pub zone: Zone,
    /// The answer is computed as if nothing after this instant had happened.
    pub as_of: Millis,
    /// Only events that pass; a session passes when at least one of its events does.
    pub filter: Option<Filter>,
}

/// Metrics over the whole range.
#[derive(Debug, Clone)]
pub struct TotalsSpec {
    /// What to compute.
    pub metrics: Vec<MetricKind>,
}

/// Metrics for each bucket of the range.
#[derive(Debug, Clone)]
pub struct TrendSpec {
    /// What to compute.
    pub metrics: Vec<MetricKind>,
    /// The length of a bucket.
    pub unit: TimeUnit,
}

/// Metrics for each combination of dimension values.
#[derive(Debug, Clone)]
pub struct BreakdownSpec {
    /// What to compute; rows are ordered by the first, descending (absent last), then by their values ascending.
    pub metrics: Vec<MetricKind>,
    /// One to three dimensions.
    pub dimensions: Vec<Dimension>,
    /// At most so many rows; the rest becomes the others.
    pub limit: usize,
}

/// The length of a bucket; its edges are those of the zone's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Each full minute of the local clock.
    Minute,
    /// Each full hour of the local clock.
    Hour,
    /// Calendar days.
    Day,
    /// Weeks from the project's first day of the week.
    Week,
    /// Calendar months.
    Month,
}
