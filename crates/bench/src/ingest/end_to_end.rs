//! From clients into the store, everything on this machine: clients, a collector, Redis, a processor, the database. Beside it a plain
//! binary COPY of the very rows that came out.

use std::{path::Path, sync::Arc, time::Instant};

use analytics_stream::redis::RedisServer;
use analytics_testkit::servers::redis_url;
use anyhow::Result;
use serde::Serialize;
use sqlx::{Connection as _, PgConnection};

use super::{RUNS, batches::Batches, deployment::Deployment, sender::Sending};
use crate::{
    backlog::{LOOK, copy_again, redis_cpu_seconds, remove_keys, visible_rows},
    compare::median,
    postgres::backend_cpu_seconds,
    process,
    progress::Step,
};

/// The least share of COPY's rows a second that should come through.
const GOAL: f64 = 0.4;
const EVENTS_PER_BATCH: usize = 100;
const BATCHES: u64 = 4_000;
/// How many batches wait for their answer at any time.
const IN_FLIGHT: usize = 16;

/// How fast events come through.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EndToEnd {
    pub(crate) events: u64,
    /// From the first batch sent to the last row visible: medians.
    pub(crate) ours: Through,
    /// How long COPY takes for the same rows: the median.
    pub(crate) copy_seconds: f64,
    /// COPY's seconds ÷ ours: the median of the runs.
    pub(crate) ratio: f64,
    /// The least that the ratio should be.
    pub(crate) goal: f64,
    /// The most memory that the collector had.
    pub(crate) collector_peak_bytes: u64,
    /// The most memory that the processor had.
    pub(crate) processor_peak_bytes: u64,
}

/// What a run took: wall time, and the time of processors of each part.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(crate) struct Through {
    pub(crate) seconds: f64,
    pub(crate) clients_cpu_seconds: f64,
    pub(crate) collector_cpu_seconds: f64,
    pub(crate) redis_cpu_seconds: f64,
    pub(crate) processor_cpu_seconds: f64,
    pub(crate) postgres_cpu_seconds: f64,
}

impl EndToEnd {
    pub(crate) fn per_second(&self, seconds: f64) -> f64 {
        self.events as f64 / seconds
    }
}

struct Run {
    ours: Through,
    copy_seconds: f64,
    peaks: [u64; 2],
}

pub(super) async fn measure(seed: u64, binary: &Path) -> Result<EndToEnd> {
    let step = Step::counting("from clients into the store", RUNS as u64);
    let batches = Arc::new(Batches::new(seed, EVENTS_PER_BATCH));
    let events = BATCHES * EVENTS_PER_BATCH as u64;
    let mut runs = Vec::with_capacity(RUNS);
    for number in 0..RUNS {
        runs.push(run(&batches, events, binary).await?);
        step.at(number as u64 + 1);
    }
    let middle = |value: &dyn Fn(&Run) -> f64| median(runs.iter().map(value));
    let peak = |place: usize| runs.iter().map(|run| run.peaks[place]).max().unwrap_or_default();
    Ok(EndToEnd {
        events,
        ours: Through {
            seconds: middle(&|run| run.ours.seconds),
            clients_cpu_seconds: middle(&|run| run.ours.clients_cpu_seconds),
            collector_cpu_seconds: middle(&|run| run.ours.collector_cpu_seconds),
            redis_cpu_seconds: middle(&|run| run.ours.redis_cpu_seconds),
            processor_cpu_seconds: middle(&|run| run.ours.processor_cpu_seconds),
            postgres_cpu_seconds: middle(&|run| run.ours.postgres_cpu_seconds),
        },
        copy_seconds: middle(&|run| run.copy_seconds),
        ratio: middle(&|run| run.copy_seconds / run.ours.seconds),
        goal: GOAL,
        collector_peak_bytes: peak(0),
        processor_peak_bytes: peak(1),
    })
}

async fn run(batches: &Arc<Batches>, events: u64, binary: &Path) -> Result<Run> {
    let redis = RedisServer::parse(&redis_url())?;
    let deployment = Deployment::prepare(binary).await?;
    let (collector, processor) = (deployment.start("collector").await?, deployment.start("processor").await?);
    let mut observer = PgConnection::connect(deployment.database.url()).await?;
    let sending = Sending {
        endpoint: collector.endpoint(),
        key: deployment.key.clone(),
        batches: batches.clone(),
        in_flight: IN_FLIGHT,
    };
    let mut shown = async || -> Result<Through> {
        Ok(Through {
            seconds: 0.0,
            clients_cpu_seconds: process::cpu_seconds(),
            collector_cpu_seconds: collector.cpu_seconds()?,
            redis_cpu_seconds: redis_cpu_seconds(Some(&redis)).await?.unwrap_or_default(),
            processor_cpu_seconds: processor.cpu_seconds()?,
            postgres_cpu_seconds: backend_cpu_seconds(&mut observer).await?.unwrap_or_default(),
        })
    };
    let before = shown().await?;
    let began = Instant::now();
    sending.send(BATCHES).await?;
    let mut watcher = PgConnection::connect(deployment.database.url()).await?;
    while visible_rows(&mut watcher).await? < events {
        tokio::time::sleep(LOOK).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    let after = shown().await?;
    watcher.close().await?;
    observer.close().await?;
    let peaks = [collector.resident_bytes().1, processor.resident_bytes().1];
    drop((collector, processor));
    remove_keys(&redis, &deployment.prefix).await?;
    let copy = copy_again(deployment.database, events).await?;
    let ours = Through {
        seconds,
        clients_cpu_seconds: after.clients_cpu_seconds - before.clients_cpu_seconds,
        collector_cpu_seconds: after.collector_cpu_seconds - before.collector_cpu_seconds,
        redis_cpu_seconds: after.redis_cpu_seconds - before.redis_cpu_seconds,
        processor_cpu_seconds: after.processor_cpu_seconds - before.processor_cpu_seconds,
        postgres_cpu_seconds: after.postgres_cpu_seconds - before.postgres_cpu_seconds,
    };
    Ok(Run { ours, copy_seconds: copy.seconds, peaks })
}
