//! What is kept of something in quarantine: the same in both databases.

use analytics_domain::{
    EventId, ProjectId,
    ports::{Commit, EventOutcome, LogEntry, NewQuarantined, QuarantinedContent, Replay, StoreError},
};

/// Something in quarantine, as it is written.
pub(crate) struct QuarantineRow {
    pub(crate) project: Option<ProjectId>,
    pub(crate) event_id: Option<EventId>,
    pub(crate) reason: String,
    pub(crate) record: Vec<u8>,
    pub(crate) record_hash: [u8; 32],
}

impl QuarantineRow {
    pub(crate) fn of(item: &NewQuarantined) -> Self {
        let (project, event_id, record) = match &item.content {
            QuarantinedContent::Event { project, entry, event } => {
                let alone = LogEntry { id: *entry, project: *project, events: vec![event.clone()] };
                // Nobody waits for an event in quarantine.
                (Some(*project), Some(event.event_id), analytics_records::encode(alone, ""))
            }
            QuarantinedContent::Unreadable(record) => (None, None, record.clone()),
        };
        // A text of PostgreSQL cannot hold the character that may be the very reason.
        let reason = item.reason.replace('\0', "\u{fffd}");
        let record_hash = blake3::hash(&record).into();
        Self { project, event_id, reason, record, record_hash }
    }
}

/// The entry to store again; or that it still cannot be read.
pub(crate) fn entry_of(record: &[u8]) -> Result<LogEntry, Replay> {
    analytics_records::decode(record).map(|decoded| decoded.entry).map_err(|error| Replay::Refused(error.to_string()))
}

/// What the commit of that entry means for it.
///
/// # Errors
/// What the environment did: nothing is known then.
pub(crate) fn replay_of(committed: Result<Commit, StoreError>) -> Result<Replay, StoreError> {
    match committed {
        Ok(commit) => {
            let mut outcomes = commit.outcomes.into_iter().flatten();
            let is_any_stored = outcomes.any(|outcome| outcome == EventOutcome::Stored);
            Ok(Replay::Done(if is_any_stored { EventOutcome::Stored } else { EventOutcome::Duplicate }))
        }
        Err(StoreError::Refused(reason)) => Ok(Replay::Refused(reason)),
        Err(error) => Err(error),
    }
}
