//! The durable buffer between collectors and processors.

use async_trait::async_trait;

use super::EventOutcome;
use crate::{DurationMs, EntryId, Event, ProjectId};

/// One batch of events of one project, as it goes through the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Its id; stored rows carry it.
    pub id: EntryId,
    /// The project.
    pub project: ProjectId,
    /// Its events; not empty.
    pub events: Vec<Event>,
}

/// What the appender wants to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckLevel {
    /// The entry cannot be lost any more.
    Durable,
    /// Its events are in the store; when that takes longer than this, durable will do.
    Committed {
        /// How long to wait for it.
        within: DurationMs,
    },
}

/// What an append achieved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// The entry is durable; its outcome is not known yet, or its wait ended before it was.
    Durable,
    /// The entry is in the store, with the outcome of each event.
    Committed(Vec<EventOutcome>),
}

/// Why the log could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The log takes nothing now. Whether the entry got in is unknown; appending its events again is safe.
    #[error("the event log is not available: {reason}; retry in {} ms", retry_after.0)]
    Unavailable {
        /// Why.
        reason: String,
        /// How long to wait before trying again.
        retry_after: DurationMs,
    },
}

/// Takes entries from collectors.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Appends an entry and returns once it is durable, or once its outcome is known if that was asked for. The embedded log
    /// commits before it returns and always tells the outcome.
    async fn append(&self, entry: LogEntry, ack: AckLevel) -> Result<Receipt, LogError>;
}

/// An entry handed to a processor; it is delivered again until it is acknowledged.
#[derive(Debug)]
pub struct Delivery {
    /// Names the delivery to [`LogConsumer::acknowledge`].
    pub token: u64,
    /// How often the entry was delivered before.
    pub redeliveries: u32,
    /// The entry.
    pub entry: LogEntry,
}

/// What a processor made of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It is in the store.
    Committed(Vec<EventOutcome>),
    /// It could not be stored now. The log keeps it, or tells the appender to try again if it cannot.
    Failed {
        /// Why.
        reason: String,
        /// How long the appender should wait.
        retry_after: DurationMs,
    },
}

/// Hands entries to one processor.
#[async_trait]
pub trait LogConsumer: Send {
    /// Waits for entries, then returns those at hand, up to so many events (at least one entry). None when the log has ended.
    async fn next(&mut self, max_events: usize) -> Result<Option<Vec<Delivery>>, LogError>;
    /// Those entries that can be had without waiting for anybody to append some; none when there are none or that is not known. For a
    /// processor that has others in hand.
    async fn at_hand(&mut self, _max_events: usize) -> Result<Vec<Delivery>, LogError> {
        Ok(Vec::new())
    }
    /// Says what became of a delivery.
    async fn acknowledge(&mut self, token: u64, outcome: DeliveryOutcome) -> Result<(), LogError>;
}
