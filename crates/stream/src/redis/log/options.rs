//! How the log works.

use std::time::Duration;

use analytics_domain::DurationMs;

use crate::redis::{RedisError, SharedConnection};

use super::keys::LogKeys;

/// How the log works. Collectors and processors of one installation have the same prefix and number of shards.
#[derive(Debug, Clone)]
pub struct RedisLogOptions {
    /// The first part of the name of every key.
    pub prefix: String,
    /// Into how many streams projects are divided: at most so many processors work at once. Fixed once the log exists. At least 1.
    pub shards: u16,
    /// No more events than this wait in a shard. An entry that is larger by itself is taken when it is alone.
    pub max_shard_events: u64,
    /// No more bytes of records than this wait in a shard. An entry that is larger by itself is taken when it is alone.
    pub max_shard_bytes: u64,
    /// While the oldest entry of a shard has waited longer, the shard takes no others: nobody knows of what else is wrong with a log that
    /// is not read, and nobody should believe that what is in it will soon be in the store.
    pub max_age: Duration,
    /// No more bytes of records of one process are on their way into the log: while it is slow, those beyond are refused at once.
    pub max_appending_bytes: usize,
    /// An append ends within this time: refused, or durable with an outcome that is not known. Shorter than the deadline of calls.
    pub max_wait: Duration,
    /// So many appenders of one process wait for an outcome at the same time; to more, durable is all that is said. They hold places that
    /// others need, also while nothing is stored.
    pub max_waiting: usize,
    /// How long appenders are asked to wait when the log is full or not there.
    pub retry_after: DurationMs,
    /// A processor that is not heard of for this long loses its shards to others.
    pub lease: Duration,
    /// How often a consumer looks for entries that were delivered to nobody who is still there.
    pub reclaim_interval: Duration,
}

impl Default for RedisLogOptions {
    fn default() -> Self {
        Self {
            prefix: "analytics".to_owned(),
            shards: 16,
            max_shard_events: 1_000_000,
            max_shard_bytes: 64 << 20,
            max_age: Duration::from_secs(48 * 60 * 60),
            max_appending_bytes: 64 << 20,
            max_wait: Duration::from_secs(8),
            max_waiting: 256,
            retry_after: DurationMs(1_000),
            lease: Duration::from_secs(5),
            reclaim_interval: Duration::from_secs(5),
        }
    }
}

/// Why the log cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogOpenError {
    /// Redis did not do it.
    #[error(transparent)]
    Redis(#[from] RedisError),
    /// The log has another number of shards.
    #[error(
        "the log at {address} has {stored} shards and {configured} are configured: use {stored}, or drain the log and delete \
         `{key}` while no collector and no processor runs"
    )]
    ShardCount {
        /// The server, as host and port.
        address: String,
        /// The key that holds the number.
        key: String,
        /// What the log has.
        stored: String,
        /// What was asked for.
        configured: u16,
    },
}

impl LogOpenError {
    /// Whether opening may succeed later without anybody changing the configuration.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Redis(error) if error.is_temporary())
    }
}

/// Who wrote the number of shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShardCount {
    /// This call: the log is new, or was emptied.
    Written,
    /// Somebody else, earlier.
    Agreed,
}

/// Writes the number of shards if nobody has, else compares it: a project must be in the same shard for everybody.
pub(super) async fn agree_on_shards(
    connection: &SharedConnection,
    options: &RedisLogOptions,
) -> Result<ShardCount, LogOpenError> {
    let key = LogKeys::new(&options.prefix).shard_count();
    let read = redis::cmd("GET").arg(&key).to_owned();
    let mut stored: Option<String> = connection.query(&read).await?;
    if stored.is_none() {
        // Only then: a full server refuses a write even where it would change nothing.
        let write = redis::cmd("SET").arg(&key).arg(options.shards).arg("NX").to_owned();
        if connection.query::<Option<()>>(&write).await?.is_some() {
            return Ok(ShardCount::Written);
        }
        stored = connection.query(&read).await?;
    }
    let stored = stored.unwrap_or_default();
    if stored == options.shards.to_string() {
        return Ok(ShardCount::Agreed);
    }
    let address = connection.server().address().to_owned();
    Err(LogOpenError::ShardCount { address, key, stored, configured: options.shards })
}
