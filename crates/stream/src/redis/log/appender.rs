//! The appending side.

use std::{sync::Arc, time::Duration};

use analytics_domain::ports::{AckLevel, EventLog, LogEntry, LogError, Receipt};
use async_trait::async_trait;
use tokio::{
    sync::{RwLock, Semaphore},
    time::{Instant, timeout_at},
};

use super::{
    keys::{LogKeys, ShardKeys, shard_of},
    options::{LogOpenError, RedisLogOptions, agree_on_shards},
    replies::Replies,
    scripts::APPEND,
};
use crate::redis::{RedisError, RedisServer, SharedConnection};

/// What is in the log and not in the store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Entries, unreadable ones included.
    pub entries: u64,
    /// Their events.
    pub events: u64,
    /// The bytes of their records.
    pub bytes: u64,
}

/// The appending side of the log. Clones append to the same one.
#[derive(Debug, Clone)]
pub struct RedisLog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: RedisLogOptions,
    connection: SharedConnection,
    shards: Vec<ShardKeys>,
    replies: Replies,
    gate: RwLock<Gate>,
    waiting: Semaphore,
}

/// Held for reading by each append until its entry is in the log, so that closing waits for those under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Open,
    Closed,
}

enum Pushed {
    Yes,
    Full,
}

impl RedisLog {
    /// Opens the log at a server.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses, or holds a log with another number of shards.
    pub async fn open(server: &RedisServer, options: RedisLogOptions) -> Result<Self, LogOpenError> {
        let connection = server.shared();
        agree_on_shards(&connection, &options).await?;
        let keys = LogKeys::new(&options.prefix);
        let process = format!("{:032x}", rand::random::<u128>());
        let replies = Replies::open(server, keys.reply_channel(&process)).await?;
        let shards = (0..options.shards).map(|number| keys.shard(number)).collect();
        let (gate, waiting) = (RwLock::new(Gate::Open), Semaphore::new(options.max_waiting));
        Ok(Self(Arc::new(Inner { options, connection, shards, replies, gate, waiting })))
    }

    /// Refuses appends from now on, and returns once those under way are in the log or refused. It does not wait for their outcome.
    pub async fn close(&self) {
        *self.0.gate.write().await = Gate::Closed;
    }

    /// Whether the log takes entries: writes something that lives for a second.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn check(&self) -> Result<(), RedisError> {
        let probe = LogKeys::new(&self.0.options.prefix).probe();
        self.0.connection.query(redis::cmd("SET").arg(probe).arg(1).arg("PX").arg(1_000)).await
    }

    /// What is in the log, over all shards.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn backlog(&self) -> Result<Backlog, RedisError> {
        let mut commands = redis::pipe();
        for shard in &self.0.shards {
            commands.cmd("XLEN").arg(&shard.entries);
            commands.cmd("HMGET").arg(&shard.pending).arg("events").arg("bytes");
        }
        let answers: Vec<redis::Value> = self.0.connection.pipeline(&commands).await?;
        let mut backlog = Backlog::default();
        for answer in answers.chunks_exact(2) {
            backlog.entries += number(&answer[0]);
            if let redis::Value::Array(counters) = &answer[1] {
                backlog.events += counters.first().map_or(0, number);
                backlog.bytes += counters.get(1).map_or(0, number);
            }
        }
        Ok(backlog)
    }
}

/// A counter; one that is not there is 0.
fn number(value: &redis::Value) -> u64 {
    redis::from_redis_value_ref::<Option<u64>>(value).ok().flatten().unwrap_or_default()
}

impl Inner {
    fn unavailable(&self, reason: String) -> LogError {
        LogError::Unavailable { reason, retry_after: self.options.retry_after }
    }

    async fn push(&self, entry: LogEntry, reply_channel: &str) -> Result<Pushed, RedisError> {
        let shard = &self.shards[usize::from(shard_of(entry.project, self.options.shards))];
        let events = entry.events.len();
        let record = analytics_records::encode(entry, reply_channel);
        let appended: Option<bool> = self
            .connection
            .eval(&APPEND, |command| {
                command.arg(2).arg(&shard.entries).arg(&shard.pending);
                command.arg(&record[..]).arg(events);
                command.arg(self.options.max_shard_events).arg(self.options.max_shard_bytes);
            })
            .await?;
        Ok(if appended.is_some() { Pushed::Yes } else { Pushed::Full })
    }

    /// Puts the entry into its shard, or says why it may not be there.
    async fn append(&self, entry: LogEntry, reply_channel: &str, deadline: Instant) -> Result<(), LogError> {
        let gate = self.gate.read().await;
        if *gate == Gate::Closed {
            return Err(self.unavailable("it is shutting down".to_owned()));
        }
        let started = Instant::now();
        let pushed = timeout_at(deadline, self.push(entry, reply_channel)).await;
        metrics::histogram!("analytics_log_append_duration_seconds").record(started.elapsed());
        let (outcome, result) = match pushed {
            Ok(Ok(Pushed::Yes)) => ("appended", Ok(())),
            Ok(Ok(Pushed::Full)) => ("full", Err(self.unavailable("it is full".to_owned()))),
            Ok(Err(error)) => ("failed", Err(self.unavailable(error.to_string()))),
            Err(_) => ("failed", Err(self.unavailable("it did not answer in time".to_owned()))),
        };
        metrics::counter!("analytics_log_appends_total", "outcome" => outcome).increment(1);
        result
    }
}

#[async_trait]
impl EventLog for RedisLog {
    /// Durable once Redis answered, for it syncs its file before. When the outcome was asked for, waits for the processor to tell it;
    /// when it does not come in time the receipt says so, and the entry is processed all the same.
    async fn append(&self, entry: LogEntry, ack: AckLevel) -> Result<Receipt, LogError> {
        let log = &*self.0;
        let deadline = Instant::now() + log.options.max_wait;
        let waits_until = match ack {
            AckLevel::Durable => None,
            AckLevel::Committed { within } => {
                let within = Duration::from_millis(u64::try_from(within.0).unwrap_or_default());
                log.waiting.try_acquire().ok().map(|place| (place, deadline.min(Instant::now() + within)))
            }
        };
        match waits_until {
            None => log.append(entry, "", deadline).await.map(|()| Receipt::Durable),
            Some((_place, waits_until)) => {
                let mut waiter = log.replies.wait_for(entry.id);
                log.append(entry, log.replies.channel(), deadline).await?;
                let outcomes = timeout_at(waits_until, waiter.outcomes()).await.ok().flatten();
                Ok(outcomes.map_or(Receipt::Durable, Receipt::Committed))
            }
        }
    }
}
