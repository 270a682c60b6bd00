//! A record as bytes: 16 for each event's id and one or two for what happened to it.

use std::collections::BTreeMap;

use analytics_domain::{
    EntryId, EventId, FilterRule, Millis,
    ports::{TraceRecord, TraceStep, TracedStep},
};
use prost::Message;

const ID_BYTES: usize = 16;

/// A code from here on is that of a filter rule, so much higher.
const FILTERED: u32 = 16;

#[derive(Clone, PartialEq, Message)]
struct Record {
    #[prost(sfixed64, tag = "1")]
    time_ms: i64,
    /// Absent when none went into the log.
    #[prost(sfixed64, optional, tag = "2")]
    entry: Option<i64>,
    /// The ids, one after the other.
    #[prost(bytes = "vec", tag = "3")]
    ids: Vec<u8>,
    /// What happened to each; when the same happened to all, it stands here once.
    #[prost(uint32, repeated, tag = "4")]
    codes: Vec<u32>,
    /// Of those that were rejected, by place.
    #[prost(btree_map = "uint32, message", tag = "5")]
    rejections: BTreeMap<u32, Rejection>,
}

#[derive(Clone, PartialEq, Message)]
struct Rejection {
    #[prost(int32, tag = "1")]
    reason: i32,
    #[prost(string, tag = "2")]
    field: String,
}

mod code {
    pub(super) const ACCEPTED: u32 = 1;
    pub(super) const REJECTED: u32 = 2;
    pub(super) const STORED: u32 = 3;
    pub(super) const DUPLICATE: u32 = 4;
    pub(super) const QUARANTINED: u32 = 5;
}

/// A record at rest, with its length before it so that several can stand in a row.
#[derive(Debug, Clone)]
pub(crate) struct EncodedRecord {
    pub(crate) time: Millis,
    pub(crate) bytes: Vec<u8>,
}

impl EncodedRecord {
    pub(crate) fn of(record: &TraceRecord) -> Self {
        let mut ids = Vec::with_capacity(record.steps.len() * ID_BYTES);
        let mut codes = Vec::with_capacity(record.steps.len());
        let mut rejections = BTreeMap::new();
        for (place, (event_id, step)) in (0..).zip(&record.steps) {
            ids.extend(event_id.0);
            codes.push(code_of(step));
            if let TraceStep::Rejected { reason, field } = step {
                rejections.insert(place, Rejection { reason: *reason, field: field.clone() });
            }
        }
        if codes.windows(2).all(|pair| pair[0] == pair[1]) {
            codes.truncate(1);
        }
        let entry = record.entry.map(|entry| entry.0);
        let record = Record { time_ms: record.time.0, entry, ids, codes, rejections };
        Self { time: Millis(record.time_ms), bytes: record.encode_length_delimited_to_vec() }
    }
}

/// Reads records that stand in a row, and what happened to one event. What cannot be read ends it.
pub(crate) struct RecordReader<'a> {
    bytes: &'a [u8],
    event_id: EventId,
}

impl<'a> RecordReader<'a> {
    pub(crate) fn new(bytes: &'a [u8], event_id: EventId) -> Self {
        Self { bytes, event_id }
    }
}

impl Iterator for RecordReader<'_> {
    type Item = Vec<TracedStep>;

    /// The steps of the event in the next record.
    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.is_empty() {
            return None;
        }
        let record = Record::decode_length_delimited(&mut self.bytes).ok()?;
        Some(steps_of(&record, self.event_id))
    }
}

fn steps_of(record: &Record, event_id: EventId) -> Vec<TracedStep> {
    let places = record.ids.chunks_exact(ID_BYTES).enumerate().filter(|(_, id)| *id == event_id.0);
    let steps = places.filter_map(|(place, _)| {
        let code = record.codes.get(place).or_else(|| record.codes.first())?;
        let step = step_of(*code, record.rejections.get(&u32::try_from(place).ok()?))?;
        Some(TracedStep { time: Millis(record.time_ms), entry: record.entry.map(EntryId), step })
    });
    steps.collect()
}

fn code_of(step: &TraceStep) -> u32 {
    match step {
        TraceStep::Accepted => code::ACCEPTED,
        TraceStep::Rejected { .. } => code::REJECTED,
        TraceStep::Stored => code::STORED,
        TraceStep::Duplicate => code::DUPLICATE,
        TraceStep::Quarantined => code::QUARANTINED,
        TraceStep::Filtered(rule) => FILTERED + u32::from(rule.code()),
    }
}

/// None when another version wrote it.
fn step_of(code: u32, rejection: Option<&Rejection>) -> Option<TraceStep> {
    Some(match code {
        code::ACCEPTED => TraceStep::Accepted,
        code::REJECTED => {
            let rejection = rejection?;
            TraceStep::Rejected { reason: rejection.reason, field: rejection.field.clone() }
        }
        code::STORED => TraceStep::Stored,
        code::DUPLICATE => TraceStep::Duplicate,
        code::QUARANTINED => TraceStep::Quarantined,
        _ => {
            let rule = u8::try_from(code.checked_sub(FILTERED)?).ok()?;
            TraceStep::Filtered(FilterRule::from_code(rule)?)
        }
    })
}

#[cfg(test)]
mod tests {
    use analytics_domain::ProjectId;

    use super::*;

    #[test]
    fn a_step_takes_few_bytes() {
        let steps = (0..1000_u128).map(|number| (EventId(number.to_be_bytes()), TraceStep::Accepted)).collect();
        let record = TraceRecord { project: ProjectId(1), time: Millis(1), entry: Some(EntryId(1)), steps };
        assert!(EncodedRecord::of(&record).bytes.len() < 16_050);
    }

    #[test]
    fn what_another_version_wrote_is_passed_over() {
        let id = EventId([7; 16]);
        let record = |codes: Vec<u32>| Record {
            time_ms: 1,
            entry: None,
            ids: [id.0, id.0].concat(),
            codes,
            rejections: BTreeMap::new(),
        };
        let bytes = [
            record(vec![code::STORED, 15]),
            record(vec![FILTERED + 255]),
            record(vec![code::REJECTED, code::ACCEPTED]),
        ]
        .map(|record| record.encode_length_delimited_to_vec())
        .concat();
        let steps: Vec<TraceStep> = RecordReader::new(&bytes, id).flatten().map(|traced| traced.step).collect();
        assert_eq!(steps, [TraceStep::Stored, TraceStep::Accepted]);
        assert_eq!(RecordReader::new(&[200, 1, 1], id).count(), 0);
    }
}
