//! A processor that never takes over what another one left: it reads only what nobody was handed before. Everything else is the
//! platform's own.

use std::sync::Arc;

use analytics_domain::{
    SystemClock,
    ports::{Delivery, DeliveryOutcome, LogConsumer, LogError, Redelivery},
};
use analytics_processor::{CompactorHandle, Processor, ProcessorOptions, ProcessorPorts};
use analytics_storage::timescale::{TimescaleOptions, TimescaleStore};
use analytics_stream::redis::{
    RedisConsumer, RedisLogOptions, RedisNotifier, RedisNotifierOptions, RedisServer, RedisShards,
};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::support::Backends;

/// Ended by [`Self::kill`].
pub(super) struct ForwardOnlyProcessor {
    runtime: Runtime,
}

struct ForwardOnly(RedisConsumer);

impl ForwardOnlyProcessor {
    pub(super) fn start(backends: &Backends) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        runtime.spawn(process(backends.clone()));
        Self { runtime }
    }

    /// Ends it where it is, as `kill -9` would: nothing is acknowledged or given back any more.
    pub(super) fn kill(self) {
        self.runtime.shutdown_background();
    }
}

async fn process(backends: Backends) {
    let server = RedisServer::parse(&backends.redis_url).expect("a URL");
    let store =
        TimescaleStore::connect(&backends.database_url, TimescaleOptions::default()).await.expect("it is there");
    let options = RedisLogOptions { prefix: backends.redis_prefix.clone(), ..RedisLogOptions::default() };
    let mut shards = RedisShards::open(&server, options, CancellationToken::new()).await.expect("the log is there");
    let notifier = RedisNotifier::new(server.shared(), &backends.redis_prefix, RedisNotifierOptions::default());
    let ports = ProcessorPorts {
        store: Arc::new(store.clone()),
        quarantine: Arc::new(store),
        notifier: Arc::new(notifier),
        traces: None,
        compactor: CompactorHandle::default(),
        clock: Arc::new(SystemClock),
    };
    while let Some(consumer) = shards.next_shard().await {
        let consumer = Box::new(ForwardOnly(consumer));
        tokio::spawn(Processor::new(ProcessorOptions::default(), consumer, ports.clone()).run());
    }
}

/// What was handed out before is left where it is.
fn only_new(deliveries: Vec<Delivery>) -> Vec<Delivery> {
    deliveries.into_iter().filter(|delivery| delivery.redeliveries == 0).collect()
}

#[tonic::async_trait]
impl LogConsumer for ForwardOnly {
    fn redelivery(&self) -> Redelivery {
        self.0.redelivery()
    }

    async fn next(&mut self, max_events: usize) -> Result<Option<Vec<Delivery>>, LogError> {
        Ok(self.0.next(max_events).await?.map(only_new))
    }

    async fn at_hand(&mut self, max_events: usize) -> Result<Vec<Delivery>, LogError> {
        Ok(only_new(self.0.at_hand(max_events).await?))
    }

    async fn acknowledge(&mut self, token: u64, outcome: DeliveryOutcome) -> Result<(), LogError> {
        self.0.acknowledge(token, outcome).await
    }
}
