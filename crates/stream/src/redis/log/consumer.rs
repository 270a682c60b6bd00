//! The processor's side of one shard.

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    DurationMs,
    ports::{Delivery, DeliveryOutcome, LogConsumer, LogError, Redelivery, UnreadableDelivery},
};
use async_trait::async_trait;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout, timeout_at},
};

use super::{
    acknowledger::Acknowledger,
    lease::{Lease, LeaseEnd, Standing},
    queue::{FoundUnreadable, Queue},
    reader::ShardReader,
};
use crate::redis::{RedisError, SharedConnection, backoff::Backoff};

/// Waits this long for the end of a lease that has lapsed before it looks again.
const LAPSED_LOOK: Duration = Duration::from_secs(1);

/// While a processor has deliveries that it did not answer, it comes back from waiting for new entries after so long.
const ANSWER_INTERVAL: Duration = Duration::from_millis(50);

/// How long the end of a consumer waits for its acknowledgements, and then for the rest.
const FINISH_TIMEOUT: Duration = Duration::from_secs(5);

/// Reads one shard for as long as this process holds its lease. It ends when the shard goes to another processor, or when this one
/// stops. When it is dropped, whoever reads the shard next gets what it had not acknowledged.
pub struct RedisConsumer(Option<Open>);

/// What has to be put in order at the end.
struct Open {
    connection: SharedConnection,
    lease: Arc<Lease>,
    reader: ShardReader,
    queue: Queue,
    acknowledger: Acknowledger,
    backoff: Backoff,
    reclaim_interval: Duration,
    /// The hold under which the pending entries were last reclaimed.
    reclaimed_hold: Option<u64>,
    next_look: Instant,
    ended: mpsc::UnboundedSender<u16>,
}

impl RedisConsumer {
    /// A consumer of the shard of a lease. `ended` is told the shard when it was given back.
    pub(super) fn new(
        connection: SharedConnection,
        lease: Arc<Lease>,
        reclaim_interval: Duration,
        ended: mpsc::UnboundedSender<u16>,
    ) -> Self {
        let acknowledger = Acknowledger::start(connection.clone(), lease.shard.clone());
        let reader = ShardReader::new(connection.clone(), lease.shard.clone());
        Self(Some(Open {
            connection,
            lease,
            reader,
            queue: Queue::default(),
            acknowledger,
            backoff: Backoff::default(),
            reclaim_interval,
            reclaimed_hold: None,
            next_look: Instant::now(),
            ended,
        }))
    }

    /// The number of the shard; none after the end.
    pub fn shard(&self) -> Option<u16> {
        self.0.as_ref().map(|open| open.lease.shard.number)
    }
}

impl Drop for RedisConsumer {
    fn drop(&mut self) {
        let Some(open) = self.0.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(open.finish())),
            // Without a runtime the lease ends by itself.
            Err(_) => drop(open.ended.send(open.lease.shard.number)),
        }
    }
}

#[async_trait]
impl LogConsumer for RedisConsumer {
    fn redelivery(&self) -> Redelivery {
        Redelivery::ByLog
    }

    /// Waits for entries, also while Redis is away; None when the shard is not this consumer's any more. Never an error.
    async fn next(&mut self, max_events: usize) -> Result<Option<Vec<Delivery>>, LogError> {
        let Some(open) = &mut self.0 else { return Ok(None) };
        if let Some(deliveries) = open.next(max_events).await {
            return Ok(Some(deliveries));
        }
        if let Some(open) = self.0.take() {
            // A task of its own: it goes on when this future is dropped.
            let _panicked = tokio::spawn(open.finish()).await;
        }
        Ok(None)
    }

    async fn at_hand(&mut self, max_events: usize) -> Result<Vec<Delivery>, LogError> {
        match &mut self.0 {
            Some(open) => Ok(open.at_hand(max_events).await),
            None => Ok(Vec::new()),
        }
    }

    async fn arrived(&mut self, max_events: usize) -> Result<Vec<Delivery>, LogError> {
        match &mut self.0 {
            Some(open) => Ok(open.arrived(max_events).await),
            None => Ok(Vec::new()),
        }
    }

    fn unreadable(&mut self) -> Vec<UnreadableDelivery> {
        self.0.as_mut().map_or_else(Vec::new, |open| open.queue.deliver_unreadable(Instant::now()))
    }

    /// Returns at once: what is in the store is taken out of the log soon, what is not is delivered again.
    async fn acknowledge(&mut self, token: u64, outcome: DeliveryOutcome) -> Result<(), LogError> {
        let Some(open) = &mut self.0 else { return Ok(()) };
        match outcome {
            DeliveryOutcome::Committed(outcomes) => {
                if let Some(acknowledgement) = open.queue.committed(token, outcomes) {
                    open.acknowledger.push(acknowledgement);
                }
            }
            DeliveryOutcome::Failed { retry_after, .. } => {
                open.queue.failed(token, Instant::now(), duration(retry_after));
            }
            DeliveryOutcome::Refused { retry_after, .. } => {
                open.queue.refused(token, Instant::now(), duration(retry_after));
            }
        }
        Ok(())
    }
}

fn duration(retry_after: DurationMs) -> Duration {
    Duration::from_millis(u64::try_from(retry_after.0).unwrap_or_default())
}

