//! What was acknowledged and the store refuses for what it is.

use async_trait::async_trait;

use super::{EventOutcome, StoreError};
use crate::{EntryId, Event, EventId, Micros, ProjectId, QuarantineId};

/// What is put into quarantine.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there are few of them")]
pub enum QuarantinedContent {
    /// One event of an entry.
    Event {
        /// The project.
        project: ProjectId,
        /// The entry that carried it.
        entry: EntryId,
        /// The event.
        event: Event,
    },
    /// The record of an entry that cannot be read, byte for byte.
    Unreadable(Vec<u8>),
}

/// Something to put into quarantine.
#[derive(Debug, Clone, PartialEq)]
pub struct NewQuarantined {
    /// What.
    pub content: QuarantinedContent,
    /// Why it could not be stored.
    pub reason: String,
    /// The current instant.
    pub create_time: Micros,
}

/// Something in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number.
    pub id: QuarantineId,
    /// Its project; none for a record that cannot be read.
    pub project: Option<ProjectId>,
    /// The event's id; none for a record that cannot be read.
    pub event_id: Option<EventId>,
    /// Why it could not be stored.
    pub reason: String,
    /// When it was put here.
    pub create_time: Micros,
    /// The record of its log entry, which holds this event only unless it cannot be read.
    pub record: Vec<u8>,
}

/// What became of an attempt to store something from quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// It is in the store, now or since before, and left the quarantine.
    Done(EventOutcome),
    /// It still cannot be stored, for this reason, and stays.
    Refused(String),
    /// There is no such thing in quarantine.
    NotFound,
}

/// Keeps what the store refuses until somebody decides.
#[async_trait]
pub trait Quarantine: Send + Sync {
    /// Keeps these. The same record is kept once, however often it is put here: a processor that dies repeats itself.
    async fn quarantine(&self, items: &[NewQuarantined]) -> Result<(), StoreError>;
    /// At most `limit` of one project or of all, by number, those after `after`.
    async fn list_quarantined(
        &self,
        project: Option<ProjectId>,
        after: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<Quarantined>, StoreError>;
    /// The one of this number.
    async fn quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>, StoreError>;
    /// Tries to store one again.
    async fn replay(&self, id: QuarantineId) -> Result<Replay, StoreError>;
    /// Throws these away and tells how many there were.
    async fn delete_quarantined(&self, ids: &[QuarantineId]) -> Result<u64, StoreError>;
}
