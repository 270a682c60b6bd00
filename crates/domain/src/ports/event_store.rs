//! The truth: every event, once.

use async_trait::async_trait;

use super::LogEntry;
use crate::{Day, Event, EventId, Generation, Interval, Micros, Millis, ProjectId, Version};
use std::ops::Range;

/// Why the store could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The environment fails (disk full, unreachable, read-only): the same call may succeed later and nothing was changed.
    #[error("the event store is not available: {0}")]
    Unavailable(String),
    /// The store refuses an event for what it is, and always will: nothing was changed, and without that event the call may succeed.
    #[error("the event store refuses an event: {0}")]
    Refused(String),
    /// The store holds something that this version cannot read.
    #[error("the event store holds something unreadable: {0}")]
    Corrupt(String),
}

/// What became of one event of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOutcome {
    /// Stored, now or by an earlier delivery of the same log entry.
    Stored,
    /// An event of the same identity was stored before, by another entry or earlier in the same one.
    Duplicate,
    /// The store refuses it for what it is; it is kept in quarantine. No commit tells this: whoever put it there does.
    Quarantined,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Commit {
    /// For each entry, the outcome of each of its events, in order.
    pub outcomes: Vec<Vec<EventOutcome>>,
    /// The days that got events, ascending, with the version that they now have.
    pub days: Vec<(Day, Version)>,
}

/// The state of one (project, day).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayState {
    /// The visitor day.
    pub day: Day,
    /// Raised by each commit that adds events.
    pub version: Version,
    /// Raised by each change of the past.
    pub generation: Generation,
    /// The smallest `time` among its events.
    pub min_time: Millis,
    /// The largest `time` among its events.
    pub max_time: Millis,
    /// How many events it has.
    pub event_count: i64,
}

/// Where an event stands in its day: its commit, and its place within that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventPosition {
    /// The version of the commit that stored it.
    pub version: Version,
    /// Its place among the events of its day in that commit.
    pub ordinal: i32,
}

impl EventPosition {
    /// Just before the first event after `version`.
    pub fn after_version(version: Version) -> Self {
        Self { version, ordinal: i32::MAX }
    }
}

/// An event and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Where it stands.
    pub position: EventPosition,
    /// The event.
    pub event: Event,
}

/// Keeps every event once.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Stores the events of entries of one project in one transaction, each identity once, and raises the version of each day that
    /// gets any. Of copies the one stored first stays. When it fails nothing was changed.
    async fn commit(&self, project: ProjectId, entries: &[LogEntry]) -> Result<Commit, StoreError>;
    /// The days of which some event's time may lie in the range, ascending.
    async fn days(&self, project: ProjectId, interval: Interval) -> Result<Vec<DayState>, StoreError>;
    /// The state of one day; none without events.
    async fn day(&self, project: ProjectId, day: Day) -> Result<Option<DayState>, StoreError>;
    /// At most `limit` events of a day after a position and up to a version, by position. Together the pages miss nothing.
    async fn read_day(
        &self,
        project: ProjectId,
        day: Day,
        after: EventPosition,
        up_to: Version,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError>;
    /// The events of this id that claim to have happened in the range, at most 100.
    async fn events_of_id(
        &self,
        project: ProjectId,
        event_id: EventId,
        occurred_at: Range<Micros>,
    ) -> Result<Vec<StoredEvent>, StoreError>;
    /// Raises the generation of a day: whatever was derived from it is void.
    async fn raise_generation(&self, project: ProjectId, day: Day) -> Result<(), StoreError>;
}
