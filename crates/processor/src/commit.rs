//! From the log into the store.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use analytics_domain::{
    Day, DurationMs, ProjectId, Version,
    ports::{
        Commit, DayChanged, Delivery, DeliveryOutcome, EventStore, LogConsumer, LogEntry, LogError, Notifier,
        StoreError,
    },
};
use tokio::sync::{mpsc, watch};

use crate::CompactorHandle;

/// How a processor works.
#[derive(Debug, Clone, Copy)]
pub struct ProcessorOptions {
    /// At most so many events are stored in one transaction.
    pub max_events_per_commit: usize,
    /// How long appenders are asked to wait when the store fails.
    pub retry_after: DurationMs,
}

impl Default for ProcessorOptions {
    fn default() -> Self {
        Self { max_events_per_commit: 10_000, retry_after: DurationMs(1_000) }
    }
}

/// Takes entries from the log until it ends.
pub struct Processor {
    options: ProcessorOptions,
    consumer: Box<dyn LogConsumer>,
    store: Arc<dyn EventStore>,
    notifier: Arc<dyn Notifier>,
    compactor: CompactorHandle,
    store_failure: watch::Sender<Option<String>>,
}

impl Processor {
    /// A processor that reads `consumer` and writes `store`.
    pub fn new(
        options: ProcessorOptions,
        consumer: Box<dyn LogConsumer>,
        store: Arc<dyn EventStore>,
        notifier: Arc<dyn Notifier>,
        compactor: CompactorHandle,
    ) -> Self {
        Self { options, consumer, store, notifier, compactor, store_failure: watch::Sender::new(None) }
    }

    /// Why the store did not take the latest entries; none while it does. For whoever tells whether this process can do its work.
    pub fn store_failure(&self) -> watch::Receiver<Option<String>> {
        self.store_failure.subscribe()
    }

    /// Runs until the log has ended and everything in it was acknowledged. While one batch is being stored the next one that is at hand is
    /// made ready, so that the store need not wait for it.
    ///
    /// # Errors
    /// When the log fails for good.
    pub async fn run(mut self) -> Result<(), LogError> {
        let max_events = self.options.max_events_per_commit;
        while let Some(deliveries) = self.consumer.next(max_events).await? {
            let mut batch = Storing::start(self.store.clone(), deliveries);
            loop {
                let deliveries = self.consumer.at_hand(max_events).await?;
                if deliveries.is_empty() {
                    break;
                }
                let earlier = std::mem::replace(&mut batch, Storing::start(self.store.clone(), deliveries));
                self.finish(earlier).await?;
            }
            self.finish(batch).await?;
        }
        Ok(())
    }

    /// Answers the deliveries of a batch as they are stored.
    async fn finish(&mut self, mut batch: Storing) -> Result<(), LogError> {
        while let Some(stored) = batch.stored.recv().await {
            batch.projects -= 1;
            self.answer(stored).await?;
        }
        if batch.projects == 0 {
            return Ok(());
        }
        let reason = "storing a batch ended badly".to_owned();
        Err(LogError::Unavailable { reason, retry_after: self.options.retry_after })
    }

    /// Answers each delivery of one project. An event reaches the store before anybody is told: a crash in between repeats the
    /// entries, and their identities make the repetition harmless.
    async fn answer(&mut self, Stored { project, tokens, result }: Stored) -> Result<(), LogError> {
        match result {
            Ok(commit) => {
                count_outcomes(&commit);
                self.store_failure.send_if_modified(|failure| failure.take().is_some());
                for (token, outcomes) in tokens.into_iter().zip(commit.outcomes) {
                    self.consumer.acknowledge(token, DeliveryOutcome::Committed(outcomes)).await?;
                }
                tell(self.notifier.as_ref(), &self.compactor, project, &commit.days).await;
            }
            Err(error) => {
                report_failure(project, &error);
                self.store_failure.send_replace(Some(error.to_string()));
                for token in tokens {
                    let outcome =
                        DeliveryOutcome::Failed { reason: error.to_string(), retry_after: self.options.retry_after };
                    self.consumer.acknowledge(token, outcome).await?;
                }
            }
        }
        Ok(())
    }
}

/// A batch that is being stored, project after project, in a task of its own.
struct Storing {
    stored: mpsc::UnboundedReceiver<Stored>,
    /// How many are not told yet.
    projects: usize,
}

/// The entries of one project, and what storing them came to.
struct Stored {
    project: ProjectId,
    tokens: Vec<u64>,
    result: Result<Commit, StoreError>,
}

impl Storing {
    fn start(store: Arc<dyn EventStore>, deliveries: Vec<Delivery>) -> Self {
        let by_project = by_project(deliveries);
        let projects = by_project.len();
        let (told, stored) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for (project, deliveries) in by_project {
                let (tokens, entries): (Vec<u64>, Vec<LogEntry>) =
                    deliveries.into_iter().map(|delivery| (delivery.token, delivery.entry)).unzip();
                let started = Instant::now();
                let result = store.commit(project, &entries).await;
                metrics::histogram!("analytics_processor_commit_duration_seconds").record(started.elapsed());
                if told.send(Stored { project, tokens, result }).is_err() {
                    // The processor is gone. What it did not answer is delivered again.
                    return;
                }
            }
        });
        Self { stored, projects }
    }
}

/// Tells the compactor and listeners. Hints that cannot be sent are only logged: listeners read the versions as well.
async fn tell(notifier: &dyn Notifier, compactor: &CompactorHandle, project: ProjectId, days: &[(Day, Version)]) {
    for &(day, _) in days {
        compactor.day_changed(project, day);
    }
    for &(day, version) in days {
        if let Err(error) = notifier.publish(DayChanged { project, day, version }).await {
            // The next one would wait as long, and the commits behind it too.
            tracing::warn!(project = project.0, %day, %error, "a change, and those of later days, could not be announced");
            return;
        }
    }
}

/// Keeps the order of entries within each project: what was appended first stays first.
fn by_project(deliveries: Vec<Delivery>) -> BTreeMap<ProjectId, Vec<Delivery>> {
    let mut projects: BTreeMap<ProjectId, Vec<Delivery>> = BTreeMap::new();
    for delivery in deliveries {
        projects.entry(delivery.entry.project).or_default().push(delivery);
    }
    projects
}

fn count_outcomes(commit: &Commit) {
    use analytics_domain::ports::EventOutcome;
    let outcomes = commit.outcomes.iter().flatten();
    let (stored, duplicate) = outcomes.fold((0, 0), |(stored, duplicate), outcome| match outcome {
        EventOutcome::Stored => (stored + 1, duplicate),
        EventOutcome::Duplicate => (stored, duplicate + 1),
        EventOutcome::Quarantined => (stored, duplicate),
    });
    metrics::counter!("analytics_processor_events_total", "outcome" => "stored").increment(stored);
    metrics::counter!("analytics_processor_events_total", "outcome" => "duplicate").increment(duplicate);
}

fn report_failure(project: ProjectId, error: &StoreError) {
    metrics::counter!("analytics_processor_commit_failures_total").increment(1);
    tracing::error!(project = project.0, %error, "events could not be stored; the log keeps them, or their senders are asked to send them again");
}
