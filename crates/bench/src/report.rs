//! What was measured, as JSON and as tables.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::{
    compare::{Compared, Memory, Times},
    load::Stored,
    process::Machine,
};

const MIB: f64 = (1 << 20) as f64;
/// Bytes of an event in segments without its id, and written bytes for each stored one.
const STORED_GOAL: f64 = 12.0;
const WRITTEN_GOAL: f64 = 12.0;

/// Everything that was measured in one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    /// On what.
    pub(crate) machine: Machine,
    /// With what: names and versions.
    pub(crate) versions: Vec<(String, String)>,
    /// The seed of the rows.
    pub(crate) seed: u64,
    /// How often each question was asked with warm caches.
    pub(crate) runs: u32,
    /// One for each number of events.
    pub(crate) sizes: Vec<Size>,
}

/// What was measured over one number of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Size {
    /// How many events there were.
    pub(crate) events: u64,
    /// The questions.
    pub(crate) questions: Vec<Compared>,
    /// What the events took.
    pub(crate) storage: Storage,
    /// The memory of the processes that answered.
    pub(crate) memory: Memory,
}

/// What the events took on disk and in time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Storage {
    /// As counted.
    #[serde(flatten)]
    pub(crate) stored: Stored,
    /// Bytes of an event in segments, without its id.
    pub(crate) segment_bytes_per_event: f64,
    /// Bytes of an event's id.
    pub(crate) event_id_bytes_per_event: f64,
    /// Bytes of an event in the database.
    pub(crate) database_bytes_per_event: f64,
    /// Bytes written for an event, its day's segment being written again as the day grows.
    pub(crate) written_bytes_per_event: f64,
    /// Bytes written for each byte that is stored in the end.
    pub(crate) written_per_stored: f64,
    /// Events committed a second.
    pub(crate) commits_per_second: f64,
    /// Events read and folded into segments a second.
    pub(crate) folds_per_second: f64,
    /// The bytes of DuckDB's file.
    pub(crate) duckdb_bytes: u64,
    /// The most of each that there should be.
    pub(crate) segment_bytes_goal: f64,
    /// See there.
    pub(crate) written_per_stored_goal: f64,
}

impl Storage {
    pub(crate) fn new(stored: Stored, duckdb_bytes: u64) -> Self {
        let events = stored.events as f64;
        Self {
            segment_bytes_per_event: stored.per_event(stored.segment_bytes),
            event_id_bytes_per_event: stored.per_event(stored.event_id_bytes),
            database_bytes_per_event: stored.per_event(stored.database_bytes),
            written_bytes_per_event: stored.written_bytes_per_event(),
            written_per_stored: stored.written_per_stored(),
            commits_per_second: events / stored.commit_seconds,
            folds_per_second: events / stored.fold_seconds,
            duckdb_bytes,
            segment_bytes_goal: STORED_GOAL,
            written_per_stored_goal: WRITTEN_GOAL,
            stored,
        }
    }
}

impl Report {
    /// The questions whose answers differ, in sentences.
    pub(crate) fn differences(&self) -> Vec<String> {
        let of_size = |size: &Size| {
            let events = size.events;
            let told = move |question: &Compared| {
                let difference = question.difference.as_ref()?;
                Some(format!("`{}` over {events} events: {difference}", question.name))
            };
            size.questions.iter().filter_map(told).collect::<Vec<_>>()
        };
        self.sizes.iter().flat_map(of_size).collect()
    }

    /// For people.
    pub(crate) fn to_text(&self) -> String {
        let machine = &self.machine;
        let gib = machine.memory_bytes as f64 / (1_u64 << 30) as f64;
        let versions: Vec<String> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        let mut text = format!(
            "{} cores ({}), {gib:.0} GiB, Linux {}; {}\n",
            machine.cores,
            machine.processor,
            machine.kernel,
            versions.join(", ")
        );
        for size in &self.sizes {
            let _ = write!(text, "\n{}\n{}\n{}\n", heading(size), questions(size), storage(size));
        }
        text.push_str(
            "\nTimes are medians in milliseconds; a ratio is ours over DuckDB's, and CPU the same of what all threads computed.\n\
             Cold: a new engine, and a new connection of DuckDB. Goals are the most that a value should be.\n",
        );
        text
    }
}

fn heading(size: &Size) -> String {
    format!("{} events over 30 days", indicatif::HumanCount(size.events))
}

fn questions(size: &Size) -> Table {
    let mut table = new_table(&[
        "question",
        "rows",
        "equal",
        "warm: ours",
        "DuckDB",
        "ratio",
        "goal",
        "CPU",
        "cold: ours",
        "DuckDB",
        "ratio",
        "goal",
    ]);
    for question in &size.questions {
        let equal = if question.difference.is_none() { "yes" } else { "NO" };
        let (warm, cold) = (&question.warm, &question.cold);
        table.add_row(vec![
            format!("{} ({})", question.name, question.title),
            question.rows.to_string(),
            equal.to_owned(),
            milliseconds(warm.ours_ms),
            milliseconds(warm.duckdb_ms),
            judged(warm),
            format!("{}", warm.goal),
            format!("{:.3}", warm.cpu_ratio),
            milliseconds(cold.ours_ms),
            milliseconds(cold.duckdb_ms),
            judged(cold),
            format!("{}", cold.goal),
        ]);
    }
    table
}

fn storage(size: &Size) -> Table {
    let (storage, memory) = (&size.storage, &size.memory);
    let mut table = new_table(&["storage and memory", "value", "goal"]);
    let goal = |value: f64, goal: f64| format!("{goal}{}", mark(value, goal));
    let mut row = |name: &str, value: String, goal: String| {
        table.add_row(vec![name.to_owned(), value, goal]);
    };
    let none = String::new;
    let (segment, written) = (storage.segment_bytes_per_event, storage.written_per_stored);
    row("segment bytes per event, all columns but the event id", format!("{segment:.1}"), goal(segment, STORED_GOAL));
    row("event id bytes per event", format!("{:.1}", storage.event_id_bytes_per_event), none());
    row("database bytes per event", format!("{:.0}", storage.database_bytes_per_event), none());
    row("bytes written per byte stored", format!("{written:.1}"), goal(written, WRITTEN_GOAL));
    row("bytes written per event", format!("{:.0}", storage.written_bytes_per_event), none());
    row("events committed per second", format!("{:.0}", storage.commits_per_second), none());
    row("events folded into segments per second", format!("{:.0}", storage.folds_per_second), none());
    let peak = |now: u64, peak: u64| format!("{:.0} MiB, at most {:.0}", now as f64 / MIB, peak as f64 / MIB);
    row("memory of the engine's process", peak(memory.ours_bytes, memory.ours_peak_bytes), none());
    row("memory of DuckDB's process", peak(memory.duckdb_bytes, memory.duckdb_peak_bytes), none());
    let duckdb = storage.stored.per_event(storage.duckdb_bytes);
    row("bytes per event of DuckDB's table, without event ids", format!("{duckdb:.1}"), none());
    table
}

fn new_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn milliseconds(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

fn judged(times: &Times) -> String {
    format!("{:.3}{}", times.ratio, mark(times.ratio, times.goal))
}

/// Points out what misses its goal.
fn mark(value: f64, goal: f64) -> &'static str {
    if value <= goal { "" } else { " !" }
}
