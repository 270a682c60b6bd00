//! What happened to events lately, for whoever asks where one went.

use async_trait::async_trait;

use crate::{EntryId, EventId, FilterRule, Millis, ProjectId};

/// Something that happened to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TraceStep {
    /// It went into the log.
    Accepted,
    /// A rule did not count it.
    Filtered(FilterRule),
    /// It was refused for good.
    Rejected {
        /// The number of the contract's reason.
        reason: i32,
        /// The path of the offending field.
        field: String,
    },
    /// It was stored.
    Stored,
    /// It had been stored before.
    Duplicate,
    /// The store refuses it; it is in quarantine.
    Quarantined,
}

/// What happened to the events of one batch at one time. Holds nothing of the events but their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRecord {
    /// The project.
    pub project: ProjectId,
    /// When.
    pub time: Millis,
    /// The log entry that carries them; none when none went into the log.
    pub entry: Option<EntryId>,
    /// What happened to each.
    pub steps: Vec<(EventId, TraceStep)>,
}

/// One step of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedStep {
    /// When.
    pub time: Millis,
    /// The log entry that carries it.
    pub entry: Option<EntryId>,
    /// What happened.
    pub step: TraceStep,
}

/// Why the trace could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// It cannot be reached now.
    #[error("the trace of events is not available: {0}")]
    Unavailable(String),
}

/// Remembers for 24 hours what happened to events, within a bound per project: the oldest go first.
#[async_trait]
pub trait TraceLog: Send + Sync {
    /// Remembers a record, soon. Never waits and never fails: what there is no room for is dropped and counted in a metric.
    fn record(&self, record: TraceRecord);
    /// What is remembered of an event, by time.
    async fn steps_of(&self, project: ProjectId, event_id: EventId) -> Result<Vec<TracedStep>, TraceError>;
}
