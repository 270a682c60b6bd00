//! How fast the processor stores a backlog: entries that wait in Redis become rows of the hypertable, as the `processor` role makes them.
//! Beside it, on the same server and into a hypertable with the same indexes, a plain binary COPY of the very rows that came out.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use analytics_domain::{
    EntryId, Event, ProjectId, SystemClock,
    ports::{AckLevel, EventLog as _, LogEntry},
};
use analytics_processor::{CompactorHandle, Processor, ProcessorOptions, ProcessorPorts};
use analytics_storage::timescale::{TimescaleOptions, TimescaleStore};
use analytics_stream::redis::{
    RedisLog, RedisLogOptions, RedisNotifier, RedisNotifierOptions, RedisServer, RedisShards,
};
use analytics_testkit::{FreshDatabase, servers::redis_url};
use anyhow::{Context as _, Result, ensure};
use futures::{StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    compare::median,
    generator::Generator,
    postgres::{Payload, backend_cpu_seconds},
    process,
    progress::Step,
};

/// The least share of COPY's rows a second that the processor should store.
pub(crate) const GOAL: f64 = 0.85;
/// Among so many projects the entries are dealt out. One project is one shard of the log, and one transaction after another.
const PROJECTS: [u32; 2] = [1, 8];
/// No larger backlog is made, for Redis holds it in memory.
const MOST_EVENTS: u64 = 1_000_000;
/// What a batch of an SDK may have.
const ENTRY_EVENTS: usize = 100;
/// How many entries are appended at once when the backlog is made.
const APPENDS: usize = 64;
/// How often both are measured, in turn. The medians count.
const RUNS: usize = 3;
/// How often it is looked whether all rows are there.
pub(crate) const LOOK: Duration = Duration::from_millis(5);

/// A backlog and how fast it went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Backlog {
    pub(crate) events: u64,
    pub(crate) entry_events: usize,
    pub(crate) projects: u32,
    /// From the log into the store: medians.
    pub(crate) processor: Spent,
    /// The same rows by COPY: medians.
    pub(crate) copy: Spent,
    /// COPY's seconds ÷ the processor's: the median of the runs.
    pub(crate) ratio: f64,
    /// The same of what the database's processes computed.
    pub(crate) postgres_cpu_ratio: Option<f64>,
    /// The least that the ratio should be.
    pub(crate) goal: f64,
}

/// What it took. Seconds of processors are of all processes of a kind; none when they run on another machine.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(crate) struct Spent {
    pub(crate) seconds: f64,
    pub(crate) postgres_cpu_seconds: Option<f64>,
    pub(crate) redis_cpu_seconds: Option<f64>,
    pub(crate) our_cpu_seconds: f64,
}

impl Spent {
    pub(crate) fn per_second(&self, events: u64) -> f64 {
        events as f64 / self.seconds
    }
}

pub(crate) async fn measure(seed: u64, events: u64) -> Result<Vec<Backlog>> {
    let events = events.min(MOST_EVENTS);
    let step = Step::counting("storing a backlog", RUNS as u64 * PROJECTS.len() as u64 * events * 2);
    let mut measured = Vec::new();
    let mut done = 0;
    for projects in PROJECTS {
        let mut runs = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let (database, processor) = store_backlog(seed, events, projects).await?;
            step.at(done + events);
            let copy = copy_again(database, events).await?;
            done += 2 * events;
            step.at(done);
            runs.push((processor, copy));
        }
        measured.push(Backlog::of(events, projects, &runs));
    }
    Ok(measured)
}

impl Backlog {
    fn of(events: u64, projects: u32, runs: &[(Spent, Spent)]) -> Self {
        let middle = |value: fn(&(Spent, Spent)) -> f64| median(runs.iter().map(value));
        // Of those that are known.
        let middle_of_some = |value: fn(&(Spent, Spent)) -> Option<f64>| {
            let known: Option<Vec<f64>> = runs.iter().map(value).collect();
            known.map(|values| median(values.into_iter()))
        };
        let processor = Spent {
            seconds: middle(|(processor, _)| processor.seconds),
            postgres_cpu_seconds: middle_of_some(|(processor, _)| processor.postgres_cpu_seconds),
            redis_cpu_seconds: middle_of_some(|(processor, _)| processor.redis_cpu_seconds),
            our_cpu_seconds: middle(|(processor, _)| processor.our_cpu_seconds),
        };
        let copy = Spent {
            seconds: middle(|(_, copy)| copy.seconds),
            postgres_cpu_seconds: middle_of_some(|(_, copy)| copy.postgres_cpu_seconds),
            redis_cpu_seconds: None,
            our_cpu_seconds: middle(|(_, copy)| copy.our_cpu_seconds),
        };
        let ratio = middle(|(processor, copy)| copy.seconds / processor.seconds);
        let postgres_cpu_ratio =
            middle_of_some(|(processor, copy)| Some(copy.postgres_cpu_seconds? / processor.postgres_cpu_seconds?));
        Self { events, entry_events: ENTRY_EVENTS, projects, processor, copy, ratio, postgres_cpu_ratio, goal: GOAL }
    }
}

