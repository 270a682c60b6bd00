//! A log with keys of its own, processors that record what they store, and the conditions that tests wait for.

use std::{env, time::Duration};

use analytics_domain::{
    ProjectId,
    ports::{AckLevel, Delivery, DeliveryOutcome, EventLog, EventOutcome, LogConsumer, LogEntry},
};
use analytics_stream::redis::{RedisConsumer, RedisLog, RedisLogOptions, RedisServer, RedisShards};
use analytics_testkit::sample;
use tokio_util::sync::CancellationToken;

use crate::redis_servers::{FreshPrefix, server};

/// The address of the durable server that all tests share.
pub(super) fn durable_url() -> String {
    env::var("REDIS_URL").expect("REDIS_URL names a Redis server: see CONTRIBUTING.md")
}

/// Keys of one test, and how its logs work.
pub(super) struct World {
    pub(super) prefix: FreshPrefix,
    pub(super) server: RedisServer,
    pub(super) options: RedisLogOptions,
}

impl World {
    /// On the shared server, with short times so that nobody is waited for long.
    pub(super) fn new(shards: u16) -> Self {
        Self::at(durable_url(), shards)
    }

    pub(super) fn at(url: String, shards: u16) -> Self {
        let server = server(&url);
        let prefix = FreshPrefix::on(url);
        let options = RedisLogOptions {
            prefix: prefix.as_str().to_owned(),
            shards,
            lease: Duration::from_millis(900),
            reclaim_interval: Duration::from_millis(300),
            ..RedisLogOptions::default()
        };
        Self { prefix, server, options }
    }

    pub(super) async fn log(&self) -> RedisLog {
        RedisLog::open(&self.server, self.options.clone()).await.expect("the server is there")
    }

    pub(super) async fn shards(&self, stop: &CancellationToken) -> RedisShards {
        RedisShards::open(&self.server, self.options.clone(), stop.clone()).await.expect("the server is there")
    }

    /// The consumer of a log of one shard.
    pub(super) async fn consumer(&self, shards: &mut RedisShards) -> RedisConsumer {
        within("a shard", shards.next_shard()).await.expect("nobody stopped it")
    }
}

/// Waits for what must come.
pub(super) async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), work).await.unwrap_or_else(|_| panic!("{what} did not come"))
}

/// Waits until a question is answered with yes.
pub(super) async fn until<F: Future<Output = bool>>(what: &str, question: impl Fn() -> F) {
    within(what, async {
        while !question().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Waits until everything in the log is stored, and until it counts nothing.
pub(super) async fn until_empty(log: &RedisLog) {
    until("an empty log", || async move { log.backlog().await.is_ok_and(|backlog| backlog == Default::default()) })
        .await;
}

/// An entry whose events depend on its id alone.
pub(super) fn entry(project: i64, id: u32, events: u32) -> LogEntry {
    sample::entry(i64::from(id), ProjectId(project), sample::events(id * 100..id * 100 + events))
}

pub(super) async fn append(log: &RedisLog, entry: LogEntry) {
    log.append(entry, AckLevel::Durable).await.expect("there is room");
}

pub(super) async fn next(consumer: &mut RedisConsumer, max_events: usize) -> Vec<Delivery> {
    let batch = within("a delivery", consumer.next(max_events)).await;
    batch.expect("it never fails").expect("it has not ended")
}

pub(super) async fn commit(consumer: &mut RedisConsumer, delivery: &Delivery) {
    consumer.acknowledge(delivery.token, stored(&delivery.entry)).await.expect("it never fails");
}

pub(super) fn stored(entry: &LogEntry) -> DeliveryOutcome {
    DeliveryOutcome::Committed(vec![EventOutcome::Stored; entry.events.len()])
}

/// The ids of deliveries and how often each was delivered before.
pub(super) fn seen(batch: &[Delivery]) -> Vec<(i64, u32)> {
    batch.iter().map(|delivery| (delivery.entry.id.0, delivery.redeliveries)).collect()
}
