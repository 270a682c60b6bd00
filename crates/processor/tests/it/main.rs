//! The processor and the compactor on real logs and stores.

mod poison;
mod roads;
mod unreadable;

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    Day, DurationMs, ManualClock, Micros, NewProject, ProjectId, Version, WeekStart, Zone,
    ports::{
        AckLevel, Catalog, Change, DayChanged, EventLog, EventOutcome, EventPosition, EventStore, Notifier, Receipt,
        SegmentKey, SegmentStore,
    },
};
use analytics_processor::{Compactor, CompactorOptions, Processor, ProcessorOptions, ProcessorPorts};
use analytics_segment::{Builder, decode, names};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
};
use analytics_stream::local::{LocalLog, LocalLogOptions, LocalNotifier, NotifierOptions};
use analytics_testkit::sample;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const NOW: Micros = Micros(1_718_000_000_000_000);
/// Long over at `NOW`.
const DAY: Day = Day(19_800);

/// A processor and a compactor that run over directories of their own.
struct Running {
    store: Arc<SqliteStore>,
    segments: Arc<SegmentFiles>,
    notifier: LocalNotifier,
    log: LocalLog,
    project: ProjectId,
    processor: JoinHandle<()>,
    compactor: JoinHandle<()>,
    stop: CancellationToken,
    directory: Arc<TempDir>,
}

impl Running {
    async fn start(options: CompactorOptions) -> Self {
        Self::start_in(Arc::new(TempDir::new().expect("a directory")), options).await
    }

    async fn start_in(directory: Arc<TempDir>, options: CompactorOptions) -> Self {
        let store = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a new store");
        let segments = Arc::new(SegmentFiles::open(directory.path()).expect("a new store"));
        let notifier = LocalNotifier::new(NotifierOptions::default());
        let (log, consumer) = LocalLog::new(LocalLogOptions::default());
        let clock = Arc::new(ManualClock::new(NOW));
        let (compactor, handle) =
            Compactor::new(options, store.clone(), segments.clone(), store.clone(), clock.clone());
        let ports = ProcessorPorts {
            store: store.clone(),
            quarantine: store.clone(),
            notifier: Arc::new(notifier.clone()),
            traces: None,
            compactor: handle,
            clock,
        };
        let processor = Processor::new(ProcessorOptions::default(), Box::new(consumer), ports);
        let name = "web".parse().expect("a name");
        let project = match store.project_by_name(&name).await.expect("readable") {
            Some(project) => project.id,
            None => store.create_project(new_project()).await.expect("a new project").id,
        };
        let stop = CancellationToken::new();
        let compactor = tokio::spawn(compactor.run(stop.clone()));
        let processor = tokio::spawn(async move { processor.run().await.expect("the log works") });
        Self { store, segments, notifier, log, project, processor, compactor, stop, directory }
    }

    async fn append(&self, id: i64, numbers: std::ops::Range<u32>) -> Vec<EventOutcome> {
        let events = numbers.map(|number| sample::event_on(DAY, number)).collect();
        let receipt = self
            .log
            .append(sample::entry(id, self.project, events), AckLevel::Committed { within: DurationMs(60_000) })
            .await;
        match receipt.expect("the store works") {
            Receipt::Committed(outcomes) => outcomes,
            Receipt::Durable => panic!("the embedded log always tells the outcome"),
        }
    }

    /// Waits until the day's segment holds this version.
    async fn segment_of(&self, version: Version) -> SegmentKey {
        let found = async {
            loop {
                let state = self.store.day(self.project, DAY).await.expect("readable").expect("it has events");
                let latest = self.segments.latest(self.project, DAY, state.generation).await.expect("readable");
                if let Some(key) = latest.filter(|key| key.version >= version) {
                    return key;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), found).await.expect("the day is folded")
    }

    async fn stop(self) -> Arc<TempDir> {
        self.stop.cancel();
        self.log.close();
        self.processor.await.expect("it ends");
        self.compactor.await.expect("it ends");
        self.store.close().await.expect("it closes");
        self.directory
    }
}

fn new_project() -> NewProject {
    NewProject {
        name: "web".parse().expect("a name"),
        zone: Zone::utc(),
        week_start: WeekStart::Monday,
        session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [7; 32],
        create_time: NOW,
        ingest: Default::default(),
    }
}

/// Folds nothing by itself within a test.
fn lazy() -> CompactorOptions {
    CompactorOptions { quiet: Duration::from_secs(3600), ..CompactorOptions::default() }
}

#[tokio::test]
async fn what_was_appended_is_stored_once_and_announced() {
    let running = Running::start(lazy()).await;
    let mut changes = running.notifier.subscribe().await.expect("it works");
    assert_eq!(running.append(1, 0..3).await, [EventOutcome::Stored; 3]);
    let again = running.append(2, 1..4).await;
    assert_eq!(again, [EventOutcome::Duplicate, EventOutcome::Duplicate, EventOutcome::Stored]);
    for version in [Version(1), Version(2)] {
        let change = DayChanged { project: running.project, day: DAY, version };
        assert_eq!(changes.next().await, Some(Change::Day(change)));
    }
    let state = running.store.day(running.project, DAY).await.expect("readable").expect("it has events");
    assert_eq!((state.event_count, state.version), (4, Version(2)));
    running.stop().await;
}

#[tokio::test]
async fn a_long_tail_is_folded_at_once_and_older_segments_go() {
    let options = CompactorOptions { tail_events: 10, page_events: 4, ..lazy() };
    let running = Running::start(options).await;
    running.append(1, 0..11).await;
    let first = running.segment_of(Version(1)).await;
    // Ten more are no long tail yet, the eleventh makes it one.
    running.append(2, 11..21).await;
    running.append(3, 21..22).await;
    let second = running.segment_of(Version(3)).await;
    let gone = async {
        while running.segments.column_names(first).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("the first segment was replaced");

    let events = running
        .store
        .read_day(running.project, DAY, EventPosition::after_version(Version(0)), Version(3), 100)
        .await
        .expect("readable");
    let mut expected = Builder::new();
    expected.extend(events.iter().map(|stored| &stored.event));
    let expected = expected.finish().expect("a small day");
    let wanted: Vec<String> = expected.iter().map(|column| column.name.clone()).collect();
    let columns = running.segments.read_columns(second, &wanted).await.expect("readable");
    for (column, expected) in columns.into_iter().zip(expected) {
        let column = column.unwrap_or_else(|| panic!("column {} is missing", expected.name));
        assert_eq!(decode(&column), decode(&expected.bytes), "column {}", expected.name);
    }
    running.stop().await;
}

#[tokio::test]
async fn a_day_that_is_over_is_folded_when_it_is_quiet_also_after_a_restart() {
    let running = Running::start(lazy()).await;
    running.append(1, 0..5).await;
    let directory = running.stop().await;

    let eager = CompactorOptions { quiet: Duration::ZERO, ..CompactorOptions::default() };
    let running = Running::start_in(directory, eager).await;
    let key = running.segment_of(Version(1)).await;
    let time = running.segments.read_columns(key, &[names::TIME.to_owned()]).await.expect("readable");
    let rows = time[0].as_ref().and_then(|bytes| decode(bytes).ok()?.row_count());
    assert_eq!(rows, Some(5));
    running.stop().await;
}
