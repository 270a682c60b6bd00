//! Keeps day segments fresh in the background.
//!
//! A query reads a day's segment and the tail of events that are newer. A tail is folded into a new segment when it is large, or
//! when the day is over and has been quiet for a while; so tails stay small while each event is rewritten only a few times.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_domain::{
    Clock, Day, Interval, Millis, ProjectId, Version,
    ports::{
        Catalog, CatalogError, DayState, EventPosition, EventStore, SegmentError, SegmentKey, SegmentStore, StoreError,
    },
};
use analytics_segment::{BuildError, Builder, decode, names};
use tokio::{sync::Notify, task::JoinError, time::Instant};
use tokio_util::sync::CancellationToken;

/// When the compactor folds a tail into the segment.
#[derive(Debug, Clone, Copy)]
pub struct CompactorOptions {
    /// At once when the tail has more events than this and than [`tail_percent`](Self::tail_percent) of the segment.
    pub tail_events: i64,
    /// See [`tail_events`](Self::tail_events).
    pub tail_percent: i64,
    /// A day that is over is folded once it got nothing new for so long, however short its tail.
    pub quiet: Duration,
    /// How many events are read from the store at a time.
    pub page_events: usize,
    /// Every day is looked at again so often: another processor may have died with tails of its own.
    pub rescan: Duration,
}

impl Default for CompactorOptions {
    fn default() -> Self {
        Self {
            tail_events: 20_000,
            tail_percent: 10,
            quiet: Duration::from_secs(10),
            page_events: 20_000,
            rescan: Duration::from_secs(600),
        }
    }
}

/// Tells the compactor which days changed. Cheap to clone; never blocks, and holds each day once however often it changes.
#[derive(Debug, Clone, Default)]
pub struct CompactorHandle(Arc<Dirty>);

#[derive(Debug, Default)]
struct Dirty {
    /// Days with a tail, and when they last got events.
    days: Mutex<HashMap<(ProjectId, Day), Instant>>,
    changed: Notify,
}

impl CompactorHandle {
    /// A day got events.
    pub fn day_changed(&self, project: ProjectId, day: Day) {
        self.days().insert((project, day), Instant::now());
        self.0.changed.notify_one();
    }

    /// A day has a tail, since who knows when. One that is known keeps its time, or it would never have been quiet.
    fn found(&self, project: ProjectId, day: Day) {
        self.days().entry((project, day)).or_insert_with(Instant::now);
        self.0.changed.notify_one();
    }

    fn days(&self) -> MutexGuard<'_, HashMap<(ProjectId, Day), Instant>> {
        self.0.days.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a day that was folded, unless it changed since.
    fn folded(&self, key: (ProjectId, Day), changed: Instant) {
        let mut days = self.days();
        if days.get(&key) == Some(&changed) {
            days.remove(&key);
        }
    }

    /// Looks at a day again after another quiet time.
    fn postpone(&self, key: (ProjectId, Day)) {
        self.days().insert(key, Instant::now());
    }
}

