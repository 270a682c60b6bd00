//! Waiting for the outcome of entries: one channel for each process that appends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_domain::{EntryId, ports::EventOutcome};
use analytics_records::decode_reply;
use futures::StreamExt as _;
use redis::aio::PubSub;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::redis::{RedisError, RedisServer, backoff::Backoff};

/// How often a silent server is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// A channel, the appenders that wait on it, and the task that listens until this is dropped.
#[derive(Debug)]
pub(super) struct Replies {
    channel: String,
    waiting: Arc<Waiting>,
    _listening: DropGuard,
}

#[derive(Debug, Default)]
struct Waiting(Mutex<HashMap<EntryId, oneshot::Sender<Vec<EventOutcome>>>>);

impl Replies {
    /// Subscribes to `channel`.
    pub(super) async fn open(server: &RedisServer, channel: String) -> Result<Self, RedisError> {
        let subscription = subscribe(server, &channel).await?;
        let waiting = Arc::<Waiting>::default();
        let stop = CancellationToken::new();
        let listener = Listener { server: server.clone(), channel: channel.clone(), waiting: Arc::clone(&waiting) };
        tokio::spawn(stop.clone().run_until_cancelled_owned(listener.run(subscription)));
        Ok(Self { channel, waiting, _listening: stop.drop_guard() })
    }

    /// The name of the channel.
    pub(super) fn channel(&self) -> &str {
        &self.channel
    }

    /// Waits from now on: it must be called before the entry is appended, or a quick reply is missed.
    pub(super) fn wait_for(&self, entry: EntryId) -> Waiter<'_> {
        let (sender, outcomes) = oneshot::channel();
        self.waiting.lock().insert(entry, sender);
        Waiter { waiting: &self.waiting, entry, outcomes }
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, HashMap<EntryId, oneshot::Sender<Vec<EventOutcome>>>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, message: &[u8]) {
        let Ok(entries) = decode_reply(message) else {
            tracing::warn!(bytes = message.len(), "a reply about log entries could not be read");
            return;
        };
        for reply in entries {
            if let Some(waiter) = self.lock().remove(&reply.entry) {
                // Nobody listens when the appender gave up meanwhile.
                let _unheard = waiter.send(reply.outcomes);
            }
        }
    }
}

/// One appender that waits. When it is dropped, nobody waits for the entry any more.
#[derive(Debug)]
pub(super) struct Waiter<'a> {
    waiting: &'a Waiting,
    entry: EntryId,
    outcomes: oneshot::Receiver<Vec<EventOutcome>>,
}

impl Waiter<'_> {
    /// The outcome of each event; none when it cannot come any more.
    pub(super) async fn outcomes(&mut self) -> Option<Vec<EventOutcome>> {
        (&mut self.outcomes).await.ok()
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.outcomes.close();
        let mut waiting = self.waiting.lock();
        // Another append of the same entry may have taken the place; that one still listens.
        if waiting.get(&self.entry).is_some_and(oneshot::Sender::is_closed) {
            waiting.remove(&self.entry);
        }
    }
}

struct Listener {
    server: RedisServer,
    channel: String,
    waiting: Arc<Waiting>,
}

impl Listener {
    /// Listens, and subscribes again whenever the connection is lost. A reply that comes meanwhile is lost: its appender is told
    /// that the outcome is not known.
    async fn run(self, subscription: PubSub) {
        let mut subscription = Some(subscription);
        let mut backoff = Backoff::default();
        let mut silent = false;
        loop {
            let subscribed = match subscription.take() {
                Some(subscription) => Ok(subscription),
                None => subscribe(&self.server, &self.channel).await,
            };
            let error = match subscribed {
                Ok(subscription) => {
                    backoff.reset();
                    silent = false;
                    self.listen(subscription).await
                }
                Err(error) => error,
            };
            if !std::mem::replace(&mut silent, true) {
                tracing::warn!(%error, "no outcomes of log entries are heard until the connection is back");
            }
            backoff.wait().await;
        }
    }

    /// Listens until the connection is lost.
    async fn listen(&self, subscription: PubSub) -> RedisError {
        let (mut sink, mut messages) = subscription.split();
        let lost = || RedisError::Unreachable {
            address: self.server.address().to_owned(),
            reason: "the connection was closed".to_owned(),
        };
        let pings = async {
            loop {
                tokio::time::sleep(PING_INTERVAL).await;
                if let Err(error) = self.server.bounded(PING_INTERVAL, sink.ping::<redis::Value>()).await {
                    return error;
                }
            }
        };
        let answers = async {
            while let Some(message) = messages.next().await {
                self.waiting.answer(message.get_payload_bytes());
            }
            lost()
        };
        tokio::select! {
            error = pings => error,
            error = answers => error,
        }
    }
}

async fn subscribe(server: &RedisServer, channel: &str) -> Result<PubSub, RedisError> {
    let mut subscription = server.pubsub().await?;
    server.bounded(PING_INTERVAL, subscription.subscribe(channel)).await?;
    Ok(subscription)
}
