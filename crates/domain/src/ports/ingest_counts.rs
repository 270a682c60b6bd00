//! How many events were taken, filtered and rejected. Events that are not counted leave no other trace.

use std::ops::RangeInclusive;

use async_trait::async_trait;

use super::StoreError;
use crate::{Day, FilterRule, ProjectId};

/// What a collector decided about an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IngestDecision {
    /// It went into the log.
    Accepted,
    /// A rule did not count it.
    Filtered(FilterRule),
    /// It was refused for good; the name of the contract's reason without its prefix, such as `TOO_LATE`.
    Rejected(String),
}

/// How many events of a day met the same decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestCount {
    /// The project.
    pub project: ProjectId,
    /// The day on which they arrived, in the project's zone.
    pub day: Day,
    /// What was decided.
    pub decision: IngestDecision,
    /// How many.
    pub count: u64,
}

/// Adds up what collectors decided.
#[async_trait]
pub trait IngestCounts: Send + Sync {
    /// Adds these to what is there. All or none.
    async fn add_ingest_counts(&self, counts: &[IngestCount]) -> Result<(), StoreError>;
    /// The counts of these days, by day and decision.
    async fn ingest_counts(
        &self,
        project: ProjectId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<IngestCount>, StoreError>;
}
