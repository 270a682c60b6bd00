//! The trace of one process, in its memory.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_domain::{
    Clock, DurationMs, EventId, Millis, ProjectId,
    ports::{TraceError, TraceLog, TraceRecord, TracedStep},
};
use async_trait::async_trait;

use crate::trace::{EncodedRecord, MAX_STEPS, RecordReader, TraceLogOptions, count_dropped, remembered_since};

/// What a record takes beside its bytes.
const RECORD_OVERHEAD: usize = 48;

/// Projects that get no events any more are looked through for old records so often.
const CLEAN_INTERVAL: DurationMs = DurationMs(10 * 60 * 1000);

/// A trace log for one process. Clones share it.
#[derive(Clone)]
pub struct LocalTraceLog {
    options: TraceLogOptions,
    clock: Arc<dyn Clock>,
    rings: Arc<Mutex<Rings>>,
}

impl fmt::Debug for LocalTraceLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalTraceLog").field("options", &self.options).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Rings {
    projects: HashMap<ProjectId, Ring>,
    bytes: usize,
    clean_at: Option<Millis>,
}

/// The records of a project, in the order in which they came.
#[derive(Default)]
struct Ring {
    records: VecDeque<(Millis, Arc<[u8]>)>,
    bytes: usize,
}

impl LocalTraceLog {
    /// A trace log that remembers nothing yet.
    pub fn new(options: TraceLogOptions, clock: Arc<dyn Clock>) -> Self {
        Self { options, clock, rings: Arc::default() }
    }

    fn rings(&self) -> MutexGuard<'_, Rings> {
        // Nothing panics while it holds the lock.
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn since(&self) -> Millis {
        remembered_since(self.clock.now().to_millis())
    }
}

#[async_trait]
impl TraceLog for LocalTraceLog {
    fn record(&self, record: TraceRecord) {
        let encoded = EncodedRecord::of(&record);
        if size_of_record(&encoded.bytes) > self.options.max_project_bytes.min(self.options.max_bytes) {
            return count_dropped("no_room", 1);
        }
        let since = self.since();
        let mut rings = self.rings();
        rings.clean_if_due(since);
        rings.push(record.project, encoded);
        rings.shrink(record.project, since, self.options);
    }

    async fn steps_of(&self, project: ProjectId, event_id: EventId) -> Result<Vec<TracedStep>, TraceError> {
        let since = self.since();
        // The bytes are looked through without the lock, which those who record need.
        let records: Vec<Arc<[u8]>> = self.rings().projects.get(&project).map_or_else(Vec::new, |ring| {
            ring.records.iter().filter(|(time, _)| *time >= since).map(|(_, bytes)| Arc::clone(bytes)).collect()
        });
        let newest_first = records.iter().rev().flat_map(|bytes| RecordReader::new(bytes, event_id).flatten());
        let mut steps: Vec<TracedStep> = newest_first.take(MAX_STEPS).collect();
        steps.reverse();
        steps.sort_by_key(|step| step.time);
        Ok(steps)
    }
}

impl Rings {
    fn push(&mut self, project: ProjectId, record: EncodedRecord) {
        let bytes = size_of_record(&record.bytes);
        let ring = self.projects.entry(project).or_default();
        ring.records.push_back((record.time, record.bytes.into()));
        ring.bytes += bytes;
        self.bytes += bytes;
    }

    /// Forgets what is too old or too much after a record of this project.
    fn shrink(&mut self, project: ProjectId, since: Millis, options: TraceLogOptions) {
        self.forget(project, |ring| {
            ring.bytes > options.max_project_bytes || ring.records.front().is_some_and(|(time, _)| *time < since)
        });
        while self.bytes > options.max_bytes {
            let largest = self.projects.iter().max_by_key(|(_, ring)| ring.bytes);
            let Some((&project, ring)) = largest else { return };
            // More than is needed, so that the largest is not looked for with each record.
            let rest = ring.bytes - ring.bytes / 8;
            self.forget(project, |ring| ring.bytes >= rest.max(1));
        }
    }

    fn clean_if_due(&mut self, since: Millis) {
        if self.clean_at.is_some_and(|clean_at| since < clean_at) {
            return;
        }
        self.clean_at = Some(since.plus(CLEAN_INTERVAL));
        let projects: Vec<ProjectId> = self.projects.keys().copied().collect();
        for project in projects {
            self.forget(project, |ring| ring.records.front().is_some_and(|(time, _)| *time < since));
        }
    }

    /// Forgets the oldest records of a project for as long as there is a reason.
    fn forget(&mut self, project: ProjectId, reason: impl Fn(&Ring) -> bool) {
        let Some(ring) = self.projects.get_mut(&project) else { return };
        while reason(ring) {
            let Some((_, bytes)) = ring.records.pop_front() else { break };
            ring.bytes -= size_of_record(&bytes);
            self.bytes -= size_of_record(&bytes);
        }
        if ring.records.is_empty() {
            self.projects.remove(&project);
        }
    }
}

fn size_of_record(bytes: &[u8]) -> usize {
    bytes.len() + RECORD_OVERHEAD
}
