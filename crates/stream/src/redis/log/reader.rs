//! The commands by which one shard is read.

use std::{collections::BTreeMap, time::Duration};

use redis::Value;
use tokio::time::Instant;

use super::{
    entry::{self, StoredEntry, StreamId},
    keys::{CONSUMER, GROUP, ShardKeys},
    lease::millis,
    queue::Queue,
    scripts::PREPARE,
};
use crate::redis::{DedicatedConnection, RedisError, SharedConnection};

/// How long a read waits for entries. A consumer notices its end no sooner.
const BLOCK: Duration = Duration::from_millis(300);

/// Entries looked at by one command that goes through what is pending.
const PENDING_PAGE: usize = 100;

/// Bytes that one read should bring.
const READ_BYTES: usize = 4 << 20;

/// Entries that one read brings at most.
const READ_ENTRIES: usize = 1_000;

/// Reads one shard, on a connection of its own.
pub(super) struct ShardReader {
    connection: SharedConnection,
    shard: ShardKeys,
    blocking: Option<DedicatedConnection>,
    /// A read was sent whose answer has not come: the server may have handed out entries that nobody got.
    unanswered: bool,
    /// The group was there: when it is not, it was lost.
    prepared: bool,
    mean: MeanEntry,
    /// The last read brought as much as it asked for: there is likely more.
    was_full: bool,
}

/// The size of recent entries.
#[derive(Debug, Clone, Copy)]
struct MeanEntry {
    events: usize,
    bytes: usize,
}

impl ShardReader {
    pub(super) fn new(connection: SharedConnection, shard: ShardKeys) -> Self {
        let mean = MeanEntry { events: 10, bytes: 16 << 10 };
        Self { connection, shard, blocking: None, unanswered: false, prepared: false, mean, was_full: false }
    }

    /// Whether entries may have been handed out to nobody: then they have to be reclaimed.
    pub(super) fn may_have_lost_entries(&self) -> bool {
        self.unanswered
    }

    /// Makes the group when there is none, and says so when entries are missing. `held` is how many the consumer has: those are not
    /// lost, whatever became of the stream.
    pub(super) async fn prepare(&mut self, held: usize) -> Result<(), RedisError> {
        let (made, missing): (u8, usize) = self
            .connection
            .eval(&PREPARE, |command| {
                command.arg(2).arg(&self.shard.entries).arg(&self.shard.pending).arg(GROUP);
            })
            .await?;
        let lost = missing.saturating_sub(held);
        if made == 1 && self.prepared {
            metrics::counter!("analytics_log_lost_groups_total").increment(1);
            tracing::error!(
                shard = self.shard.number,
                "the stream or its consumer group was deleted while it was in use: see who deletes or flushes in Redis"
            );
        }
        if lost > 0 {
            metrics::counter!("analytics_log_lost_entries_total").increment(lost as u64);
            tracing::error!(
                shard = self.shard.number,
                entries = lost,
                "entries were deleted from the log before they were stored: see who trims, deletes or flushes in Redis"
            );
        }
        self.prepared = true;
        Ok(())
    }

    /// How many entries were delivered and not acknowledged, by whomever.
    pub(super) async fn pending(&mut self, held: usize) -> Result<usize, RedisError> {
        let command = redis::cmd("XPENDING").arg(&self.shard.entries).arg(GROUP).to_owned();
        let answer: Result<Value, RedisError> = self.connection.query(&command).await;
        let summary = self.or_prepare(answer, held).await?;
        let Some(Value::Array(columns)) = summary else { return Ok(0) };
        Ok(columns.first().and_then(|count| redis::from_redis_value_ref(count).ok()).unwrap_or_default())
    }

    /// Takes over everything that was delivered and not acknowledged, but for what the queue holds. Entries that were deleted meanwhile
    /// stop being pending; [`Self::prepare`] misses them.
    pub(super) async fn reclaim(&mut self, queue: &mut Queue) -> Result<(), RedisError> {
        let mut cursor = "0-0".to_owned();
        loop {
            let deliveries = self.deliveries_from(&cursor, queue.held()).await?;
            let command = redis::cmd("XAUTOCLAIM")
                .arg(&self.shard.entries)
                .arg(GROUP)
                .arg(CONSUMER)
                .arg(0)
                .arg(&cursor)
                .arg("COUNT")
                .arg(PENDING_PAGE)
                .to_owned();
            let answer = self.connection.query(&command).await;
            let Some(answer) = self.or_prepare(answer, queue.held()).await? else { return Ok(()) };
            let Some(claimed) = entry::of_claim(answer) else { return Err(self.unexpected("XAUTOCLAIM")) };
            queue.add(claimed.entries.into_iter().map(|entry| {
                let deliveries = deliveries.get(&entry.id).copied().unwrap_or(1);
                StoredEntry { deliveries, ..entry }
            }));
            if claimed.cursor == "0-0" {
                break;
            }
            cursor = claimed.cursor;
        }
        self.unanswered = false;
        Ok(())
    }

