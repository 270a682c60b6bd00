//! How many events were taken, filtered and rejected: added up here and written every few seconds, never while a caller waits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_domain::{
    Day, FilterRule, ProjectId,
    ports::{IngestCount, IngestCounts, IngestDecision},
};
use analytics_proto::v1::ErrorReason;
use tokio_util::sync::CancellationToken;

/// How often counts are written. What was counted since is lost when the process is killed.
const INTERVAL: Duration = Duration::from_secs(3);
/// So many different counts are kept while they cannot be written: some thousand projects have no more for a day.
const MAX_PENDING: usize = 20_000;

/// What was decided about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Decision {
    Accepted,
    Filtered(FilterRule),
    Rejected(ErrorReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    project: ProjectId,
    day: Day,
    decision: Decision,
}

/// Counts that are to be written.
pub(crate) struct Counts {
    port: Arc<dyn IngestCounts>,
    pending: Mutex<HashMap<Key, u64>>,
}

impl Counts {
    pub(crate) fn new(port: Arc<dyn IngestCounts>) -> Self {
        Self { port, pending: Mutex::default() }
    }

    /// Counts the decisions about the events of a batch that arrived on this day.
    pub(crate) fn add(&self, project: ProjectId, day: Day, decisions: impl IntoIterator<Item = Decision>) {
        let mut pending = self.pending();
        for decision in decisions {
            add(&mut pending, Key { project, day, decision }, 1);
        }
    }

    /// Writes every few seconds until this is cancelled. Call [`write`](Self::write) once nothing is counted any more.
    pub(crate) async fn keep(&self, until: CancellationToken) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while tokio::select! { _ = ticks.tick() => true, () = until.cancelled() => false } {
            self.write().await;
        }
    }

    /// Writes what was counted and is not written yet. What cannot be written is tried again the next time.
    pub(crate) async fn write(&self) {
        let taken = std::mem::take(&mut *self.pending());
        if taken.is_empty() {
            return;
        }
        let counts: Vec<IngestCount> = taken.iter().map(|(key, &count)| key.count(count)).collect();
        if let Err(error) = self.port.add_ingest_counts(&counts).await {
            tracing::warn!(%error, "the counts of taken, filtered and rejected events could not be written; trying again");
            let mut pending = self.pending();
            for (key, count) in taken {
                add(&mut pending, key, count);
            }
        }
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<Key, u64>> {
        // Nothing panics while it holds the lock.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(pending: &mut HashMap<Key, u64>, key: Key, count: u64) {
    if pending.len() >= MAX_PENDING && !pending.contains_key(&key) {
        metrics::counter!("analytics_collector_uncounted_events_total").increment(count);
        return;
    }
    *pending.entry(key).or_default() += count;
}

impl Key {
    fn count(self, count: u64) -> IngestCount {
        let decision = match self.decision {
            Decision::Accepted => IngestDecision::Accepted,
            Decision::Filtered(rule) => IngestDecision::Filtered(rule),
            Decision::Rejected(reason) => {
                let name = reason.as_str_name();
                IngestDecision::Rejected(name.strip_prefix("ERROR_REASON_").unwrap_or(name).to_owned())
            }
        };
        IngestCount { project: self.project, day: self.day, decision, count }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        ops::RangeInclusive,
        sync::atomic::{AtomicBool, Ordering},
    };

    use analytics_domain::ports::StoreError;
    use analytics_storage::sqlite::{SqliteOptions, SqliteStore};

    use super::*;

    /// A store that can be made unreachable.
    struct Reachable {
        store: Arc<SqliteStore>,
        is_reachable: AtomicBool,
    }

    #[async_trait::async_trait]
    impl IngestCounts for Reachable {
        async fn add_ingest_counts(&self, counts: &[IngestCount]) -> Result<(), StoreError> {
            if self.is_reachable.load(Ordering::SeqCst) {
                return self.store.add_ingest_counts(counts).await;
            }
            Err(StoreError::Unavailable("it is gone".to_owned()))
        }

        async fn ingest_counts(
            &self,
            project: ProjectId,
            days: RangeInclusive<Day>,
        ) -> Result<Vec<IngestCount>, StoreError> {
            self.store.ingest_counts(project, days).await
        }
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_written_later_and_bounded() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a store");
        let port = Arc::new(Reachable { store, is_reachable: AtomicBool::new(false) });
        let counts = Counts::new(port.clone());
        let (project, day) = (ProjectId(1), Day(20_000));
        counts.add(project, day, [Decision::Accepted; 3]);
        counts.write().await;
        counts.add(project, day, [Decision::Accepted; 2]);
        // Another one for each of more days than are kept.
        for later in 1..=MAX_PENDING as i32 {
            counts.add(project, Day(20_000 + later), [Decision::Accepted]);
        }
        counts.write().await;
        assert_eq!(counts.pending().len(), MAX_PENDING);
        port.is_reachable.store(true, Ordering::SeqCst);
        counts.write().await;
        let written = port.ingest_counts(project, day..=Day(50_000)).await.expect("read");
        assert_eq!(written.len(), MAX_PENDING);
        assert_eq!(written[0].count, 5);
        counts.write().await;
        assert_eq!(port.ingest_counts(project, day..=day).await.expect("read")[0].count, 5, "only once");
    }
}