impl Open {
    /// None when the lease is over.
    async fn next(&mut self, max_events: usize) -> Option<Vec<Delivery>> {
        loop {
            let hold = match self.lease.standing() {
                Standing::Ended(_) => return None,
                Standing::Held { hold } => hold,
                Standing::Lapsed => {
                    self.lease.changed(Instant::now() + LAPSED_LOOK).await;
                    continue;
                }
            };
            if self.queue.retry_due(Instant::now()) > 0 {
                // What is tried again and again must not keep new entries away.
                self.read_on(hold, max_events).await;
            }
            let deliveries = self.deliver(max_events);
            if !deliveries.is_empty() || self.queue.is_unreadable_due(Instant::now()) {
                return Some(deliveries);
            }
            match self.fetch(hold, max_events).await {
                Ok(()) => {
                    self.backoff.reset();
                    if self.queue.is_any_out() {
                        return Some(self.deliver(max_events));
                    }
                }
                Err(error) => {
                    tracing::debug!(shard = self.lease.shard.number, %error, "the shard could not be read; trying again");
                    metrics::counter!("analytics_log_read_failures_total").increment(1);
                    self.backoff.wait().await;
                }
            }
        }
    }

    /// What was read, or is read without waiting.
    async fn at_hand(&mut self, max_events: usize) -> Vec<Delivery> {
        let Standing::Held { hold } = self.lease.standing() else { return Vec::new() };
        let deliveries = self.deliver(max_events);
        if !deliveries.is_empty() || !self.reader.has_likely_more() {
            return deliveries;
        }
        self.read_on(hold, max_events).await;
        self.deliver(max_events)
    }

    /// What was read, and what can be read without waiting: as often as a read brings all that it asked for.
    async fn arrived(&mut self, max_events: usize) -> Vec<Delivery> {
        let Standing::Held { hold } = self.lease.standing() else { return Vec::new() };
        let (mut deliveries, mut room) = (Vec::new(), max_events);
        loop {
            self.read_on(hold, room).await;
            let read = self.deliver(room);
            room = room.saturating_sub(read.iter().map(|delivery| delivery.entry.events.len()).sum());
            let is_all = read.is_empty() || !self.reader.has_likely_more();
            deliveries.extend(read);
            if is_all || room == 0 {
                return deliveries;
            }
        }
    }

    /// Gets what is there, without waiting for more.
    async fn read_on(&mut self, hold: u64, max_events: usize) {
        let may_read = self.reclaimed_hold == Some(hold) && !self.reader.may_have_lost_entries();
        if !may_read || !self.queue.takes_more() {
            return;
        }
        if let Err(error) = self.reader.read(&mut self.queue, max_events, Some(Instant::now())).await {
            tracing::debug!(shard = self.lease.shard.number, %error, "the shard could not be read on");
            metrics::counter!("analytics_log_read_failures_total").increment(1);
        }
    }

    fn deliver(&mut self, max_events: usize) -> Vec<Delivery> {
        let mut unreadable = Vec::new();
        let deliveries = self.queue.deliver(max_events, &mut unreadable);
        for FoundUnreadable { id, error } in unreadable {
            metrics::counter!("analytics_log_unreadable_entries_total").increment(1);
            tracing::error!(shard = self.lease.shard.number, %id, %error, "a log entry cannot be read; it goes into quarantine unless another version reads it");
        }
        let again = deliveries.iter().filter(|delivery| delivery.redeliveries > 0).count();
        metrics::counter!("analytics_log_redeliveries_total").increment(again as u64);
        deliveries
    }

    /// Gets more entries, or waits a moment for some.
    async fn fetch(&mut self, hold: u64, max_events: usize) -> Result<(), RedisError> {
        if self.reclaimed_hold != Some(hold) || self.reader.may_have_lost_entries() || self.next_look <= Instant::now()
        {
            return self.look(hold).await;
        }
        let answers = self.queue.is_any_out().then(|| Instant::now() + ANSWER_INTERVAL);
        let due = self.queue.next_due().into_iter().chain(answers).min();
        if self.queue.takes_more() {
            self.reader.read(&mut self.queue, max_events, due).await
        } else {
            let _ended = timeout_at(due.unwrap_or(self.next_look), self.lease.ended()).await;
            Ok(())
        }
    }

    /// Looks for entries that were delivered to somebody who is gone, and for entries that are missing.
    async fn look(&mut self, hold: u64) -> Result<(), RedisError> {
        // What is being acknowledged is still pending, and held by nobody.
        tokio::select! {
            () = self.acknowledger.flushed() => {}
            () = self.lease.ended() => return Ok(()),
        }
        let is_new_hold = self.reclaimed_hold != Some(hold);
        if is_new_hold || self.queue.held_readable() == 0 {
            self.reader.prepare(self.queue.held_readable()).await?;
        }
        let held = self.queue.held();
        if is_new_hold || self.reader.may_have_lost_entries() || self.reader.pending(held).await? > held {
            self.reader.reclaim(&mut self.queue).await?;
        }
        self.reclaimed_hold = Some(hold);
        self.next_look = Instant::now() + self.reclaim_interval;
        Ok(())
    }

    /// Leaves the shard to the next one: acknowledges what is to be acknowledged, tells how often each entry was handed out, gives the
    /// lease back. All of it is bounded and none of it is needed: the lease ends by itself, and entries come again.
    async fn finish(mut self) {
        let shard = self.lease.shard.number;
        if timeout(FINISH_TIMEOUT, self.acknowledger.flushed()).await.is_err() {
            tracing::warn!(
                shard,
                "entries that are in the store could not be acknowledged; they will be delivered again"
            );
        }
        match timeout(FINISH_TIMEOUT, self.give_back()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(shard, %error, "a shard could not be given back; its lease runs out soon"),
            Err(_) => tracing::warn!(shard, "a shard could not be given back in time; its lease runs out soon"),
        }
        let _manager_is_gone = self.ended.send(shard);
    }

    async fn give_back(&self) -> Result<(), RedisError> {
        if self.lease.standing() == Standing::Ended(LeaseEnd::Lost) {
            return Ok(());
        }
        self.reader.put_back(&self.queue).await?;
        self.lease.release(&self.connection).await
    }
}