    /// How often entries were delivered, for a page of those that are pending.
    async fn deliveries_from(&mut self, cursor: &str, held: usize) -> Result<BTreeMap<StreamId, u32>, RedisError> {
        let command = redis::cmd("XPENDING")
            .arg(&self.shard.entries)
            .arg(GROUP)
            .arg(cursor)
            .arg("+")
            .arg(PENDING_PAGE)
            .to_owned();
        let answer = self.connection.query(&command).await;
        let rows = self.or_prepare(answer, held).await?;
        Ok(rows.map(entry::of_pending).unwrap_or_default().into_iter().collect())
    }

    /// Whether another read would likely bring entries at once.
    pub(super) fn has_likely_more(&self) -> bool {
        self.was_full && !self.unanswered
    }

    /// Waits for new entries until `due` at most.
    pub(super) async fn read(
        &mut self,
        queue: &mut Queue,
        max_events: usize,
        due: Option<Instant>,
    ) -> Result<(), RedisError> {
        let until_due = due.map_or(BLOCK, |due| due.saturating_duration_since(Instant::now()));
        let count = self.mean.entries(max_events);
        let command = redis::cmd("XREADGROUP")
            .arg("GROUP")
            .arg(GROUP)
            .arg(CONSUMER)
            .arg("COUNT")
            .arg(count)
            .arg("BLOCK")
            .arg(millis(until_due.min(BLOCK)))
            .arg("STREAMS")
            .arg(&self.shard.entries)
            .arg(">")
            .to_owned();
        // Taken, not borrowed: when this future is dropped or fails, so is the connection, and with it the read.
        let mut blocking = match self.blocking.take() {
            Some(connection) => connection,
            None => self.connection.server().dedicated(BLOCK).await?,
        };
        self.unanswered = true;
        self.was_full = false;
        let answer = blocking.query(&command).await;
        let answered = answer.is_ok() || answer.as_ref().is_err_and(RedisError::is_missing_group);
        if let Some(answer) = self.or_prepare(answer, queue.held()).await? {
            let entries = entry::of_read(answer);
            self.mean.learn(&entries);
            self.was_full = entries.len() >= count;
            queue.add(entries);
        }
        if answered {
            self.unanswered = false;
            self.blocking = Some(blocking);
        }
        Ok(())
    }

    /// Leaves the entries of the queue for the next consumer, with how often each was handed out.
    pub(super) async fn put_back(&self, queue: &Queue) -> Result<(), RedisError> {
        let mut commands = redis::pipe();
        for (deliveries, ids) in queue.deliveries() {
            let command = commands.cmd("XCLAIM").arg(&self.shard.entries).arg(GROUP).arg(CONSUMER).arg(0);
            for id in ids {
                command.arg(id.to_string());
            }
            command.arg("RETRYCOUNT").arg(deliveries).arg("JUSTID").ignore();
        }
        if commands.is_empty() { Ok(()) } else { self.connection.pipeline(&commands).await }
    }

    /// The answer; none when the group was gone, which is made again.
    async fn or_prepare(
        &mut self,
        answer: Result<Value, RedisError>,
        held: usize,
    ) -> Result<Option<Value>, RedisError> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.is_missing_group() => self.prepare(held).await.map(|()| None),
            Err(error) => Err(error),
        }
    }

    fn unexpected(&self, command: &str) -> RedisError {
        let address = self.connection.server().address().to_owned();
        RedisError::Refused { address, reason: format!("{command} had an answer of another shape") }
    }
}

impl MeanEntry {
    /// How many entries to ask for to get about so many events.
    fn entries(self, max_events: usize) -> usize {
        (max_events / self.events.max(1)).min(READ_BYTES / self.bytes.max(1)).clamp(1, READ_ENTRIES)
    }

    /// Follows what was read, quickly upwards: too large a guess costs memory, too small a one another read.
    fn learn(&mut self, entries: &[StoredEntry]) {
        if entries.is_empty() {
            return;
        }
        let events = entries.iter().map(|entry| entry.events as usize).sum::<usize>() / entries.len();
        let bytes = entries.iter().map(|entry| entry.record.len()).sum::<usize>() / entries.len();
        self.events = events.max((self.events * 3 + events) / 4);
        self.bytes = bytes.max((self.bytes * 3 + bytes) / 4);
    }
}
