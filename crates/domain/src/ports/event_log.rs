//! The durable buffer between collectors and processors.

use async_trait::async_trait;

use super::EventOutcome;
use crate::{DurationMs, EntryId, Event, Millis, ProjectId};

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
    /// Who waits for its outcome.
    pub awaited: Awaited,
}

/// Who waits for the outcome of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Its appender does, or did when it was appended.
    ByAppender,
    /// Nobody does: it is durable, and that was enough.
    ByNobody,
}

/// A record of the log that cannot be read. It is delivered again until it is acknowledged as committed, with no outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableDelivery {
    /// Names the delivery to [`LogConsumer::acknowledge`].
    pub token: u64,
    /// How often the record was delivered before.
    pub redeliveries: u32,
    /// The record, byte for byte.
    pub record: Vec<u8>,
    /// Why it cannot be read; quotes nothing of it.
    pub reason: String,
    /// What could be done about it.
    pub cause: UnreadableCause,
    /// When it was appended, by the clock of the log.
    pub append_time: Millis,
}

/// Why a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadableCause {
    /// It is damaged, or none of ours: no version reads it.
    Damaged,
    /// A newer version wrote it, and reads it.
    NewerVersion,
}

/// What a processor made of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Each of its events is in the store, or in quarantine.
    Committed(Vec<EventOutcome>),
    /// It could not be stored now. The log keeps it, or tells the appender to try again if it cannot.
    Failed {
        /// Why.
        reason: String,
        /// How long the appender should wait.
        retry_after: DurationMs,
    },
    /// The store refuses something in it. It alone waits to be delivered again, while others of its project go on; or its appender is
    /// told to try again.
    Refused {
        /// Why.
        reason: String,
        /// How long it should wait.
        retry_after: DurationMs,
    },
}

/// Who brings an entry again that was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redelivery {
    /// The log does.
    ByLog,
    /// Its appender does, if it wants: the log forgets an entry that was answered.
    ByAppender,
}

/// Hands entries to one processor.
#[async_trait]
pub trait LogConsumer: Send {
    /// Who brings again what could not be stored.
    fn redelivery(&self) -> Redelivery;
    /// Waits for entries, then returns those at hand, up to so many events (at least one entry). None when the log has ended. While
    /// deliveries are out that were not answered it may return without any after a moment, so that their answers need not wait for
    /// the next entry; so it does at once while [`Self::unreadable`] has some.
    async fn next(&mut self, max_events: usize) -> Result<Option<Vec<Delivery>>, LogError>;
    /// Those entries that can be had without waiting for anybody to append some; none when there are none or that is not known. For a
    /// processor that has others in hand.
    async fn at_hand(&mut self, _max_events: usize) -> Result<Vec<Delivery>, LogError> {
        Ok(Vec::new())
    }
    /// Those that came meanwhile, read without waiting for anybody to append some: for a processor that let a moment pass for them.
    async fn arrived(&mut self, max_events: usize) -> Result<Vec<Delivery>, LogError> {
        self.at_hand(max_events).await
    }
    /// Takes the records that cannot be read and whose time has come.
    fn unreadable(&mut self) -> Vec<UnreadableDelivery> {
        Vec::new()
    }
    /// Says what became of a delivery.
    async fn acknowledge(&mut self, token: u64, outcome: DeliveryOutcome) -> Result<(), LogError>;
}
