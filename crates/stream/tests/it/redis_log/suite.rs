//! What every log does.

use std::sync::Arc;

use analytics_domain::ports::{EventLog, LogConsumer};
use analytics_stream::redis::{RedisLog, RedisShards};
use analytics_testkit::event_log::LogFixture;
use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::world::{World, until_empty};

struct RedisFixture {
    world: World,
    log: RedisLog,
    shards: Mutex<RedisShards>,
    stop: CancellationToken,
}

#[async_trait]
impl LogFixture for RedisFixture {
    fn log(&self) -> Arc<dyn EventLog> {
        Arc::new(self.log.clone())
    }

    async fn consumer(&self) -> Box<dyn LogConsumer> {
        Box::new(self.world.consumer(&mut *self.shards.lock().await).await)
    }

    /// A consumer of Redis does not know of the end of other processes: once all is stored, it is stopped.
    async fn close(&self) {
        self.log.close().await;
        let (log, stop) = (self.log.clone(), self.stop.clone());
        tokio::spawn(async move {
            until_empty(&log).await;
            stop.cancel();
        });
    }
}

async fn fresh_log(max_pending_events: usize) -> RedisFixture {
    let mut world = World::new(1);
    world.options.max_shard_events = max_pending_events as u64;
    let stop = CancellationToken::new();
    let (log, shards) = (world.log().await, Mutex::new(world.shards(&stop).await));
    RedisFixture { world, log, shards, stop }
}

analytics_testkit::event_log_suite!(fresh_log);
