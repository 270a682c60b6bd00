//! Takes the rows into the store, folds them into segments, and counts what that costs.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use analytics_domain::{
    EntryId, Event, Interval, Millis, Version,
    ports::{DayState, EventPosition, EventStore, LogEntry, SegmentKey, SegmentStore},
};
use analytics_segment::{Builder, names};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
    timescale::{TimescaleOptions, TimescaleStore},
};
use anyhow::Result;
use serde::Serialize;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::{postgres, process, progress::Step, question::PROJECT};

/// How many events an entry of the log has.
const ENTRY_EVENTS: usize = 1_000;
/// How many entries are stored in one transaction: what the processor takes when it is behind.
const COMMIT_ENTRIES: usize = 10;
/// How many events are read from the store at a time when a day is folded, as the compactor does.
const PAGE_EVENTS: usize = 20_000;
/// The compactor's rule: a tail is folded when it has more events than this and than this share of the segment.
const TAIL_EVENTS: i64 = 20_000;
const TAIL_PERCENT: i64 = 10;

/// What the rows cost in the store and in segments.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Stored {
    /// How many events were stored.
    pub(crate) events: u64,
    /// How long the commits took.
    pub(crate) commit_seconds: f64,
    /// How long reading and building the segments took, each day once.
    pub(crate) fold_seconds: f64,
    /// The bytes of the database, without segments.
    pub(crate) database_bytes: u64,
    /// The bytes written to it and to its log. None when another process writes them.
    pub(crate) database_written_bytes: Option<u64>,
    /// The bytes of all columns of the segments but the event ids.
    pub(crate) segment_bytes: u64,
    /// The bytes of the event ids.
    pub(crate) event_id_bytes: u64,
    /// How often the first day was folded while it ran, by the compactor's rule.
    pub(crate) running_day_folds: u64,
    /// The bytes of segments written for the first day, the last one included.
    pub(crate) running_day_written_bytes: u64,
    /// The events of the first day.
    pub(crate) running_day_events: u64,
}

impl Stored {
    pub(crate) fn per_event(&self, bytes: u64) -> f64 {
        bytes as f64 / (self.events as f64).max(1.0)
    }

    /// What each event costs in written bytes, when its day is folded as it grows.
    pub(crate) fn written_bytes_per_event(&self) -> Option<f64> {
        let segments = self.running_day_written_bytes as f64 / (self.running_day_events as f64).max(1.0);
        Some(self.per_event(self.database_written_bytes?) + segments)
    }

    pub(crate) fn stored_bytes_per_event(&self) -> f64 {
        self.per_event(self.database_bytes + self.segment_bytes + self.event_id_bytes)
    }

    pub(crate) fn written_per_stored(&self) -> Option<f64> {
        Some(self.written_bytes_per_event()? / self.stored_bytes_per_event().max(f64::MIN_POSITIVE))
    }
}

/// Stores so many events in a new data directory.
pub(crate) async fn embedded(data_dir: &Path, events: impl Iterator<Item = Event>, count: u64) -> Result<Stored> {
    let store = SqliteStore::open(data_dir, SqliteOptions::default()).await?;
    let mut loading = Loading::new(store.clone(), Arc::new(SegmentFiles::open(data_dir)?));
    let written = loading.commit_all(events, Step::counting("storing events", count)).await?;
    loading.fold_all().await?;
    // What is still in SQLite's log goes into the database now.
    let before = process::written_bytes();
    store.close().await?;
    let mut stored = loading.stored;
    stored.database_written_bytes = Some(written + process::written_bytes() - before);
    stored.database_bytes = file_bytes(data_dir)?;
    Ok(stored)
}

/// Stores so many events in a new database. Tells also what the server is.
pub(crate) async fn production(
    url: &str,
    events: impl Iterator<Item = Event>,
    count: u64,
) -> Result<(Stored, Vec<(String, String)>)> {
    let store = TimescaleStore::connect(url, TimescaleOptions::default()).await?;
    let mut loading = Loading::new(Arc::new(store.clone()), Arc::new(store.clone()));
    loading.commit_all(events, Step::counting("storing events in TimescaleDB", count)).await?;
    loading.fold_all().await?;
    store.close().await;
    let mut stored = loading.stored;
    let mut connection = PgConnection::connect(url).await?;
    // What the database does by itself some time later, and reading is measured after it.
    sqlx::query("VACUUM (ANALYZE) events").execute(&mut connection).await?;
    let bytes = "SELECT hypertable_size('events') + pg_total_relation_size('project_days')";
    let bytes: i64 = sqlx::query(bytes).fetch_one(&mut connection).await?.try_get(0)?;
    stored.database_bytes = bytes.unsigned_abs();
    Ok((stored, postgres::versions(&mut connection).await?))
}

struct Loading {
    store: Arc<dyn EventStore>,
    segments: Arc<dyn SegmentStore>,
    stored: Stored,
}

/// What a fold wrote.
struct Folded {
    events: i64,
    bytes: u64,
    event_id_bytes: u64,
}

impl Loading {
    fn new(store: Arc<dyn EventStore>, segments: Arc<dyn SegmentStore>) -> Self {
        Self { store, segments, stored: Stored::default() }
    }

