//! Writes what was recorded, many records at once, away from whoever recorded it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use analytics_domain::{Clock, ProjectId};
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc;

use super::{Keys, PUSH};
use crate::{
    redis::{RedisError, SharedConnection},
    trace::{EncodedRecord, TraceLogOptions, count_dropped, remembered_since},
};

/// No more bytes wait to be written. What comes while Redis is slow or away is dropped.
const MAX_WAITING_BYTES: usize = 4 << 20;

/// Records are gathered for so long, so that few commands write them.
const GATHER: Duration = Duration::from_millis(20);

/// Records that are written together.
const MAX_RECORDS: usize = 10_000;

/// Projects that are written to at the same time.
const CONCURRENT_PROJECTS: usize = 8;

/// A chunk that has as many bytes gets no more records: the oldest of a project go chunk by chunk.
const CHUNK_BYTES: usize = 32 << 10;

/// A chunk begins with the time of its newest record.
pub(super) const CHUNK_HEAD: usize = 8;

/// What is kept beyond its time by Redis itself, since its clock is another one.
const LIFETIME: Duration = Duration::from_secs(25 * 60 * 60);

/// The handle of the task that writes. The task ends when the last clone is dropped and everything was tried.
#[derive(Clone)]
pub(super) struct Writer {
    // Bounded by bytes.
    sender: mpsc::UnboundedSender<(ProjectId, EncodedRecord)>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Writer {
    pub(super) fn start(
        connection: SharedConnection,
        keys: Keys,
        options: TraceLogOptions,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (sender, records) = mpsc::unbounded_channel();
        let waiting_bytes = Arc::<AtomicUsize>::default();
        let task = Task { connection, keys, options, clock, waiting_bytes: Arc::clone(&waiting_bytes) };
        tokio::spawn(task.run(records));
        Self { sender, waiting_bytes }
    }

    pub(super) fn push(&self, project: ProjectId, record: EncodedRecord) {
        let bytes = record.bytes.len();
        if self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > MAX_WAITING_BYTES {
            self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            return count_dropped("no_room", 1);
        }
        // The task ends after this handle only.
        let _sent = self.sender.send((project, record));
    }
}

struct Task {
    connection: SharedConnection,
    keys: Keys,
    options: TraceLogOptions,
    clock: Arc<dyn Clock>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Task {
    async fn run(self, mut records: mpsc::UnboundedReceiver<(ProjectId, EncodedRecord)>) {
        let mut gathered = Vec::new();
        let mut was_written = true;
        while records.recv_many(&mut gathered, MAX_RECORDS).await > 0 {
            tokio::time::sleep(GATHER).await;
            while gathered.len() < MAX_RECORDS
                && let Ok(record) = records.try_recv()
            {
                gathered.push(record);
            }
            let bytes = gathered.iter().map(|(_, record)| record.bytes.len()).sum();
            let failure = self.write(std::mem::take(&mut gathered)).await;
            self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            if let (true, Some(error)) = (was_written, &failure) {
                tracing::warn!(%error, "what happens to events cannot be traced until the ephemeral Redis takes it again");
            }
            was_written = failure.is_none();
        }
    }

    /// Writes the records of each project. Those of a project that cannot be written are dropped: tracing holds nobody up.
    async fn write(&self, records: Vec<(ProjectId, EncodedRecord)>) -> Option<RedisError> {
        let mut projects: BTreeMap<ProjectId, Vec<EncodedRecord>> = BTreeMap::new();
        for (project, record) in records {
            projects.entry(project).or_default().push(record);
        }
        let writes = projects.into_iter().map(async |(project, records)| {
            let failure = self.write_project(project, &records).await.err();
            if failure.is_some() {
                count_dropped("failed", records.len());
            }
            failure
        });
        stream::iter(writes).buffer_unordered(CONCURRENT_PROJECTS).fold(None, async |first, next| first.or(next)).await
    }

    async fn write_project(&self, project: ProjectId, records: &[EncodedRecord]) -> Result<(), RedisError> {
        let since = remembered_since(self.clock.now().to_millis());
        for chunks in chunks_of(records).chunks(16) {
            self.connection
                .eval::<()>(&PUSH, |command| {
                    command.arg(3).arg(self.keys.sum()).arg(self.keys.bytes_of_projects());
                    command.arg(self.keys.list(project)).arg(project.0).arg(self.keys.lists());
                    command.arg(since.0).arg(LIFETIME.as_millis() as u64);
                    command.arg(self.options.max_project_bytes).arg(self.options.max_bytes).arg(chunks);
                })
                .await?;
        }
        Ok(())
    }
}

/// Records in a row, in chunks that each begin with the time of the newest one.
fn chunks_of(records: &[EncodedRecord]) -> Vec<Vec<u8>> {
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    let mut newest = i64::MIN;
    for record in records {
        let chunk = match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK_BYTES => chunk,
            _ => {
                newest = i64::MIN;
                chunks.push(vec![0; CHUNK_HEAD]);
                let last = chunks.len() - 1;
                &mut chunks[last]
            }
        };
        newest = newest.max(record.time.0);
        chunk[..CHUNK_HEAD].copy_from_slice(&newest.to_be_bytes());
        chunk.extend_from_slice(&record.bytes);
    }
    chunks
}
