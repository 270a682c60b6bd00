//! The outcome of entries, on its way back to their appenders.

use analytics_domain::{EntryId, ports::EventOutcome};
use prost::Message as _;

use crate::{RecordError, v1};

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryOutcomes {
    /// The entry.
    pub entry: EntryId,
    /// The outcome of each of its events, in order.
    pub outcomes: Vec<EventOutcome>,
}

/// The message that tells one appender of its entries.
pub fn encode_reply<'a>(entries: impl IntoIterator<Item = &'a EntryOutcomes>) -> Vec<u8> {
    let entries = entries.into_iter().map(|entry| v1::LogEntryOutcomes {
        entry_id: entry.entry.0,
        outcomes: entry.outcomes.iter().copied().map(|outcome| code(outcome).into()).collect(),
    });
    v1::LogReply { entries: entries.collect() }.encode_to_vec()
}

/// Reads such a message. Entries with an outcome that this version does not know are left out: for their appender it stays unknown.
///
/// # Errors
/// When the bytes are malformed.
pub fn decode_reply(message: &[u8]) -> Result<Vec<EntryOutcomes>, RecordError> {
    let malformed = |_| RecordError::Malformed { length: message.len() };
    let reply = v1::LogReply::decode(message).map_err(malformed)?;
    let entries = reply.entries.into_iter().filter_map(|entry| {
        let outcomes = entry.outcomes.iter().map(|&code| outcome(code)).collect::<Option<_>>()?;
        Some(EntryOutcomes { entry: EntryId(entry.entry_id), outcomes })
    });
    Ok(entries.collect())
}

fn code(outcome: EventOutcome) -> v1::LogEventOutcome {
    match outcome {
        EventOutcome::Stored => v1::LogEventOutcome::Stored,
        EventOutcome::Duplicate => v1::LogEventOutcome::Duplicate,
        EventOutcome::Quarantined => v1::LogEventOutcome::Quarantined,
    }
}

fn outcome(code: i32) -> Option<EventOutcome> {
    match v1::LogEventOutcome::try_from(code).ok()? {
        v1::LogEventOutcome::Unspecified => None,
        v1::LogEventOutcome::Stored => Some(EventOutcome::Stored),
        v1::LogEventOutcome::Duplicate => Some(EventOutcome::Duplicate),
        v1::LogEventOutcome::Quarantined => Some(EventOutcome::Quarantined),
    }
}
