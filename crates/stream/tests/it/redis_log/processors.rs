//! Processors that record what they store, each in a runtime of its own so that it can be killed like a process.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use analytics_domain::ports::LogConsumer;
use analytics_stream::redis::RedisConsumer;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::world::{World, stored};

/// How often each entry was stored, by its id.
#[derive(Debug, Clone, Default)]
pub(super) struct Store(Arc<Mutex<BTreeMap<i64, usize>>>);

impl Store {
    pub(super) fn add(&self, entry: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(entry).or_default() += 1;
    }

    pub(super) fn stored(&self) -> BTreeMap<i64, usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A process that processes.
pub(super) struct ProcessorProcess {
    runtime: Option<Runtime>,
    shards: Arc<AtomicUsize>,
    stop: CancellationToken,
    done: tokio::sync::oneshot::Receiver<()>,
}

impl ProcessorProcess {
    pub(super) fn start(world: &World, store: &Store) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (server, options) = (world.server.clone(), world.options.clone());
        let (stop, shards, store) = (CancellationToken::new(), Arc::<AtomicUsize>::default(), store.clone());
        let (finished, done) = tokio::sync::oneshot::channel();
        let (stopped, count) = (stop.clone(), Arc::clone(&shards));
        runtime.spawn(async move {
            let mut shards =
                analytics_stream::redis::RedisShards::open(&server, options, stopped).await.expect("there");
            let mut processors = JoinSet::new();
            while let Some(consumer) = shards.next_shard().await {
                processors.spawn(process(consumer, store.clone(), Arc::clone(&count)));
            }
            processors.join_all().await;
            let _nobody_waits = finished.send(());
        });
        Self { runtime: Some(runtime), shards, stop, done }
    }

    /// How many shards it reads.
    pub(super) fn shards(&self) -> usize {
        self.shards.load(Ordering::SeqCst)
    }

    /// Ends it at once: nothing is given back.
    pub(super) fn kill(mut self) {
        self.runtime.take().expect("it runs").shutdown_background();
    }

    /// Ends it as a deployment does.
    pub(super) async fn stop(&mut self) {
        self.stop.cancel();
        super::world::within("the end of a processor", &mut self.done).await.expect("no panic");
    }
}

impl Drop for ProcessorProcess {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn process(mut consumer: RedisConsumer, store: Store, count: Arc<AtomicUsize>) {
    count.fetch_add(1, Ordering::SeqCst);
    while let Some(batch) = consumer.next(100).await.expect("it never fails") {
        for delivery in batch {
            store.add(delivery.entry.id.0);
            consumer.acknowledge(delivery.token, stored(&delivery.entry)).await.expect("it never fails");
        }
    }
    count.fetch_sub(1, Ordering::SeqCst);
}
