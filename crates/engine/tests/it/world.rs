//! A project in the real embedded stores, with its days as segments, as events only, or as both.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use analytics_domain::{
    DurationMs, EntryId, Event, Interval, Micros, Millis, NewProject, Project, QueryScope, Version, WeekStart, Zone,
    ports::{Catalog, DayState, EventPosition, EventStore, LogEntry, SegmentKey, SegmentStore},
};
use analytics_engine::{Engine, EngineOptions};
use analytics_segment::Builder;
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
};

pub(crate) const ALL_TIME: Interval = Interval { start: Millis(i64::MIN / 4000), end: Millis(i64::MAX / 4000) };

pub(crate) struct World {
    pub(crate) events: Arc<SqliteStore>,
    pub(crate) segments: Arc<SegmentFiles>,
    next_number: AtomicI64,
    _directory: tempfile::TempDir,
}

/// How the days of a project are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Every day has a segment with all its events.
    Segments,
    /// There are events only.
    Events,
    /// The first so many events are in segments, the others came later.
    Both(usize),
}

impl World {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let events = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a fresh store");
        let segments = Arc::new(SegmentFiles::open(directory.path()).expect("a fresh store"));
        Self { events, segments, next_number: AtomicI64::new(1), _directory: directory }
    }

    pub(crate) fn engine(&self, cache_bytes: u64) -> Engine {
        Engine::new(EngineOptions { cache_bytes, parallelism: 2 }, self.events.clone(), self.segments.clone())
    }

    fn next_number(&self) -> i64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) async fn project(&self, session_timeout: DurationMs) -> Project {
        let new = NewProject {
            name: format!("project-{}", self.next_number()).parse().expect("a name"),
            zone: Zone::utc(),
            week_start: WeekStart::Monday,
            session_timeout,
            lateness: NewProject::DEFAULT_LATENESS,
            user_hash_secret: [0; 32],
            create_time: Micros(0),
            ingest: Default::default(),
        };
        self.events.create_project(new).await.expect("a new project")
    }

    pub(crate) async fn commit(&self, project: &Project, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let id = EntryId(self.next_number());
        let entry = LogEntry { id, project: project.id, events: events.to_vec() };
        self.events.commit(project.id, &[entry]).await.expect("a commit");
    }

    pub(crate) async fn states(&self, project: &Project) -> Vec<DayState> {
        self.events.days(project.id, ALL_TIME).await.expect("the days")
    }

    /// Makes a segment of every day as it is now.
    pub(crate) async fn compact(&self, project: &Project) {
        for state in self.states(project).await {
            let mut builder = Builder::new();
            let mut after = EventPosition::after_version(Version(i64::MIN));
            loop {
                let page = self.events.read_day(project.id, state.day, after, state.version, 70).await.expect("a page");
                let Some(last) = page.last() else { break };
                after = last.position;
                builder.extend(page.iter().map(|stored| &stored.event));
            }
            let columns = builder.finish().expect("a small day");
            self.segments.put(segment_key(project, &state), columns).await.expect("a segment");
        }
    }

    pub(crate) async fn filled(&self, timeout: DurationMs, events: &[Event], kept: Kept) -> Project {
        let project = self.project(timeout).await;
        match kept {
            Kept::Events => self.commit(&project, events).await,
            Kept::Segments => {
                self.commit(&project, events).await;
                self.compact(&project).await;
            }
            Kept::Both(count) => {
                let (older, newer) = events.split_at(count.min(events.len()));
                self.commit(&project, older).await;
                self.compact(&project).await;
                // In two commits, so that the tail has several versions.
                let (one, two) = newer.split_at(newer.len() / 2);
                self.commit(&project, one).await;
                self.commit(&project, two).await;
            }
        }
        project
    }
}

pub(crate) fn segment_key(project: &Project, state: &DayState) -> SegmentKey {
    SegmentKey { project: project.id, day: state.day, generation: state.generation, version: state.version }
}

pub(crate) fn scope(project: &Project, interval: Interval) -> QueryScope {
    QueryScope { project: project.clone(), interval, zone: Zone::utc(), as_of: Millis(i64::MAX / 4000), filter: None }
}