/// Makes a backlog and measures until all of it is in the new database that is returned.
async fn store_backlog(seed: u64, events: u64, projects: u32) -> Result<(FreshDatabase, Spent)> {
    let server = RedisServer::parse(&redis_url())?;
    let options = log_options();
    fill(&server, &options, Generator::new(seed, events), projects).await?;

    let database = FreshDatabase::create().await;
    let store = TimescaleStore::connect(database.url(), TimescaleOptions::default()).await?;
    let mut observer = PgConnection::connect(database.url()).await?;
    observer.execute("CHECKPOINT").await?;
    let clocks = Clocks::start(&mut observer, Some(&server)).await?;

    let stop = CancellationToken::new();
    let shards = RedisShards::open(&server, options.clone(), stop.clone()).await?;
    let notifier = RedisNotifier::new(server.shared(), &options.prefix, RedisNotifierOptions::default());
    let store_of_events = Arc::new(store.clone());
    let ports = ProcessorPorts {
        store: store_of_events.clone(),
        quarantine: store_of_events,
        notifier: Arc::new(notifier),
        traces: None,
        compactor: CompactorHandle::default(),
        clock: Arc::new(SystemClock),
    };
    let processors = tokio::spawn(process_shards(shards, ports));
    while visible_rows(&mut observer).await? < events {
        ensure!(!processors.is_finished(), "the processor ended before everything was stored");
        tokio::time::sleep(LOOK).await;
    }
    let spent = clocks.stop(&mut observer, Some(&server)).await?;

    stop.cancel();
    processors.await??;
    store.close().await;
    observer.close().await?;
    remove_keys(&server, &options.prefix).await?;
    Ok((database, spent))
}

