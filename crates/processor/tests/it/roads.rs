//! Both ways from a log into a store, each with real servers.

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    Clock, DurationMs, Event, Interval, ManualClock, Millis, ProjectId, QuarantineId, SystemClock, Version,
    ports::{
        AckLevel, EventLog, EventPosition, EventStore, LogEntry, LogError, Notifier, Quarantine, Quarantined, Receipt,
        StoredEvent, TraceLog,
    },
};
use analytics_processor::{CompactorHandle, Processor, ProcessorOptions, ProcessorPorts};
use analytics_storage::{
    sqlite::{SqliteOptions, SqliteStore},
    timescale::{TimescaleOptions, TimescaleStore},
};
use analytics_stream::{
    TraceLogOptions,
    local::{LocalLog, LocalLogOptions, LocalNotifier, LocalTraceLog, NotifierOptions},
    redis::{RedisLog, RedisLogOptions, RedisServer, RedisShards},
};
use analytics_testkit::{FreshDatabase, servers::redis_url};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longer than any log waits.
pub(crate) const COMMITTED: AckLevel = AckLevel::Committed { within: DurationMs(60_000) };

/// A store with its quarantine, and whatever keeps it.
pub(crate) trait Stores: EventStore + Quarantine {}

impl<T: EventStore + Quarantine> Stores for T {}

/// A log, a processor and a store.
pub(crate) struct Road {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) store: Arc<dyn Stores>,
    pub(crate) traces: LocalTraceLog,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) place: Place,
}

/// Where the store is, for whoever meddles with it, and how the log is stopped.
pub(crate) enum Place {
    Embedded { directory: TempDir, log: LocalLog, processor: JoinHandle<Result<(), LogError>> },
    Services { database: Database, redis: Arc<RedisPrefix>, stop: CancellationToken },
}

/// A database of one test.
pub(crate) enum Database {
    Shared(FreshDatabase),
    At(String),
}

impl Database {
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Shared(database) => database.url(),
            Self::At(url) => url,
        }
    }
}

/// Options under which nobody waits for long.
pub(crate) fn quick() -> ProcessorOptions {
    ProcessorOptions { retry_after: DurationMs(50), refused_retry_after: DurationMs(20), ..ProcessorOptions::default() }
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(SystemClock.now()))
}

impl Road {
    pub(crate) async fn embedded(options: ProcessorOptions) -> Self {
        let directory = TempDir::new().expect("a directory");
        let store = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a new store");
        let (log, consumer) =
            LocalLog::new(LocalLogOptions { max_wait: Duration::from_secs(60), ..Default::default() });
        let clock = clock();
        let traces = LocalTraceLog::new(TraceLogOptions::default(), clock.clone());
        let ports = ports(store.clone(), store.clone(), &traces, &clock);
        let processor = tokio::spawn(Processor::new(options, Box::new(consumer), ports).run());
        let place = Place::Embedded { directory, log: log.clone(), processor };
        Self { log: Arc::new(log), store, traces, clock, place }
    }

    pub(crate) async fn services(options: ProcessorOptions) -> Self {
        Self::services_at(Database::Shared(FreshDatabase::create().await), options).await
    }

    pub(crate) async fn services_at(database: Database, options: ProcessorOptions) -> Self {
        let store = TimescaleStore::connect(database.url(), TimescaleOptions::default()).await.expect("a new database");
        let store = Arc::new(store);
        let redis = Arc::new(RedisPrefix(format!("test-{:032x}", rand::random::<u128>())));
        let server = RedisServer::parse(&redis_url()).expect("an address of Redis");
        let log_options = RedisLogOptions {
            prefix: redis.0.clone(),
            shards: 1,
            max_wait: Duration::from_secs(60),
            reclaim_interval: Duration::from_millis(300),
            ..RedisLogOptions::default()
        };
        let log = RedisLog::open(&server, log_options.clone()).await.expect("the server is there");
        let stop = CancellationToken::new();
        let mut shards = RedisShards::open(&server, log_options, stop.clone()).await.expect("the server is there");
        let clock = clock();
        let traces = LocalTraceLog::new(TraceLogOptions::default(), clock.clone());
        let ports = ports(store.clone(), store.clone(), &traces, &clock);
        tokio::spawn(async move {
            while let Some(consumer) = shards.next_shard().await {
                let processor = Processor::new(options, Box::new(consumer), ports.clone());
                tokio::spawn(async move { processor.run().await.expect("the log works") });
            }
        });
        Self { log: Arc::new(log), store, traces, clock, place: Place::Services { database, redis, stop } }
    }

    pub(crate) async fn append(&self, entry: LogEntry) -> Receipt {
        self.log.append(entry, COMMITTED).await.expect("there is room")
    }

