//! From the log into the store.

use std::collections::HashMap;

use analytics_domain::{
    Day, EntryId, ProjectId, Version,
    ports::{
        DayChanged, Delivery, DeliveryOutcome, LogConsumer, LogError, NewQuarantined, QuarantinedContent, Redelivery,
        UnreadableCause, UnreadableDelivery,
    },
};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

use crate::{
    ProcessorOptions, ProcessorPorts,
    division::{Belief, Divided, Divisions},
    outcome::{EntryResult, Handle, report_failure},
    pace::Pace,
    storing::{StoreResult, Stored, Storing, by_project},
};

/// Takes entries from the log until it ends.
pub struct Processor {
    options: ProcessorOptions,
    consumer: Box<dyn LogConsumer>,
    ports: ProcessorPorts,
    divisions: Divisions,
    divided: mpsc::UnboundedReceiver<Divided>,
    /// The entries that are being divided, and their events.
    dividing: Load,
    /// The entries in which the store refuses something and that wait to be delivered again, with the number of their events.
    refused: HashMap<EntryId, usize>,
    store_failure: watch::Sender<Option<String>>,
    pace: Pace,
}

/// So many entries with so many events.
#[derive(Debug, Clone, Copy, Default)]
struct Load {
    entries: usize,
    events: usize,
}

impl Processor {
    /// A processor that reads `consumer`.
    pub fn new(options: ProcessorOptions, consumer: Box<dyn LogConsumer>, ports: ProcessorPorts) -> Self {
        let (divisions, divided) = Divisions::new(ports.clone());
        let store_failure = watch::Sender::new(None);
        Self {
            options,
            consumer,
            ports,
            divisions,
            divided,
            dividing: Load::default(),
            refused: HashMap::new(),
            store_failure,
            pace: Pace::new(options.commit_interval),
        }
    }

    /// Why the store did not take the latest entries; none while it does. For whoever tells whether this process can do its work. An
    /// event that it refuses is no such reason.
    pub fn store_failure(&self) -> watch::Receiver<Option<String>> {
        self.store_failure.subscribe()
    }

    /// Runs until the log has ended and everything in it was acknowledged. While one batch is being stored the next one that is at hand is
    /// made ready, so that the store need not wait for it. What the store refuses is looked into beside both.
    ///
    /// # Errors
    /// When the log fails for good.
    pub async fn run(mut self) -> Result<(), LogError> {
        let max_events = self.options.max_events_per_commit;
        while let Some(deliveries) = self.consumer.next(max_events).await? {
            self.answer_what_is_ready().await?;
            if deliveries.is_empty() {
                continue;
            }
            let deliveries = self.fill(deliveries).await?;
            let mut batch = self.start(deliveries).await?;
            loop {
                let deliveries = self.consumer.at_hand(max_events).await?;
                if deliveries.is_empty() {
                    break;
                }
                let earlier = std::mem::replace(&mut batch, self.start(deliveries).await?);
                self.finish(earlier).await?;
                self.answer_what_is_ready().await?;
            }
            self.finish(batch).await?;
        }
        while self.dividing.entries > 0
            && let Some(divided) = self.divided.recv().await
        {
            self.answer_divided(divided).await?;
        }
        Ok(())
    }

    /// Takes more to what was delivered, if that is worth a moment. Nothing else may be on its way meanwhile: its answers would wait.
    async fn fill(&mut self, mut deliveries: Vec<Delivery>) -> Result<Vec<Delivery>, LogError> {
        if let Some(until) = self.pace.wait_until(&deliveries, Instant::now()) {
            tokio::time::sleep_until(until).await;
            let events: usize = deliveries.iter().map(|delivery| delivery.entry.events.len()).sum();
            let room = self.options.max_events_per_commit.saturating_sub(events);
            deliveries.extend(self.consumer.arrived(room).await?);
        }
        Ok(deliveries)
    }

    /// Starts to store a batch. What the store refused before goes its own way, so that the rest is not refused with it.
    async fn start(&mut self, deliveries: Vec<Delivery>) -> Result<Storing, LogError> {
        let (suspects, others): (Vec<Delivery>, Vec<Delivery>) =
            deliveries.into_iter().partition(|delivery| self.refused.contains_key(&delivery.entry.id));
        for (project, deliveries) in by_project(suspects) {
            let reason = "the store refused an event of it before".to_owned();
            self.divide(project, deliveries, reason).await?;
        }
        self.pace.began(Instant::now());
        Ok(Storing::start(self.ports.clone(), others))
    }