/// Why a day could not be folded. It stays as it was: only queries over it are slower.
#[derive(Debug, thiserror::Error)]
enum CompactionError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Segment(#[from] SegmentError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("building a segment ended early: {0}")]
    Ended(#[from] JoinError),
}

/// Folds tails into segments until it is cancelled.
pub struct Compactor {
    options: CompactorOptions,
    store: Arc<dyn EventStore>,
    segments: Arc<dyn SegmentStore>,
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    dirty: CompactorHandle,
}

impl Compactor {
    /// A compactor and the handle by which it hears of changes.
    pub fn new(
        options: CompactorOptions,
        store: Arc<dyn EventStore>,
        segments: Arc<dyn SegmentStore>,
        catalog: Arc<dyn Catalog>,
        clock: Arc<dyn Clock>,
    ) -> (Self, CompactorHandle) {
        let dirty = CompactorHandle::default();
        (Self { options, store, segments, catalog, clock, dirty: dirty.clone() }, dirty)
    }

    /// Runs until cancelled. Starts with the tails that other processes left, and looks for such again from time to time.
    pub async fn run(self, drain: CancellationToken) {
        tokio::select! {
            () = drain.cancelled() => {}
            () = self.work() => {}
        }
    }

    async fn work(&self) {
        let mut rescan = Instant::now();
        loop {
            if rescan <= Instant::now() {
                if let Err(error) = self.find_tails().await {
                    tracing::warn!(%error, "the days that other processes left unfolded could not be listed; trying again later");
                }
                rescan = Instant::now() + self.options.rescan;
            }
            let due = self.dirty.days().values().min().map(|changed| *changed + self.options.quiet);
            // Ends by a change, by the quiet time or for the next rescan; what is due is looked up in any case.
            let changed = self.dirty.0.changed.notified();
            drop(tokio::time::timeout_at(due.unwrap_or(rescan).min(rescan), changed).await);
            self.fold_due_days().await;
        }
    }

    async fn find_tails(&self) -> Result<(), CompactionError> {
        let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
        let mut after = None;
        loop {
            let projects = self.catalog.list_projects(after.as_ref(), 100).await?;
            let Some(last) = projects.last() else { return Ok(()) };
            after = Some(last.name.clone());
            for project in &projects {
                for state in self.store.days(project.id, always).await? {
                    let folded = self.segments.latest(project.id, state.day, state.generation).await?;
                    if folded.is_none_or(|key| key.version < state.version) {
                        self.dirty.found(project.id, state.day);
                    }
                }
            }
        }
    }

    async fn fold_due_days(&self) {
        let mut days: Vec<_> = self.dirty.days().iter().map(|(key, changed)| (*key, *changed)).collect();
        days.sort_by_key(|(_, changed)| *changed);
        for (key @ (project, day), changed) in days {
            let quiet = changed.elapsed() >= self.options.quiet;
            match self.fold_if_due(project, day, quiet).await {
                Ok(Progress::Clean) => self.dirty.folded(key, changed),
                // A running day would stay due for being quiet, and spin.
                Ok(Progress::NotDue) if quiet => self.dirty.postpone(key),
                Ok(Progress::NotDue) => {}
                Err(error) => {
                    tracing::warn!(project = project.0, %day, %error, "a day could not be folded into a segment; trying again later");
                    self.dirty.postpone(key);
                }
            }
        }
    }

    async fn fold_if_due(&self, project: ProjectId, day: Day, quiet: bool) -> Result<Progress, CompactionError> {
        let Some(state) = self.store.day(project, day).await? else { return Ok(Progress::Clean) };
        let latest = self.segments.latest(project, day, state.generation).await?;
        if latest.is_some_and(|key| key.version >= state.version) {
            return Ok(Progress::Clean);
        }
        let folded_events = match latest {
            Some(key) => self.segment_events(key).await?,
            None => 0,
        };
        let tail_events = state.event_count - folded_events;
        let large = tail_events > self.options.tail_events.max(folded_events * self.options.tail_percent / 100);
        let settled = quiet && is_over(day, self.clock.now().to_millis());
        if !(large || settled) {
            return Ok(Progress::NotDue);
        }
        self.fold(project, state).await?;
        Ok(Progress::Clean)
    }

    /// How many events a segment holds; 0 when it cannot be read, so that it is replaced.
    async fn segment_events(&self, key: SegmentKey) -> Result<i64, CompactionError> {
        let bytes = match self.segments.read_columns(key, &[names::TIME.to_owned()]).await {
            Ok(mut columns) => columns.pop().flatten(),
            Err(SegmentError::Gone | SegmentError::Corrupt(_)) => None,
            Err(error @ SegmentError::Unavailable(_)) => return Err(error.into()),
        };
        let rows = bytes.and_then(|bytes| decode(&bytes).ok()?.row_count());
        Ok(rows.map_or(0, |rows| rows as i64))
    }

    /// Builds the day's segment anew from the truth, page by page, and replaces the older ones.
    async fn fold(&self, project: ProjectId, state: DayState) -> Result<(), CompactionError> {
        let started = Instant::now();
        let mut builder = Builder::new();
        let mut after = EventPosition::after_version(Version(0));
        loop {
            let page = self.store.read_day(project, state.day, after, state.version, self.options.page_events).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            builder.extend(page.iter().map(|stored| &stored.event));
        }
        let columns = tokio::task::spawn_blocking(move || builder.finish()).await??;
        let key = SegmentKey { project, day: state.day, generation: state.generation, version: state.version };
        let bytes: usize = columns.iter().map(|column| column.bytes.len()).sum();
        self.segments.put(key, columns).await?;
        self.segments.remove_before(key).await?;
        metrics::counter!("analytics_compactor_segments_total").increment(1);
        metrics::counter!("analytics_compactor_bytes_total").increment(bytes as u64);
        tracing::debug!(project = project.0, day = %state.day, events = state.event_count, bytes, elapsed = ?started.elapsed(), "folded a day into a segment");
        Ok(())
    }
}

enum Progress {
    /// The segment holds every event of the day.
    Clean,
    /// The tail may stay for now.
    NotDue,
}

/// A day is over when it has ended in every zone of the world, the westernmost being twelve hours behind UTC.
fn is_over(day: Day, now: Millis) -> bool {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    now.0 >= (i64::from(day.0) + 1) * DAY_MS + DAY_MS / 2
}
