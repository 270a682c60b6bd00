//! The trace of all processes, in the ephemeral Redis: it never touches a disk, and losing it loses nothing else.
//!
//! Each project has a list of chunks, and each chunk holds records in a row. The keys share one hash tag, so that the bound of all
//! is kept by the same script that adds.

mod writer;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use analytics_domain::{
    Clock, EventId, Millis, ProjectId,
    ports::{TraceError, TraceLog, TraceRecord, TracedStep},
};
use async_trait::async_trait;
use redis::Script;

use self::writer::{CHUNK_HEAD, Writer};
use super::SharedConnection;
use crate::trace::{EncodedRecord, MAX_STEPS, RecordReader, TraceLogOptions, remembered_since};

static PUSH: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/push.lua")));

/// A trace log that many processes write and read. Clones share their connection and what waits to be written.
#[derive(Clone)]
pub struct RedisTraceLog {
    connection: SharedConnection,
    keys: Keys,
    clock: Arc<dyn Clock>,
    writer: Writer,
}

impl fmt::Debug for RedisTraceLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTraceLog").field("connection", &self.connection).finish_non_exhaustive()
    }
}

/// The names of the keys.
#[derive(Debug, Clone)]
struct Keys(Arc<str>);

impl Keys {
    fn sum(&self) -> String {
        format!("{}:{{trace}}:bytes", self.0)
    }

    fn bytes_of_projects(&self) -> String {
        format!("{}:{{trace}}:projects", self.0)
    }

    /// What stands before the number of the project in the name of its list.
    fn lists(&self) -> String {
        format!("{}:{{trace}}:of:", self.0)
    }

    fn list(&self, project: ProjectId) -> String {
        format!("{}{}", self.lists(), project.0)
    }
}

impl RedisTraceLog {
    /// A trace log whose keys begin with `prefix`, and the task that writes what is recorded until the last clone is dropped. Nothing is
    /// connected yet. Needs a runtime.
    pub fn new(connection: SharedConnection, prefix: &str, options: TraceLogOptions, clock: Arc<dyn Clock>) -> Self {
        let keys = Keys(prefix.into());
        let writer = Writer::start(connection.clone(), keys.clone(), options, Arc::clone(&clock));
        Self { connection, keys, clock, writer }
    }
}

#[async_trait]
impl TraceLog for RedisTraceLog {
    fn record(&self, record: TraceRecord) {
        self.writer.push(record.project, EncodedRecord::of(&record));
    }

    async fn steps_of(&self, project: ProjectId, event_id: EventId) -> Result<Vec<TracedStep>, TraceError> {
        let list = redis::cmd("LRANGE").arg(self.keys.list(project)).arg(0).arg(-1).to_owned();
        let chunks: Vec<Vec<u8>> =
            self.connection.query(&list).await.map_err(|error| TraceError::Unavailable(error.to_string()))?;
        let since = remembered_since(self.clock.now().to_millis());
        Ok(steps_in(&chunks, event_id, since))
    }
}

/// The latest steps of an event, by time.
fn steps_in(chunks: &[Vec<u8>], event_id: EventId, since: Millis) -> Vec<TracedStep> {
    let newest_first = chunks.iter().rev().filter_map(|chunk| chunk.get(CHUNK_HEAD..)).flat_map(|records| {
        let mut steps: Vec<TracedStep> = RecordReader::new(records, event_id).flatten().collect();
        steps.reverse();
        steps
    });
    let mut steps: Vec<TracedStep> = newest_first.filter(|step| step.time >= since).take(MAX_STEPS).collect();
    steps.reverse();
    steps.sort_by_key(|step| step.time);
    steps
}
