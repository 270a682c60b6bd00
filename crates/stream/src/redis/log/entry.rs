//! Entries as they stand in a stream.

use std::{fmt, str::FromStr};

use analytics_domain::Millis;
use redis::Value;

/// The place of an entry in its stream: later entries have larger ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct StreamId {
    millis: u64,
    sequence: u64,
}

impl StreamId {
    /// When the entry was appended, by the server's clock.
    pub(super) fn append_time(self) -> Millis {
        Millis(i64::try_from(self.millis).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.millis, self.sequence)
    }
}

/// The text is no id of a stream.
#[derive(Debug)]
pub(super) struct NoStreamId;

impl FromStr for StreamId {
    type Err = NoStreamId;

    fn from_str(text: &str) -> Result<Self, NoStreamId> {
        let (millis, sequence) = text.split_once('-').ok_or(NoStreamId)?;
        let number = |text: &str| text.parse().map_err(|_| NoStreamId);
        Ok(Self { millis: number(millis)?, sequence: number(sequence)? })
    }
}

/// An entry that was read and is not decoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredEntry {
    pub(super) id: StreamId,
    /// The record; empty when the entry has none.
    pub(super) record: Vec<u8>,
    /// How many events its appender counted.
    pub(super) events: u64,
    /// How often it was handed to a processor before.
    pub(super) deliveries: u32,
}

/// What `XAUTOCLAIM` answers.
#[derive(Debug)]
pub(super) struct Claimed {
    /// Where to go on; `0-0` when everything was looked at.
    pub(super) cursor: String,
    pub(super) entries: Vec<StoredEntry>,
}

/// Reads the answer of `XREADGROUP` for one stream. Nothing at all is no entries.
pub(super) fn of_read(answer: Value) -> Vec<StoredEntry> {
    let Value::Array(streams) = answer else { return Vec::new() };
    let first = streams.into_iter().next();
    let Some(Value::Array(stream)) = first else { return Vec::new() };
    stream.into_iter().nth(1).map(entries).unwrap_or_default()
}

/// Reads the answer of `XAUTOCLAIM`; none when it has another shape.
pub(super) fn of_claim(answer: Value) -> Option<Claimed> {
    let Value::Array(parts) = answer else { return None };
    let mut parts = parts.into_iter();
    let cursor = text(parts.next()?)?;
    let entries = entries(parts.next()?);
    Some(Claimed { cursor, entries })
}

/// Reads the rows of `XPENDING`: which entries are pending, and how often each was delivered.
pub(super) fn of_pending(answer: Value) -> Vec<(StreamId, u32)> {
    let Value::Array(rows) = answer else { return Vec::new() };
    rows.into_iter().filter_map(pending_row).collect()
}

fn pending_row(row: Value) -> Option<(StreamId, u32)> {
    let Value::Array(columns) = row else { return None };
    let mut columns = columns.into_iter();
    let id = stream_id(columns.next()?)?;
    let deliveries = redis::from_redis_value(columns.nth(2)?).ok()?;
    Some((id, deliveries))
}

fn entries(value: Value) -> Vec<StoredEntry> {
    let Value::Array(entries) = value else { return Vec::new() };
    entries.into_iter().filter_map(entry).collect()
}

fn entry(value: Value) -> Option<StoredEntry> {
    let Value::Array(parts) = value else { return None };
    let mut parts = parts.into_iter();
    let mut entry = StoredEntry { id: stream_id(parts.next()?)?, record: Vec::new(), events: 0, deliveries: 0 };
    if let Some(Value::Array(fields)) = parts.next() {
        let mut fields = fields.into_iter();
        while let (Some(Value::BulkString(name)), Some(value)) = (fields.next(), fields.next()) {
            match (name.as_slice(), value) {
                (b"b", Value::BulkString(record)) => entry.record = record,
                (b"n", value) => entry.events = redis::from_redis_value(value).unwrap_or_default(),
                _ => {}
            }
        }
    }
    Some(entry)
}

fn stream_id(value: Value) -> Option<StreamId> {
    text(value)?.parse().ok()
}

fn text(value: Value) -> Option<String> {
    redis::from_redis_value(value).ok()
}