    /// Returns how many bytes this process wrote meanwhile.
    async fn commit_all(&mut self, mut events: impl Iterator<Item = Event>, step: Step) -> Result<u64> {
        let mut next_entry = 0;
        let (mut commit_time, mut written_bytes) = (Duration::ZERO, 0);
        let mut running_day = RunningDay::default();
        loop {
            let mut entries = Vec::with_capacity(COMMIT_ENTRIES);
            while entries.len() < COMMIT_ENTRIES {
                let events: Vec<_> = events.by_ref().take(ENTRY_EVENTS).collect();
                if events.is_empty() {
                    break;
                }
                next_entry += 1;
                entries.push(LogEntry { id: EntryId(next_entry), project: PROJECT, events });
            }
            if entries.is_empty() {
                break;
            }
            let (began, written) = (Instant::now(), process::written_bytes());
            let commit = self.store.commit(PROJECT, &entries).await?;
            commit_time += began.elapsed();
            written_bytes += process::written_bytes() - written;
            self.stored.events += commit.outcomes.iter().map(|outcomes| outcomes.len() as u64).sum::<u64>();
            step.at(self.stored.events);
            self.follow(&mut running_day).await?;
        }
        self.stored.commit_seconds = commit_time.as_secs_f64();
        self.stored.running_day_folds = running_day.folds;
        self.stored.running_day_written_bytes = running_day.written_bytes;
        Ok(written_bytes)
    }

    /// Folds the first day when the compactor would. One day is enough to know what each costs.
    async fn follow(&mut self, running: &mut RunningDay) -> Result<()> {
        let Some(state) = self.states().await?.into_iter().next() else { return Ok(()) };
        let tail_events = state.event_count - running.folded_events;
        if tail_events > TAIL_EVENTS.max(running.folded_events * TAIL_PERCENT / 100) {
            let folded = self.fold(state).await?;
            running.folds += 1;
            running.folded_events = folded.events;
            running.written_bytes += folded.bytes + folded.event_id_bytes;
        }
        Ok(())
    }

    async fn fold_all(&mut self) -> Result<()> {
        let step = Step::counting("building segments", self.stored.events);
        let began = Instant::now();
        let mut events = 0;
        for (place, state) in self.states().await?.into_iter().enumerate() {
            let folded = self.fold(state).await?;
            self.stored.segment_bytes += folded.bytes;
            self.stored.event_id_bytes += folded.event_id_bytes;
            if place == 0 {
                self.stored.running_day_written_bytes += folded.bytes + folded.event_id_bytes;
                self.stored.running_day_events = folded.events as u64;
            }
            events += folded.events as u64;
            step.at(events);
        }
        self.stored.fold_seconds = began.elapsed().as_secs_f64();
        Ok(())
    }

    async fn states(&self) -> Result<Vec<DayState>> {
        let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
        Ok(self.store.days(PROJECT, always).await?)
    }

    /// Builds a day's segment from the store, the way the processor's compactor does.
    async fn fold(&self, state: DayState) -> Result<Folded> {
        let mut builder = Builder::new();
        let mut after = EventPosition::after_version(Version(0));
        loop {
            let page = self.store.read_day(PROJECT, state.day, after, state.version, PAGE_EVENTS).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            builder.extend(page.iter().map(|stored| &stored.event));
        }
        let columns = tokio::task::spawn_blocking(move || builder.finish()).await??;
        let (ids, others): (Vec<_>, Vec<_>) = columns.iter().partition(|column| column.name == names::EVENT_ID);
        let bytes = |columns: &[&analytics_domain::ports::EncodedColumn]| {
            columns.iter().map(|column| column.bytes.len() as u64).sum()
        };
        let folded = Folded { events: state.event_count, bytes: bytes(&others), event_id_bytes: bytes(&ids) };
        let key = SegmentKey { project: PROJECT, day: state.day, generation: state.generation, version: state.version };
        self.segments.put(key, columns).await?;
        self.segments.remove_before(key).await?;
        Ok(folded)
    }
}

#[derive(Debug, Default)]
struct RunningDay {
    folded_events: i64,
    folds: u64,
    written_bytes: u64,
}

/// The files directly in a directory, together: the database, without the segments.
fn file_bytes(dir: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(dir)? {
        let metadata = entry?.metadata()?;
        if metadata.is_file() {
            bytes += metadata.len();
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Generator;

    #[tokio::test]
    async fn what_is_written_is_counted_and_the_first_day_is_folded_as_it_grows() {
        let dir = tempfile::tempdir().expect("a directory");
        let generator = Generator::new(1, 1_000_000).take(45_000);
        let stored = embedded(dir.path(), generator, 45_000).await.expect("stored");
        assert_eq!(stored.events, 45_000);
        assert_eq!(stored.running_day_folds, 1, "with 30,000 events of the month the first day has more than 20,000");
        let id_bytes = stored.per_event(stored.event_id_bytes);
        assert!((14.0..=16.1).contains(&id_bytes), "{id_bytes} bytes of an id of 16, 10 of them random");
        let final_day_bytes = stored.per_event(stored.segment_bytes + stored.event_id_bytes);
        let running_day_bytes = stored.running_day_written_bytes as f64 / stored.running_day_events as f64;
        assert!((1.5..2.5).contains(&(running_day_bytes / final_day_bytes)), "its first part was written twice");
        assert!(stored.database_written_bytes > Some(stored.database_bytes), "once to the log, once to the database");
    }

    #[tokio::test]
    async fn both_stores_get_the_same_rows_and_segments() {
        let dir = tempfile::tempdir().expect("a directory");
        let embedded = embedded(dir.path(), Generator::new(1, 3_000), 3_000).await.expect("stored");
        let database = analytics_testkit::FreshDatabase::create().await;
        let (production, server) =
            production(database.url(), Generator::new(1, 3_000), 3_000).await.expect("stored in production");
        let of = |stored: &Stored| (stored.events, stored.segment_bytes, stored.event_id_bytes);
        assert_eq!(of(&embedded), of(&production));
        assert_eq!(production.database_written_bytes, None, "another process writes");
        let row_bytes = production.per_event(production.database_bytes);
        assert!((200.0..1_000.0).contains(&row_bytes), "{row_bytes} bytes of a row and its index entries");
        assert_eq!(server[0].0, "PostgreSQL");
    }
}
