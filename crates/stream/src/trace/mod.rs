//! What both trace logs have in common: how records look at rest, and the bounds.

mod record;

use analytics_domain::{DurationMs, Millis};

pub(crate) use record::{EncodedRecord, RecordReader};

/// A step is remembered for so long.
const RETENTION: DurationMs = DurationMs(24 * 60 * 60 * 1000);

/// Of one event the latest so many steps are told: who sends the same id for ever fills no answer.
pub(crate) const MAX_STEPS: usize = 1_000;

/// How much a trace log remembers. A step takes about 20 bytes, and each event has two or more.
#[derive(Debug, Clone, Copy)]
pub struct TraceLogOptions {
    /// No more bytes than about this of one project: its oldest records go first.
    pub max_project_bytes: usize,
    /// No more bytes than about this in all: the project that has most loses its oldest records first.
    pub max_bytes: usize,
}

impl Default for TraceLogOptions {
    fn default() -> Self {
        Self { max_project_bytes: 4 << 20, max_bytes: 64 << 20 }
    }
}

/// Steps from this instant on are remembered.
pub(crate) fn remembered_since(now: Millis) -> Millis {
    Millis(now.0.saturating_sub(RETENTION.0))
}

/// So many records were not remembered.
pub(crate) fn count_dropped(reason: &'static str, records: usize) {
    metrics::counter!("analytics_trace_dropped_records_total", "reason" => reason).increment(records as u64);
}
