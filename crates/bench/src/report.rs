//! What was measured, as JSON and as tables.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::{
    backlog::{Backlog, Spent},
    compare::{Asked, Compared, Memory, Times},
    ingest::Ingest,
    process::Machine,
    storage::Storage,
};

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
    /// Taking events.
    pub(crate) ingest: Ingest,
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
    /// From the log into the store.
    pub(crate) backlogs: Vec<Backlog>,
    /// What the events took.
    pub(crate) storage: Storage,
    /// The memory of the processes that answered.
    pub(crate) memory: Memory,
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
        let versions: Vec<String> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        let mut text = format!("{}; {}\n", self.machine.to_text(), versions.join(", "));
        let _ = write!(text, "\n{}", self.ingest.to_text());
        for size in &self.sizes {
            let _ = write!(text, "\n{} events over 30 days\n", indicatif::HumanCount(size.events));
            let embedded = questions("embedded (SQLite, files)", &size.questions, |question| &question.embedded);
            let production = questions("production (TimescaleDB)", &size.questions, |question| &question.production);
            let storage = size.storage.to_table(&size.memory);
            for table in [embedded, production, backlogs(size), storage] {
                let _ = writeln!(text, "{table}");
            }
        }
        text.push_str(
            "\nTimes are medians in milliseconds; a ratio is ours over DuckDB's, and CPU the same of what all threads computed, without\n\
             those of the database. Cold: a new engine, and a new connection of DuckDB. Goals are the most that a value should be.\n\
             A backlog's ratio is rows a second, ours over COPY's, and its goal the least that it should be. CPU is seconds of processors\n\
             for a million events: the database / Redis / our process.\n",
        );
        text
    }
}

fn questions(store: &str, questions: &[Compared], asked: fn(&Compared) -> &Asked) -> Table {
    let mut table = new_table(&[
        store,
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
    for question in questions {
        let Asked { equal, warm, cold } = asked(question);
        table.add_row(vec![
            format!("{} ({})", question.name, question.title),
            question.rows.to_string(),
            if *equal { "yes" } else { "NO" }.to_owned(),
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

fn backlogs(size: &Size) -> Table {
    let mut table =
        new_table(&["backlog to visible rows", "rows/s", "COPY rows/s", "ratio", "goal", "CPU", "CPU of COPY"]);
    for backlog in &size.backlogs {
        let Backlog { events, projects, processor, copy, ratio, goal, .. } = backlog;
        let cpu = |spent: &Spent| {
            let seconds = [spent.postgres_cpu_seconds, spent.redis_cpu_seconds, Some(spent.our_cpu_seconds)];
            let text = |seconds: f64| format!("{:.1}", seconds / *events as f64 * 1e6);
            seconds.map(|seconds| seconds.map_or("-".to_owned(), text)).join(" / ")
        };
        let plural = if *projects == 1 { "" } else { "s" };
        table.add_row(vec![
            format!("{} events of {projects} project{plural}", indicatif::HumanCount(*events)),
            format!("{:.0}", processor.per_second(*events)),
            format!("{:.0}", copy.per_second(*events)),
            format!("{ratio:.2}{}", mark(ratio >= goal)),
            format!("{goal}"),
            cpu(processor),
            cpu(copy),
        ]);
    }
    table.add_row(vec![
        "embedded, in commits of the same size".to_owned(),
        format!("{:.0}", size.storage.embedded.commits_per_second),
    ]);
    table
}

pub(crate) fn new_table(header: &[&str]) -> Table {
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
    format!("{:.3}{}", times.ratio, mark(times.ratio <= times.goal))
}

/// Points out what misses its goal.
pub(crate) fn mark(is_met: bool) -> &'static str {
    if is_met { "" } else { " !" }
}
