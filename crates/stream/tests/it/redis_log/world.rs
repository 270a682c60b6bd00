//! A log with keys of its own, processors that record what they store, and the conditions that tests wait for.

use std::time::Duration;

use analytics_domain::{
    DurationMs, ProjectId,
    ports::{AckLevel, Delivery, DeliveryOutcome, EventLog, EventOutcome, LogConsumer, LogEntry},
};
use analytics_stream::redis::{RedisConsumer, RedisLog, RedisLogOptions, RedisServer, RedisShards};
use analytics_testkit::{sample, servers::redis_url};
use tokio_util::sync::CancellationToken;

use crate::redis_servers::{FreshPrefix, server};

/// Longer than the log waits by itself.
pub(super) const COMMITTED: AckLevel = AckLevel::Committed { within: DurationMs(60_000) };

/// Keys of one test, and how its logs work.
pub(super) struct World {
    pub(super) prefix: FreshPrefix,
    pub(super) server: RedisServer,
    pub(super) options: RedisLogOptions,
}

impl World {
    /// On the shared server, with short times so that nobody is waited for long.
    pub(super) fn new(shards: u16) -> Self {
        Self::at(redis_url(), shards)
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

    /// The name of a key of a shard.
    pub(super) fn shard_key(&self, shard: u16, what: &str) -> String {
        format!("{}:{{log-{shard:02}}}:{what}", self.prefix.as_str())
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

/// The next batch that is not empty.
pub(super) async fn next(consumer: &mut RedisConsumer, max_events: usize) -> Vec<Delivery> {
    loop {
        let batch = next_or_none(consumer, max_events).await;
        if !batch.is_empty() {
            return batch;
        }
    }
}

pub(super) async fn next_or_none(consumer: &mut RedisConsumer, max_events: usize) -> Vec<Delivery> {
    let batch = within("a delivery", consumer.next(max_events)).await;
    batch.expect("it never fails").expect("it has not ended")
}

/// Waits for so many deliveries, in however many batches.
pub(super) async fn gather(consumer: &mut RedisConsumer, deliveries: usize) -> Vec<Delivery> {
    let mut gathered = Vec::new();
    while gathered.len() < deliveries {
        gathered.extend(next(consumer, 100).await);
    }
    gathered
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

/// Counts what the log counts, on the thread that made it.
pub(super) struct Counters {
    recorder: metrics_exporter_prometheus::PrometheusRecorder,
}

impl Counters {
    pub(super) fn new() -> Self {
        Self { recorder: metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder() }
    }

    pub(super) fn record(&self) -> metrics::LocalRecorderGuard<'_> {
        metrics::set_default_local_recorder(&self.recorder)
    }

    /// The value of a counter; 0 when nothing was counted.
    pub(super) fn value(&self, name: &str) -> u64 {
        let rendered = self.recorder.handle().render();
        let line = rendered.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().expect("a number"))
    }
}
