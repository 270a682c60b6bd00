//! Takes entries out of a shard that are in the store, and tells their appenders: many at once, while the next are being stored.

use std::collections::BTreeMap;

use analytics_records::{EntryOutcomes, encode_reply};
use tokio::sync::{mpsc, watch};

use super::{
    keys::{GROUP, ShardKeys},
    queue::Acknowledgement,
    scripts::ACKNOWLEDGE,
};
use crate::redis::{RedisError, SharedConnection, backoff::Backoff};

/// No more entries than this are taken out by one script: the server does nothing else meanwhile.
const MAX_ENTRIES_PER_SCRIPT: usize = 500;

/// The handle of the task. The task ends when this is dropped and everything was sent.
#[derive(Debug)]
pub(super) struct Acknowledger {
    // No more wait here than were delivered, which is bounded.
    sender: mpsc::UnboundedSender<Acknowledgement>,
    taken: u64,
    sent: watch::Receiver<u64>,
}

impl Acknowledger {
    /// Starts the task of one shard.
    pub(super) fn start(connection: SharedConnection, shard: ShardKeys) -> Self {
        let (sender, acknowledgements) = mpsc::unbounded_channel();
        let (progress, sent) = watch::channel(0);
        tokio::spawn(Sender { connection, shard, progress }.run(acknowledgements));
        Self { sender, taken: 0, sent }
    }

    /// Sends it soon, and again until it is done: until then the entry may be delivered again, which is harmless.
    pub(super) fn push(&mut self, acknowledgement: Acknowledgement) {
        // The task ends after this handle only.
        if self.sender.send(acknowledgement).is_ok() {
            self.taken += 1;
        }
    }

    /// Waits until everything was sent.
    pub(super) async fn flushed(&mut self) {
        let taken = self.taken;
        let _task_is_gone = self.sent.wait_for(|sent| *sent >= taken).await;
    }
}

struct Sender {
    connection: SharedConnection,
    shard: ShardKeys,
    progress: watch::Sender<u64>,
}

impl Sender {
    async fn run(self, mut acknowledgements: mpsc::UnboundedReceiver<Acknowledgement>) {
        let mut batch = Vec::new();
        let mut backoff = Backoff::default();
        while acknowledgements.recv_many(&mut batch, MAX_ENTRIES_PER_SCRIPT).await > 0 {
            while let Err(error) = self.send(&batch).await {
                metrics::counter!("analytics_log_acknowledge_failures_total").increment(1);
                if error.is_temporary() {
                    tracing::debug!(shard = self.shard.number, %error, "entries could not be acknowledged yet");
                } else {
                    tracing::error!(shard = self.shard.number, %error, "entries that are stored cannot be taken out of the log");
                }
                backoff.wait().await;
            }
            backoff.reset();
            self.progress.send_modify(|sent| *sent += batch.len() as u64);
            batch.clear();
        }
    }

    /// Sends both without waiting in between; on the one connection they arrive in this order, so that an appender who hears that its
    /// entry is stored finds its room free.
    async fn send(&self, batch: &[Acknowledgement]) -> Result<(), RedisError> {
        let take_out = self.connection.eval::<()>(&ACKNOWLEDGE, |command| {
            command.arg(2).arg(&self.shard.entries).arg(&self.shard.pending).arg(GROUP);
            for entry in batch {
                command.arg(entry.id.to_string()).arg(entry.events).arg(entry.bytes);
            }
        });
        let (taken_out, told) = tokio::join!(take_out, self.tell(batch));
        if let Err(error) = told {
            // Its appender says then that the outcome is not known. Nothing waits for that.
            tracing::debug!(shard = self.shard.number, %error, "outcomes could not be told");
        }
        taken_out
    }

    async fn tell(&self, batch: &[Acknowledgement]) -> Result<(), RedisError> {
        let mut replies: BTreeMap<&str, Vec<&EntryOutcomes>> = BTreeMap::new();
        for (channel, outcomes) in batch.iter().filter_map(|entry| entry.reply.as_ref()) {
            replies.entry(channel).or_default().push(outcomes);
        }
        if replies.is_empty() {
            return Ok(());
        }
        let mut commands = redis::pipe();
        for (channel, outcomes) in replies {
            commands.cmd("PUBLISH").arg(channel).arg(encode_reply(outcomes)).ignore();
        }
        self.connection.pipeline(&commands).await
    }
}
