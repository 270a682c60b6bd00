//! The event log of one process: a bounded queue whose appenders wait until the store has their events.
//!
//! Nothing is durable here but the store, so an append returns only when its entry was acknowledged. A process that dies before
//! that has acknowledged nothing, and its clients send the same events again.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_domain::{
    DurationMs,
    ports::{
        AckLevel, Awaited, Delivery, DeliveryOutcome, EventLog, LogConsumer, LogEntry, LogError, Receipt, Redelivery,
    },
};
use async_trait::async_trait;
use tokio::sync::{Notify, oneshot};

use super::entry_size::entry_bytes;

/// A consumer whose deliveries are out comes back from waiting after so long.
const ANSWER_INTERVAL: Duration = Duration::from_millis(100);

/// The bounds of a [`LocalLog`].
#[derive(Debug, Clone, Copy)]
pub struct LocalLogOptions {
    /// No more events than this wait or are being stored. An entry that is larger by itself is taken when it is alone.
    pub max_pending_events: usize,
    /// No more bytes than about this wait or are being stored. An entry that is larger by itself is taken when it is alone.
    pub max_pending_bytes: usize,
    /// An append whose entry was not stored within this time ends; the entry stays in the log. Shorter than the deadline of calls,
    /// so that callers get an answer.
    pub max_wait: Duration,
    /// How long appenders are asked to wait when the log is full or slow.
    pub retry_after: DurationMs,
}

impl Default for LocalLogOptions {
    fn default() -> Self {
        Self {
            max_pending_events: 50_000,
            max_pending_bytes: 64 << 20,
            max_wait: Duration::from_secs(8),
            retry_after: DurationMs(1_000),
        }
    }
}

/// Another consumer exists: entries of a project go to one consumer at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log has a consumer already: drop it before another one is made")]
pub struct ConsumerExists;

/// The appending side. Clones append to the same log; dropping the last one closes it.
#[derive(Debug, Clone)]
pub struct LocalLog(Arc<ClosingHandle>);

impl LocalLog {
    /// An empty log and its consumer.
    pub fn new(options: LocalLogOptions) -> (Self, LocalConsumer) {
        let state = State { has_consumer: true, ..State::default() };
        let shared = Arc::new(Shared { options, state: Mutex::new(state), arrived: Notify::new() });
        (Self(Arc::new(ClosingHandle(Arc::clone(&shared)))), LocalConsumer(shared))
    }

    /// Another consumer, after the last one was dropped. It gets first what that one had not acknowledged.
    ///
    /// # Errors
    /// While another consumer exists.
    pub fn consumer(&self) -> Result<LocalConsumer, ConsumerExists> {
        let shared = &self.0.0;
        let mut state = shared.state();
        if state.has_consumer {
            return Err(ConsumerExists);
        }
        state.has_consumer = true;
        Ok(LocalConsumer(Arc::clone(shared)))
    }

    /// Refuses appends from now on. The consumer gets what is queued, then the end. Without a consumer, or once it is dropped, the
    /// appenders that still wait are told to try again.
    pub fn close(&self) {
        self.0.0.close();
    }
}

/// Closes the log when the last appender is gone, so that its consumer ends.
#[derive(Debug)]
struct ClosingHandle(Arc<Shared>);

impl Drop for ClosingHandle {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[derive(Debug)]
struct Shared {
    options: LocalLogOptions,
    state: Mutex<State>,
    arrived: Notify,
}

/// Every entry is either queued or delivered, from its append to its acknowledgement.
#[derive(Debug, Default)]
struct State {
    queued: VecDeque<Pending>,
    delivered: BTreeMap<u64, Pending>,
    pending_events: usize,
    pending_bytes: usize,
    next_token: u64,
    has_consumer: bool,
    closed: bool,
}

#[derive(Debug)]
struct Pending {
    token: u64,
    redeliveries: u32,
    entry: LogEntry,
    bytes: usize,
    reply: oneshot::Sender<Result<Receipt, LogError>>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unavailable(&self, reason: &str) -> LogError {
        LogError::Unavailable { reason: reason.to_owned(), retry_after: self.options.retry_after }
    }

    fn enqueue(&self, entry: LogEntry) -> Result<oneshot::Receiver<Result<Receipt, LogError>>, LogError> {
        let (events, bytes) = (entry.events.len(), entry_bytes(&entry));
        let mut state = self.state();
        if state.closed {
            return Err(self.unavailable("it is shutting down"));
        }
        let fits = state.pending_events + events <= self.options.max_pending_events
            && state.pending_bytes + bytes <= self.options.max_pending_bytes;
        let is_alone = state.queued.is_empty() && state.delivered.is_empty();
        if !fits && !is_alone {
            return Err(self.unavailable("it is full"));
        }
        let (reply, outcome) = oneshot::channel();
        let token = state.next_token;
        state.next_token += 1;
        state.pending_events += events;
        state.pending_bytes += bytes;
        state.queued.push_back(Pending { token, redeliveries: 0, entry, bytes, reply });
        drop(state);
        self.arrived.notify_one();
        Ok(outcome)
    }

    fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        if !state.has_consumer {
            self.fail_all(&mut state);
        }
        drop(state);
        self.arrived.notify_one();
    }

    /// The consumer is gone: what it held goes back to the front of the queue, in its old order.
    fn consumer_dropped(&self) {
        let mut state = self.state();
        state.has_consumer = false;
        while let Some((_, mut pending)) = state.delivered.pop_last() {
            pending.redeliveries += 1;
            state.queued.push_front(pending);
        }
        if state.closed {
            self.fail_all(&mut state);
        }
    }

    fn fail_all(&self, state: &mut State) {
        while let Some(pending) = state.queued.pop_front() {
            state.finish(pending, Err(self.unavailable("it ended before the entry was stored")));
        }
    }
}

impl State {
    /// Moves entries from the queue to the delivered ones; empty when none is queued.
    fn deliver(&mut self, max_events: usize) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        let mut events = 0;
        while let Some(pending) = self.queued.front() {
            events += pending.entry.events.len();
            if events > max_events && !deliveries.is_empty() {
                break;
            }
            let Some(pending) = self.queued.pop_front() else { break };
            // The copy is the price of delivering again when the consumer dies.
            let (token, redeliveries, entry) = (pending.token, pending.redeliveries, pending.entry.clone());
            // Whatever level it asked for: here only a commit is durable.
            deliveries.push(Delivery { token, redeliveries, entry, awaited: Awaited::ByAppender });
            self.delivered.insert(token, pending);
        }
        deliveries
    }

    fn finish(&mut self, pending: Pending, result: Result<Receipt, LogError>) {
        self.pending_events -= pending.entry.events.len();
        self.pending_bytes -= pending.bytes;
        // Nobody listens when the appender gave up; the entry was processed all the same.
        let _unheard = pending.reply.send(result);
    }
}

#[async_trait]
impl EventLog for LocalLog {
    /// Takes the entry at once or refuses it, then waits for its outcome. When the caller stops waiting, the entry stays.
    async fn append(&self, entry: LogEntry, ack: AckLevel) -> Result<Receipt, LogError> {
        let shared = &self.0.0;
        let outcome = shared.enqueue(entry)?;
        let max_wait = match ack {
            AckLevel::Durable => shared.options.max_wait,
            AckLevel::Committed { within } => {
                shared.options.max_wait.min(Duration::from_millis(u64::try_from(within.0).unwrap_or_default()))
            }
        };
        match tokio::time::timeout(max_wait, outcome).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(shared.unavailable("it ended before the entry was stored")),
            Err(_) => Err(shared.unavailable("the entry was not stored in time")),
        }
    }
}

/// The processor's side of a [`LocalLog`]. When it is dropped, the next consumer gets what it had not acknowledged.
#[derive(Debug)]
pub struct LocalConsumer(Arc<Shared>);

impl Drop for LocalConsumer {
    fn drop(&mut self) {
        self.0.consumer_dropped();
    }
}

#[async_trait]
impl LogConsumer for LocalConsumer {
    fn redelivery(&self) -> Redelivery {
        Redelivery::ByAppender
    }

    async fn next(&mut self, max_events: usize) -> Result<Option<Vec<Delivery>>, LogError> {
        loop {
            let all_answered = {
                let mut state = self.0.state();
                let deliveries = state.deliver(max_events);
                if !deliveries.is_empty() {
                    return Ok(Some(deliveries));
                }
                if state.closed {
                    return Ok(None);
                }
                state.delivered.is_empty()
            };
            // An arrival between the look and this wait left a permit.
            let arrived = self.0.arrived.notified();
            if all_answered {
                arrived.await;
            } else if tokio::time::timeout(ANSWER_INTERVAL, arrived).await.is_err() {
                return Ok(Some(Vec::new()));
            }
        }
    }

    async fn acknowledge(&mut self, token: u64, outcome: DeliveryOutcome) -> Result<(), LogError> {
        let mut state = self.0.state();
        // A token that is not out was answered before.
        let Some(pending) = state.delivered.remove(&token) else { return Ok(()) };
        let result = match outcome {
            DeliveryOutcome::Committed(outcomes) => Ok(Receipt::Committed(outcomes)),
            DeliveryOutcome::Failed { reason, retry_after } | DeliveryOutcome::Refused { reason, retry_after } => {
                Err(LogError::Unavailable { reason, retry_after })
            }
        };
        state.finish(pending, result);
        Ok(())
    }
}