    /// Runs a statement as somebody else who has the database open.
    pub(crate) async fn meddle(&self, embedded: &str, services: &str) {
        match &self.place {
            Place::Embedded { directory, .. } => {
                let files = std::fs::read_dir(directory.path()).expect("it is there").flatten();
                let file =
                    files.map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "sqlite3"));
                let url = format!("sqlite://{}", file.expect("a database").display());
                let mut shell = SqliteConnection::connect(&url).await.expect("it is there");
                run_on(sqlx::raw_sql(AssertSqlSafe(embedded.to_owned())).execute(&mut shell).await);
            }
            Place::Services { database, .. } => {
                let mut shell = PgConnection::connect(database.url()).await.expect("it is there");
                run_on(sqlx::raw_sql(AssertSqlSafe(services.to_owned())).execute(&mut shell).await);
            }
        }
    }

    /// Adds fields to the stream of the log as they are.
    pub(crate) fn add_to_stream(&self, fields: &[(&str, &[u8])]) {
        let Place::Services { redis, .. } = &self.place else { panic!("the embedded log has no stream") };
        let mut add = redis::cmd("XADD");
        add.arg(format!("{}:{{log-00}}:entries", redis.0)).arg("*");
        for (name, value) in fields {
            add.arg(name).arg(value);
        }
        let _id: String = add.query(&mut connection()).expect("the server answers");
    }

    /// How many entries are in the log.
    pub(crate) fn entries_in_log(&self) -> usize {
        let Place::Services { redis, .. } = &self.place else { panic!("the embedded log has no stream") };
        let length = redis::cmd("XLEN").arg(format!("{}:{{log-00}}:entries", redis.0)).query(&mut connection());
        length.expect("the server answers")
    }

    /// Everything in quarantine.
    pub(crate) async fn quarantined(&self) -> Vec<Quarantined> {
        let mut all = Vec::new();
        let mut after: Option<QuarantineId> = None;
        loop {
            let page = self.store.list_quarantined(None, after, 100).await.expect("the store works");
            let Some(last) = page.last() else { return all };
            after = Some(last.id);
            all.extend(page);
        }
    }

    /// Everything that is stored of a project.
    pub(crate) async fn stored(&self, project: ProjectId) -> Vec<StoredEvent> {
        let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
        let mut all = Vec::new();
        for state in self.store.days(project, always).await.expect("the store works") {
            let first = EventPosition::after_version(Version(0));
            let of_day = self.store.read_day(project, state.day, first, Version(i64::MAX), 1_000_000).await;
            all.extend(of_day.expect("the store works"));
        }
        all
    }

    pub(crate) async fn stop(self) {
        match self.place {
            Place::Embedded { log, processor, .. } => {
                log.close();
                processor.await.expect("it ends").expect("the log works");
            }
            Place::Services { stop, .. } => stop.cancel(),
        }
    }
}

fn run_on<T>(done: Result<T, sqlx::Error>) {
    done.unwrap_or_else(|error| panic!("{error}"));
}

fn ports(
    store: Arc<dyn EventStore>,
    quarantine: Arc<dyn Quarantine>,
    traces: &LocalTraceLog,
    clock: &Arc<ManualClock>,
) -> ProcessorPorts {
    let notifier: Arc<dyn Notifier> = Arc::new(LocalNotifier::new(NotifierOptions::default()));
    let traces: Option<Arc<dyn TraceLog>> = Some(Arc::new(traces.clone()));
    ProcessorPorts { store, quarantine, notifier, traces, compactor: CompactorHandle::default(), clock: clock.clone() }
}

/// The record of an entry with this event alone.
pub(crate) fn record_of(entry: &LogEntry, event: &Event) -> Vec<u8> {
    analytics_records::encode(LogEntry { events: vec![event.clone()], ..*entry }, "")
}

/// The keys of one test, which go with it.
pub(crate) struct RedisPrefix(pub(crate) String);

impl Drop for RedisPrefix {
    fn drop(&mut self) {
        let mut connection = connection();
        let mut scan = redis::cmd("SCAN");
        scan.cursor_arg(0).arg("MATCH").arg(format!("{}:*", self.0)).arg("COUNT").arg(1000);
        let found = scan.iter::<String>(&mut connection).expect("the server answers");
        let keys: Vec<String> = found.map(|key| key.expect("keys are text")).collect();
        if !keys.is_empty() {
            let () = redis::cmd("UNLINK").arg(keys).query(&mut connection).expect("the server answers");
        }
    }
}

fn connection() -> redis::Connection {
    let client = redis::Client::open(redis_url()).expect("an address of Redis");
    client.get_connection().expect("the server is there")
}

/// Waits until a question is answered with yes.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, question: impl Fn() -> F) {
    let asking = async {
        while !question().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.unwrap_or_else(|_| panic!("{what}: never"));
}
