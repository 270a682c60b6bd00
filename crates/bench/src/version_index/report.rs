//! What came out, as JSON and as tables.

use std::fmt::Write as _;

use comfy_table::Table;
use serde::Serialize;

use super::reads::{Read, Reads, Tails};
use crate::{process::Machine, report::new_table};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) versions: Vec<(String, String)>,
    pub(crate) rows: usize,
    pub(crate) variants: Vec<Measured>,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Measured {
    pub(crate) variant: &'static str,
    pub(crate) written: Written,
    /// Just after the rows came: the chunk was analysed and summarised before its day began.
    pub(crate) running: Reads,
    /// After `VACUUM (ANALYZE)`, which also summarises.
    pub(crate) settled: Reads,
    /// The same with a year of chunks.
    pub(crate) many_chunks: Tails,
}

/// What writing took.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Written {
    pub(crate) rows: f64,
    pub(crate) seconds: f64,
    /// Of the server's process that wrote; none when it runs elsewhere.
    pub(crate) cpu_seconds: Option<f64>,
    pub(crate) wal_bytes: f64,
    pub(crate) index_bytes_per_row: f64,
    pub(crate) identity_bytes_per_row: f64,
}

impl Written {
    pub(crate) fn add(&mut self, rows: f64, seconds: f64, cpu_seconds: Option<f64>, wal_bytes: f64) {
        self.cpu_seconds = cpu_seconds.map(|more| self.cpu_seconds.unwrap_or_default() + more);
        self.rows += rows;
        self.seconds += seconds;
        self.wal_bytes += wal_bytes;
    }
}

impl Report {
    /// For people.
    pub(crate) fn to_text(&self) -> String {
        let versions: Vec<String> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        let mut text = format!("{}; {}\n", self.machine.to_text(), versions.join(", "));
        let rows = indicatif::HumanCount(self.rows as u64);
        let _ = write!(
            text,
            "\n{rows} rows over 4 days, half of them of one project\n{}\n{}\n",
            self.writing(),
            self.reading()
        );
        text.push_str(
            "\nSpeed and CPU relative to the first line. Reads in milliseconds (pages of the database): of a running day, whose\n\
             chunk was analysed and summarised before it began / of a settled one. Planning and a year: the hot tail with 52 chunks, without / with bounds on occurred_at.\n",
        );
        text
    }

    fn writing(&self) -> Table {
        let mut table =
            new_table(&["writing", "rows/s", "speed", "CPU", "WAL bytes/row", "index bytes/row", "identity bytes/row"]);
        let Some(first) = self.variants.first().map(|variant| &variant.written) else { return table };
        for Measured { variant, written, .. } in &self.variants {
            let speed = |written: &Written| written.rows / written.seconds;
            let cpu = written.cpu_seconds.zip(first.cpu_seconds).map(|(cpu, first)| cpu / first);
            table.add_row(vec![
                (*variant).to_owned(),
                format!("{:.0}", speed(written)),
                format!("{:.2}", speed(written) / speed(first)),
                cpu.map_or("-".to_owned(), |cpu| format!("{cpu:.2}")),
                format!("{:.0}", written.wal_bytes / written.rows),
                format!("{:.1}", written.index_bytes_per_row),
                format!("{:.1}", written.identity_bytes_per_row),
            ]);
        }
        table
    }

    fn reading(&self) -> Table {
        let mut table = new_table(&[
            "reading",
            "hot tail",
            "cold tail",
            "cold day",
            "hot day",
            "planning, a year",
            "hot tail, a year",
        ]);
        for Measured { variant, running, settled, many_chunks, .. } in &self.variants {
            let tails = [&many_chunks.hot, &many_chunks.hot_bounded];
            table.add_row(vec![
                (*variant).to_owned(),
                both(&running.hot_tail, &settled.hot_tail),
                both(&running.cold_tail, &settled.cold_tail),
                both(&running.cold_day, &settled.cold_day),
                both(&running.hot_day, &settled.hot_day),
                tails.map(|read| format!("{:.1}", read.planning_ms)).join(" / "),
                both(&many_chunks.hot, &many_chunks.hot_bounded),
            ]);
        }
        table
    }
}

fn both(one: &Read, other: &Read) -> String {
    [one, other].map(|read| format!("{:.1} ({})", read.execution_ms, read.buffers)).join(" / ")
}
