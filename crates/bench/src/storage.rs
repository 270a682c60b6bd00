//! What the events cost on disk, in memory and in time, as JSON and as a table.

use comfy_table::Table;
use serde::Serialize;

use crate::{
    compare::Memory,
    load::Stored,
    report::{mark, new_table},
};

const MIB: f64 = (1 << 20) as f64;
/// Bytes of an event in segments without its id, and written bytes for each stored one.
const STORED_GOAL: f64 = 12.0;
const WRITTEN_GOAL: f64 = 12.0;

/// Of all that store the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Storage {
    /// SQLite and segment files.
    pub(crate) embedded: InStore,
    /// TimescaleDB.
    pub(crate) production: InStore,
    /// The bytes of DuckDB's file.
    pub(crate) duckdb_bytes: u64,
    /// The most of each that there should be.
    pub(crate) segment_bytes_goal: f64,
    /// See there.
    pub(crate) written_per_stored_goal: f64,
}

/// What the events took on disk and in time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct InStore {
    /// As counted.
    #[serde(flatten)]
    pub(crate) stored: Stored,
    /// Bytes of an event in segments, without its id.
    pub(crate) segment_bytes_per_event: f64,
    /// Bytes of an event's id.
    pub(crate) event_id_bytes_per_event: f64,
    /// Bytes of an event in the database.
    pub(crate) database_bytes_per_event: f64,
    /// Bytes written for an event, its day's segment being written again as the day grows. None when another process writes them.
    pub(crate) written_bytes_per_event: Option<f64>,
    /// Bytes written for each byte that is stored in the end.
    pub(crate) written_per_stored: Option<f64>,
    /// Events committed a second.
    pub(crate) commits_per_second: f64,
    /// Events read and folded into segments a second.
    pub(crate) folds_per_second: f64,
}

impl Storage {
    pub(crate) fn new(embedded: Stored, production: Stored, duckdb_bytes: u64) -> Self {
        Self {
            embedded: embedded.into(),
            production: production.into(),
            duckdb_bytes,
            segment_bytes_goal: STORED_GOAL,
            written_per_stored_goal: WRITTEN_GOAL,
        }
    }

    /// For people.
    pub(crate) fn to_table(&self, memory: &Memory) -> Table {
        let mut table = new_table(&["storage and memory", "embedded", "production", "DuckDB", "goal"]);
        let stores = [&self.embedded, &self.production];
        let mut row = |name: &str, value: &dyn Fn(&InStore) -> Option<String>, duckdb: Option<String>, goal: String| {
            let ours = stores.map(|store| value(store).unwrap_or_default());
            table.add_row([&[name.to_owned()], ours.as_slice(), &[duckdb.unwrap_or_default(), goal]].concat());
        };
        let worst = |value: fn(&InStore) -> Option<f64>| stores.into_iter().filter_map(value).fold(0.0, f64::max);
        let goal = |value: f64, goal: f64| format!("{goal}{}", mark(value <= goal));
        let some = |value: f64, digits: usize| Some(format!("{value:.digits$}"));
        row(
            "segment bytes per event, all columns but the event id",
            &|store| some(store.segment_bytes_per_event, 1),
            None,
            goal(worst(|store| Some(store.segment_bytes_per_event)), STORED_GOAL),
        );
        row("event id bytes per event", &|store| some(store.event_id_bytes_per_event, 1), None, String::new());
        row(
            "database bytes per event (DuckDB: without event ids)",
            &|store| some(store.database_bytes_per_event, 0),
            some(self.embedded.stored.per_event(self.duckdb_bytes), 1),
            String::new(),
        );
        row(
            "bytes written per byte stored",
            &|store| some(store.written_per_stored?, 1),
            None,
            goal(worst(|store| store.written_per_stored), WRITTEN_GOAL),
        );
        row("bytes written per event", &|store| some(store.written_bytes_per_event?, 0), None, String::new());
        row("events committed per second", &|store| some(store.commits_per_second, 0), None, String::new());
        row("events folded into segments per second", &|store| some(store.folds_per_second, 0), None, String::new());
        let mebibytes = |value: [u64; 3]| value.map(|bytes| format!("{:.0}", bytes as f64 / MIB));
        let sides = [memory.embedded, memory.production, memory.duckdb];
        for (name, values) in [
            ("MiB of memory of the engine's process", sides.map(|side| side.bytes)),
            ("the most that it ever was", sides.map(|side| side.peak_bytes)),
        ] {
            let [embedded, production, duckdb] = mebibytes(values);
            table.add_row(vec![name.to_owned(), embedded, production, duckdb, String::new()]);
        }
        table
    }
}

impl From<Stored> for InStore {
    fn from(stored: Stored) -> Self {
        let events = stored.events as f64;
        Self {
            segment_bytes_per_event: stored.per_event(stored.segment_bytes),
            event_id_bytes_per_event: stored.per_event(stored.event_id_bytes),
            database_bytes_per_event: stored.per_event(stored.database_bytes),
            written_bytes_per_event: stored.written_bytes_per_event(),
            written_per_stored: stored.written_per_stored(),
            commits_per_second: events / stored.commit_seconds,
            folds_per_second: events / stored.fold_seconds,
            stored,
        }
    }
}