/// Larger bounds than a log has by default, and keys of its own.
fn log_options() -> RedisLogOptions {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let prefix = format!("analytics-bench-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    RedisLogOptions { prefix, max_shard_events: 1 << 40, max_shard_bytes: 1 << 40, ..RedisLogOptions::default() }
}

async fn fill(
    server: &RedisServer,
    options: &RedisLogOptions,
    mut events: impl Iterator<Item = Event>,
    projects: u32,
) -> Result<()> {
    let log = RedisLog::open(server, options.clone()).await?;
    let entries = (1..).map_while(|number: i64| {
        let events: Vec<_> = events.by_ref().take(ENTRY_EVENTS).collect();
        let project = ProjectId(1 + number % i64::from(projects));
        (!events.is_empty()).then_some(LogEntry { id: EntryId(number), project, events })
    });
    let appends = entries.map(|entry| log.append(entry, AckLevel::Durable));
    futures::stream::iter(appends).buffered(APPENDS).try_for_each(|_| async { Ok(()) }).await?;
    Ok(())
}

/// As the role does, but nothing is folded meanwhile: both sides write rows alone.
async fn process_shards(mut shards: RedisShards, ports: ProcessorPorts) -> Result<()> {
    let mut processors = JoinSet::new();
    while let Some(consumer) = shards.next_shard().await {
        let processor = Processor::new(ProcessorOptions::default(), Box::new(consumer), ports.clone());
        processors.spawn(processor.run());
    }
    while let Some(ended) = processors.join_next().await {
        ended??;
    }
    Ok(())
}

pub(crate) async fn visible_rows(observer: &mut PgConnection) -> Result<u64> {
    let query = "SELECT coalesce(sum(event_count), 0)::bigint FROM project_days";
    let rows: i64 = sqlx::query(query).fetch_one(observer).await?.try_get(0)?;
    Ok(rows.unsigned_abs())
}

/// Takes the rows out of a database and copies them into another new one, in transactions of the same size.
pub(crate) async fn copy_again(stored: FreshDatabase, events: u64) -> Result<Spent> {
    let mut connection = PgConnection::connect(stored.url()).await?;
    connection.execute("SET work_mem = '256MB'").await?;
    let payload = Payload::of_query(&mut connection, "SELECT * FROM events ORDER BY entry_id, ordinal").await?;
    ensure!(payload.len() as u64 == events, "{} rows of {events} events were stored", payload.len());
    connection.close().await?;
    drop(stored);

    let database = FreshDatabase::create().await;
    TimescaleStore::connect(database.url(), TimescaleOptions::default()).await?.close().await;
    let mut connection = PgConnection::connect(database.url()).await?;
    connection.execute("CHECKPOINT").await?;
    let clocks = Clocks::start(&mut connection, None).await?;
    let rows = ProcessorOptions::default().max_events_per_commit;
    for first in (0..payload.len()).step_by(rows) {
        payload.copy_into(&mut connection, "events", first..payload.len().min(first + rows)).await?;
    }
    clocks.stop(&mut connection, None).await
}

/// What clocks showed at the start.
struct Clocks {
    began: Instant,
    shown: Spent,
}

impl Clocks {
    async fn start(database: &mut PgConnection, redis: Option<&RedisServer>) -> Result<Self> {
        let shown = Spent {
            seconds: 0.0,
            postgres_cpu_seconds: backend_cpu_seconds(database).await?,
            redis_cpu_seconds: redis_cpu_seconds(redis).await?,
            our_cpu_seconds: process::cpu_seconds(),
        };
        Ok(Self { began: Instant::now(), shown })
    }

    async fn stop(self, database: &mut PgConnection, redis: Option<&RedisServer>) -> Result<Spent> {
        let seconds = self.began.elapsed().as_secs_f64();
        let our_cpu_seconds = process::cpu_seconds() - self.shown.our_cpu_seconds;
        let since = |now: Option<f64>, then: Option<f64>| now.zip(then).map(|(now, then)| now - then);
        Ok(Spent {
            seconds,
            postgres_cpu_seconds: since(backend_cpu_seconds(database).await?, self.shown.postgres_cpu_seconds),
            redis_cpu_seconds: since(redis_cpu_seconds(redis).await?, self.shown.redis_cpu_seconds),
            our_cpu_seconds,
        })
    }
}

pub(crate) async fn redis_cpu_seconds(server: Option<&RedisServer>) -> Result<Option<f64>> {
    let Some(server) = server else { return Ok(None) };
    let info: String = server.shared().query(redis::cmd("INFO").arg("cpu")).await?;
    let seconds = |label: &str| info.lines().find_map(|line| line.strip_prefix(label)?.parse::<f64>().ok());
    Ok(seconds("used_cpu_sys:").zip(seconds("used_cpu_user:")).map(|(system, user)| system + user))
}

pub(crate) async fn remove_keys(server: &RedisServer, prefix: &str) -> Result<()> {
    let connection = server.shared();
    let keys: Vec<String> = connection.query(redis::cmd("KEYS").arg(format!("{prefix}*"))).await?;
    if !keys.is_empty() {
        connection.query::<()>(redis::cmd("DEL").arg(keys)).await.context("removing the keys of the backlog")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_backlog_becomes_as_many_rows_as_it_has_events_and_copy_gets_the_same_ones() {
        let (database, processor) = store_backlog(1, 3_000, 2).await.expect("stored");
        let mut connection = PgConnection::connect(database.url()).await.expect("connected");
        let projects = "SELECT project_id, count(*) FROM events GROUP BY 1 ORDER BY 1";
        let rows = sqlx::query(projects).fetch_all(&mut connection).await.expect("rows");
        let rows: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert_eq!(rows, [(1, 1_500), (2, 1_500)]);
        assert!(processor.seconds > 0.0 && processor.our_cpu_seconds > 0.0, "{processor:?}");
        let copy = copy_again(database, 3_000).await.expect("copied");
        assert!(copy.seconds > 0.0 && copy.redis_cpu_seconds.is_none(), "{copy:?}");
    }

    #[test]
    fn a_ratio_is_of_one_run_and_the_median_counts() {
        let spent = |seconds| Spent { seconds, postgres_cpu_seconds: Some(seconds * 2.0), ..Spent::default() };
        let runs = [(spent(1.0), spent(0.5)), (spent(2.0), spent(2.0)), (spent(10.0), spent(6.0))];
        let backlog = Backlog::of(100, 1, &runs);
        assert_eq!((backlog.ratio, backlog.processor.seconds, backlog.copy.seconds), (0.6, 2.0, 2.0));
        assert_eq!(backlog.postgres_cpu_ratio, Some(0.6));
        assert_eq!(backlog.copy.redis_cpu_seconds, None);
    }
}