    /// Looks for what the store refuses in these, unless there is too much of that: then they come again.
    async fn divide(&mut self, project: ProjectId, deliveries: Vec<Delivery>, reason: String) -> Result<(), LogError> {
        metrics::counter!("analytics_processor_refused_batches_total").increment(1);
        let redelivery = self.consumer.redelivery();
        let events = deliveries.iter().map(|delivery| delivery.entry.events.len()).sum::<usize>();
        let is_busy = self.dividing.entries > 0 && self.dividing.events + events > self.options.max_dividing_events;
        if is_busy && redelivery == Redelivery::ByLog {
            for delivery in deliveries {
                self.answer_entry(Handle::of(&delivery), EntryResult::Refused(reason.clone())).await?;
            }
            return Ok(());
        }
        let may_wait = self.refused.values().sum::<usize>() <= self.options.max_refused_events;
        let belief = match redelivery {
            Redelivery::ByLog if may_wait => {
                Belief::AfterRedeliveries(self.options.deliveries_before_quarantine.saturating_sub(1))
            }
            Redelivery::ByLog | Redelivery::ByAppender => Belief::Now,
        };
        self.dividing.entries += deliveries.len();
        self.dividing.events += events;
        self.divisions.start(project, deliveries, belief);
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
    async fn answer(&mut self, Stored { project, result }: Stored) -> Result<(), LogError> {
        match result {
            StoreResult::Committed { entries, days } => {
                for (handle, outcomes) in entries {
                    self.answer_entry(handle, EntryResult::Done(outcomes)).await?;
                }
                tell(&self.ports, project, days).await;
            }
            StoreResult::Refused(deliveries, reason) => self.divide(project, deliveries, reason).await?,
            StoreResult::Failed(handles, error) => {
                report_failure(project, &error);
                for handle in handles {
                    self.answer_entry(handle, EntryResult::Failed(error.clone())).await?;
                }
            }
        }
        Ok(())
    }

    /// Answers what was divided meanwhile, and sees to records that cannot be read.
    async fn answer_what_is_ready(&mut self) -> Result<(), LogError> {
        while let Ok(divided) = self.divided.try_recv() {
            self.answer_divided(divided).await?;
        }
        let unreadable = self.consumer.unreadable();
        if unreadable.is_empty() { Ok(()) } else { self.put_away(unreadable).await }
    }

    async fn answer_divided(&mut self, Divided { project, entries, days }: Divided) -> Result<(), LogError> {
        let failure = entries.iter().find_map(|(_, result)| match result {
            EntryResult::Failed(error) => Some(error),
            EntryResult::Done(_) | EntryResult::Refused(_) => None,
        });
        if let Some(error) = failure {
            report_failure(project, error);
        }
        for (handle, result) in entries {
            self.dividing.entries -= 1;
            self.dividing.events -= handle.events;
            self.answer_entry(handle, result).await?;
        }
        tell(&self.ports, project, days).await;
        Ok(())
    }

    async fn answer_entry(&mut self, handle: Handle, result: EntryResult) -> Result<(), LogError> {
        self.refused.remove(&handle.entry);
        let outcome = match result {
            EntryResult::Done(outcomes) => {
                self.store_failure.send_if_modified(|failure| failure.take().is_some());
                DeliveryOutcome::Committed(outcomes)
            }
            EntryResult::Refused(reason) => {
                self.refused.insert(handle.entry, handle.events);
                DeliveryOutcome::Refused { reason, retry_after: self.options.refused_retry_after }
            }
            EntryResult::Failed(error) => {
                let reason = error.to_string();
                self.store_failure.send_replace(Some(reason.clone()));
                DeliveryOutcome::Failed { reason, retry_after: self.options.retry_after }
            }
        };
        self.consumer.acknowledge(handle.token, outcome).await
    }

    /// Puts records that no version reads into quarantine once they were delivered often enough, and those of newer versions when none
    /// came for them.
    async fn put_away(&mut self, records: Vec<UnreadableDelivery>) -> Result<(), LogError> {
        let now = self.ports.clock.now();
        for UnreadableDelivery { token, redeliveries, record, reason, cause, append_time } in records {
            let (is_due, retry_after) = match cause {
                UnreadableCause::Damaged => (
                    redeliveries.saturating_add(1) >= self.options.deliveries_before_quarantine,
                    self.options.refused_retry_after,
                ),
                UnreadableCause::NewerVersion => {
                    (now.to_millis().since(append_time) >= self.options.newer_record_patience, self.options.retry_after)
                }
            };
            let outcome = if !is_due {
                DeliveryOutcome::Refused { reason, retry_after }
            } else {
                let content = QuarantinedContent::Unreadable(record);
                let item = NewQuarantined { content, reason, create_time: now };
                match self.ports.quarantine.quarantine(&[item]).await {
                    Ok(()) => {
                        metrics::counter!("analytics_processor_unreadable_records_total").increment(1);
                        DeliveryOutcome::Committed(Vec::new())
                    }
                    Err(error) => {
                        metrics::counter!("analytics_processor_commit_failures_total").increment(1);
                        tracing::error!(%error, "a record that cannot be read could not be put into quarantine; the log keeps it");
                        DeliveryOutcome::Failed { reason: error.to_string(), retry_after: self.options.retry_after }
                    }
                }
            };
            self.consumer.acknowledge(token, outcome).await?;
        }
        Ok(())
    }
}

/// Tells the compactor and listeners. Hints that cannot be sent are only logged: listeners read the versions as well.
async fn tell(ports: &ProcessorPorts, project: ProjectId, days: impl IntoIterator<Item = (Day, Version)>) {
    let days: Vec<(Day, Version)> = days.into_iter().collect();
    for &(day, _) in &days {
        ports.compactor.day_changed(project, day);
    }
    for (day, version) in days {
        if let Err(error) = ports.notifier.publish(DayChanged { project, day, version }).await {
            // The next one would wait as long, and the commits behind it too.
            tracing::warn!(project = project.0, %day, %error, "a change, and those of later days, could not be announced");
            return;
        }
    }
}
