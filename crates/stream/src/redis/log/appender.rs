//! The appending side.

use std::{sync::Arc, time::Duration};

use analytics_domain::ports::{AckLevel, EventLog, LogEntry, LogError, Receipt};
use async_trait::async_trait;
use futures::future::try_join_all;
use tokio::{
    sync::{RwLock, Semaphore},
    time::{Instant, timeout_at},
};

use super::{
    keys::{LogKeys, ShardKeys, shard_of},
    options::{LogOpenError, RedisLogOptions, agree_on_shards},
    replies::Replies,
    scripts::{AGE, APPEND},
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
    /// How long the oldest has waited, by the clock of the log.
    pub age_ms: u64,
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
    /// A permit for each [`APPENDING_UNIT`] that may be on its way.
    appending: Semaphore,
}

/// Held for reading by each append until its entry is in the log, so that closing waits for those under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Open,
    Closed,
}

/// Records on their way are counted in units of so many bytes.
const APPENDING_UNIT: usize = 1 << 10;

/// What the script answers.
mod pushed {
    pub(super) const APPENDED: u8 = 1;
    pub(super) const FULL: u8 = 2;
    pub(super) const TOO_OLD: u8 = 3;
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
        let appending = Semaphore::new(units(options.max_appending_bytes) as usize);
        Ok(Self(Arc::new(Inner { options, connection, shards, replies, gate, waiting, appending })))
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
        let ages = self.0.shards.iter().map(|shard| {
            self.0.connection.eval::<i64>(&AGE, |command| {
                command.arg(1).arg(&shard.entries);
            })
        });
        let oldest = try_join_all(ages).await?.into_iter().max().unwrap_or_default();
        let mut backlog = Backlog { age_ms: u64::try_from(oldest).unwrap_or_default(), ..Backlog::default() };
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

    async fn push(&self, record: &[u8], events: usize, shard: &ShardKeys) -> Result<u8, RedisError> {
        self.connection
            .eval(&APPEND, |command| {
                command.arg(2).arg(&shard.entries).arg(&shard.pending);
                command.arg(record).arg(events);
                command.arg(self.options.max_shard_events).arg(self.options.max_shard_bytes);
                command.arg(self.options.max_age.as_millis() as u64);
            })
            .await
    }

    /// Puts the entry into its shard, or says why it may not be there.
    async fn append(&self, entry: LogEntry, reply_channel: &str, deadline: Instant) -> Result<(), LogError> {
        let gate = self.gate.read().await;
        if *gate == Gate::Closed {
            return Err(self.unavailable("it is shutting down".to_owned()));
        }
        let shard = &self.shards[usize::from(shard_of(entry.project, self.options.shards))];
        let events = entry.events.len();
        let record = analytics_records::encode(entry, reply_channel);
        let room = units(record.len()).min(units(self.options.max_appending_bytes));
        let Ok(_room) = self.appending.try_acquire_many(room) else {
            metrics::counter!("analytics_log_appends_total", "outcome" => "busy").increment(1);
            return Err(self.unavailable("it is slow, and too much waits for it already".to_owned()));
        };
        let started = Instant::now();
        let pushed = timeout_at(deadline, self.push(&record, events, shard)).await;
        metrics::histogram!("analytics_log_append_duration_seconds").record(started.elapsed());
        let (outcome, refusal) = match pushed {
            Ok(Ok(pushed::APPENDED)) => ("appended", None),
            Ok(Ok(pushed::FULL)) => ("full", Some("it is full".to_owned())),
            Ok(Ok(pushed::TOO_OLD)) => ("too_old", Some(self.too_old())),
            Ok(Ok(other)) => ("failed", Some(format!("it answered {other}"))),
            Ok(Err(error)) => ("failed", Some(error.to_string())),
            Err(_) => ("failed", Some("it did not answer in time".to_owned())),
        };
        metrics::counter!("analytics_log_appends_total", "outcome" => outcome).increment(1);
        refusal.map_or(Ok(()), |reason| Err(self.unavailable(reason)))
    }

    fn too_old(&self) -> String {
        let hours = self.options.max_age.as_secs_f64() / 3600.0;
        format!(
            "its oldest entry has waited for more than {hours} h (`log_max_age_hours`): see why processors do not store it"
        )
    }
}

/// At least one.
fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(APPENDING_UNIT).max(1)).unwrap_or(u32::MAX).min(Semaphore::MAX_PERMITS as u32)
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
