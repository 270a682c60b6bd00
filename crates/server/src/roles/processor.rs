//! `analytics processor`: stores what is in the log, and keeps day segments fresh.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use analytics_domain::{
    Clock,
    ports::{Catalog, EventStore, LogError, Notifier, SegmentStore, TraceLog},
};
use analytics_processor::{Compactor, CompactorOptions, Processor, ProcessorOptions, ProcessorPorts};
use analytics_rpc::ReadinessCheck;
use analytics_storage::timescale::TimescaleStore;
use analytics_stream::{
    TraceLogOptions,
    redis::{RedisConsumer, RedisNotifier, RedisNotifierOptions, RedisServer, RedisShards, RedisTraceLog},
};
use anyhow::Context as _;
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

use super::{
    connect::{self, DATABASE_EXAMPLE, required},
    redis,
};
use crate::process::Process;

pub(super) async fn run(process: &Process, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let settings = &process.settings;
    let database_url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)?;
    let log_server = redis::log_server(settings)?;
    // Storing needs no salts; only what happens to events is remembered there.
    let traces = match &settings.ephemeral_redis_url {
        Some(_) => Some(traces(process, &redis::ephemeral_server(settings)?, clock.clone())),
        None => {
            tracing::warn!(
                "`ephemeral_redis_url` is not set: traces of events will not tell what became of them in the store"
            );
            None
        }
    };
    let listener = process.listen_for_management().await?;
    let management_address = listener.local_addr()?;
    let management = process.manage(listener)?;
    tracing::info!(%management_address, "listening");
    let database = process.readiness.need("database", "not connected yet");
    let work = async {
        // What cannot be used is told at once, whichever of them answers first.
        let servers =
            tokio::try_join!(connect::store(process, database_url, database), redis::fit_log(process, &log_server))?;
        let (Some(store), Some(log)) = servers else { return Ok(()) };
        // Last: whoever takes shards and cannot store what is in them keeps it from those that can.
        let Some(shards) = redis::shards(process, &log_server, log).await? else { return Ok(()) };
        let failures = Failures::new(process);
        process.is_serving();
        tracing::info!(%management_address, "ready");
        store_entries(process, clock, store, shards, &log_server, traces, failures).await
    };
    let worked = work.await;
    process.drain.begin();
    management.end().await?;
    worked
}

/// Stores entries until the process stops: a processor for each shard that this process holds.
async fn store_entries(
    process: &Process,
    clock: Arc<dyn Clock>,
    store: TimescaleStore,
    mut shards: RedisShards,
    log_server: &RedisServer,
    traces: Option<Arc<dyn TraceLog>>,
    failures: Failures,
) -> anyhow::Result<()> {
    let events: Arc<dyn EventStore> = Arc::new(store.clone());
    let segments: Arc<dyn SegmentStore> = Arc::new(store.clone());
    let catalog: Arc<dyn Catalog> = Arc::new(store.clone());
    let prefix = &process.settings.redis_prefix;
    let notifier = RedisNotifier::new(log_server.shared(), prefix, RedisNotifierOptions::default());
    let notifier: Arc<dyn Notifier> = Arc::new(notifier);
    let (compactor, changed) =
        Compactor::new(CompactorOptions::default(), events.clone(), segments, catalog, clock.clone());
    let quarantine = Arc::new(store.clone());
    let ports = ProcessorPorts { store: events, quarantine, notifier, traces, compactor: changed, clock };
    let compactor = tokio::spawn(compactor.run(process.drain.token().clone()));

    let mut processors = JoinSet::new();
    while let Some(consumer) = next_shard(&mut shards, &mut processors).await {
        let shard = consumer.shard();
        let processor = Processor::new(ProcessorOptions::default(), Box::new(consumer), ports.clone());
        tokio::spawn(failures.clone().watch(shard, processor.store_failure()));
        processors.spawn(processor.run());
    }
    // What was delivered is stored and acknowledged; the rest stays in the log.
    process
        .drain
        .finish(async {
            while let Some(ended) = processors.join_next().await {
                report(ended)
            }
        })
        .await?;
    process.drain.finish(compactor).await?.context("the compactor ended badly")?;
    store.close().await;
    Ok(())
}

fn traces(process: &Process, server: &RedisServer, clock: Arc<dyn Clock>) -> Arc<dyn TraceLog> {
    let prefix = &process.settings.redis_prefix;
    Arc::new(RedisTraceLog::new(server.shared(), prefix, TraceLogOptions::default(), clock))
}

/// The shards whose latest commit failed. What failed is tried again every second, so a failure is known to be over as soon as it is.
#[derive(Clone)]
struct Failures {
    check: ReadinessCheck,
    reasons: Arc<Mutex<BTreeMap<Option<u16>, String>>>,
}

impl Failures {
    fn new(process: &Process) -> Self {
        let check = process.readiness.need("commits", "nothing was stored yet");
        check.is_there();
        Self { check, reasons: Arc::default() }
    }

    /// Follows one shard until its processor ends.
    async fn watch(self, shard: Option<u16>, mut failure: watch::Receiver<Option<String>>) {
        loop {
            let reason = failure.borrow_and_update().clone();
            self.set(shard, reason);
            if failure.changed().await.is_err() {
                return self.set(shard, None);
            }
        }
    }

    fn set(&self, shard: Option<u16>, reason: Option<String>) {
        // Nothing panics while it holds the lock.
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        match reason {
            Some(reason) => drop(reasons.insert(shard, reason)),
            None => drop(reasons.remove(&shard)),
        }
        match reasons.values().next() {
            Some(reason) => self.check.is_missing(reason),
            None => self.check.is_there(),
        }
    }
}

/// The next shard to read; meanwhile those that ended are put away.
async fn next_shard(shards: &mut RedisShards, processors: &mut JoinSet<Result<(), LogError>>) -> Option<RedisConsumer> {
    loop {
        tokio::select! {
            consumer = shards.next_shard() => return consumer,
            Some(ended) = processors.join_next() => report(ended),
        }
    }
}

/// A shard whose processor ended badly is taken again, by this process or another, and what was not acknowledged is delivered again.
fn report(ended: Result<Result<(), LogError>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a shard was given up: the log failed"),
        Err(error) => tracing::error!(%error, "a shard was given up: its processor ended badly"),
    }
}
