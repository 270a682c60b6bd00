//! Puts the questions to all sides in turn.

use std::{env, fs, path::Path, process::Command};

use anyhow::Result;
use serde::Serialize;

use crate::{
    answer::{Difference, Table},
    protocol::{Reply, Request, Side},
    question::{COLD_GOAL, QUESTIONS, Question},
};

/// How often each question is put to each side with cold caches.
const COLD_RUNS: u32 = 3;

/// All sides, over the same rows.
pub(crate) struct Sides {
    embedded: Side,
    production: Side,
    duckdb: Side,
}

/// How one question went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Compared {
    /// Its name.
    pub(crate) name: &'static str,
    /// What was asked.
    pub(crate) title: &'static str,
    /// How many rows the answer has.
    pub(crate) rows: usize,
    /// In what the answers differ, if they do.
    pub(crate) difference: Option<String>,
    /// SQLite and segment files.
    pub(crate) embedded: Asked,
    /// TimescaleDB.
    pub(crate) production: Asked,
}

/// How one of ours did beside DuckDB.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Asked {
    /// Whether every answer was DuckDB's.
    pub(crate) equal: bool,
    /// With everything in memory that each side keeps there.
    pub(crate) warm: Times,
    /// With nothing in memory but what the system, or the database, keeps of files.
    pub(crate) cold: Times,
}

/// The times of one of ours and of DuckDB: medians.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Times {
    /// Ours.
    pub(crate) ours_ms: f64,
    /// DuckDB's.
    pub(crate) duckdb_ms: f64,
    /// What all our threads computed.
    pub(crate) ours_cpu_ms: f64,
    /// What all of DuckDB's computed.
    pub(crate) duckdb_cpu_ms: f64,
    /// Ours ÷ DuckDB's.
    pub(crate) ratio: f64,
    /// The same of what was computed: other programs on the machine disturb it less.
    pub(crate) cpu_ratio: f64,
    /// The most that the ratio should be.
    pub(crate) goal: f64,
}

/// The memory of the processes after all questions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(crate) struct Memory {
    pub(crate) embedded: ProcessMemory,
    pub(crate) production: ProcessMemory,
    pub(crate) duckdb: ProcessMemory,
}

/// The memory of a process, and the most that it ever was.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(crate) struct ProcessMemory {
    pub(crate) bytes: u64,
    pub(crate) peak_bytes: u64,
}

impl Sides {
    /// Starts all: ours over a data directory and over a database, DuckDB over a file that is made from the rows by `load_sql`.
    pub(crate) fn start(
        data_dir: &Path,
        database_url: &str,
        work: &Path,
        python: &Path,
        load_sql: String,
    ) -> Result<Self> {
        let script = work.join("duckdb_peer.py");
        fs::write(&script, include_str!("../peer/duckdb_peer.py"))?;
        let mut duckdb = Side::start("DuckDB", Command::new(python).arg(script).arg(work.join("rows.duckdb")))?;
        duckdb.request(&Request::Load { sql: load_sql })?;
        duckdb.request(&Request::Reset)?;
        let program = env::current_exe()?;
        let engine = |store: &str| {
            let mut command = Command::new(&program);
            command.args(["engine", store]);
            command
        };
        let embedded = Side::start("our engine", engine("embedded").arg(data_dir))?;
        let production =
            Side::start("our engine on TimescaleDB", engine("production").env("DATABASE_URL", database_url))?;
        Ok(Self { embedded, production, duckdb })
    }

    /// Puts every question to all.
    pub(crate) fn compare(&mut self, runs: u32, mut doing: impl FnMut(&Question)) -> Result<Vec<Compared>> {
        let compare = |question: &Question| {
            doing(question);
            self.compare_one(question, runs)
        };
        QUESTIONS.iter().map(compare).collect()
    }

    fn compare_one(&mut self, question: &Question, runs: u32) -> Result<Compared> {
        let mut cold = Rounds::default();
        for _ in 0..COLD_RUNS {
            self.each(&Request::Reset)?;
            cold.0.push(self.ask(question)?);
        }
        let mut warm = Rounds::default();
        for _ in 0..runs {
            warm.0.push(self.ask(question)?);
        }
        let rounds = || cold.0.iter().chain(&warm.0);
        let difference = |ours: fn(&Replies) -> &Reply| {
            rounds().find_map(|replies| ours(replies).rows.compare(&replies.duckdb.rows).err())
        };
        let (embedded, production) =
            (difference(|replies| &replies.embedded), difference(|replies| &replies.production));
        let asked = |ours: fn(&Replies) -> &Reply, difference: &Option<Difference>| Asked {
            equal: difference.is_none(),
            warm: warm.times(ours, question.warm_goal),
            cold: cold.times(ours, COLD_GOAL),
        };
        Ok(Compared {
            name: question.name,
            title: question.title,
            rows: rounds().last().map_or(0, |replies| replies.embedded.rows.0.len()),
            embedded: asked(|replies| &replies.embedded, &embedded),
            production: asked(|replies| &replies.production, &production),
            difference: embedded
                .map(|difference| format!("embedded, {difference}"))
                .or_else(|| production.map(|difference| format!("in production, {difference}"))),
        })
    }

    fn ask(&mut self, question: &Question) -> Result<Replies> {
        self.each(&Request::Ask { question: question.name.to_owned(), sql: question.sql.to_owned() })
    }

    fn each(&mut self, request: &Request) -> Result<Replies> {
        Ok(Replies {
            embedded: self.embedded.request(request)?,
            production: self.production.request(request)?,
            duckdb: self.duckdb.request(request)?,
        })
    }

    /// What all say they are, and the memory that they have now.
    pub(crate) fn versions(&mut self) -> Result<(Vec<Table>, Memory)> {
        let Replies { embedded, production, duckdb } = self.each(&Request::Versions)?;
        let of = |reply: &Reply| ProcessMemory { bytes: reply.resident_bytes, peak_bytes: reply.peak_resident_bytes };
        let memory = Memory { embedded: of(&embedded), production: of(&production), duckdb: of(&duckdb) };
        Ok((vec![production.rows, duckdb.rows], memory))
    }
}

/// Answers of all, given one after the other.
#[derive(Debug)]
struct Replies {
    embedded: Reply,
    production: Reply,
    duckdb: Reply,
}

#[derive(Debug, Default)]
struct Rounds(Vec<Replies>);

impl Rounds {
    fn times(&self, ours: fn(&Replies) -> &Reply, goal: f64) -> Times {
        let ms = |of: &dyn Fn(&Replies) -> f64| median(self.0.iter().map(of)) * 1000.0;
        let (ours_ms, duckdb_ms) = (ms(&|replies| ours(replies).seconds), ms(&|replies| replies.duckdb.seconds));
        let ours_cpu_ms = ms(&|replies| ours(replies).cpu_seconds);
        let duckdb_cpu_ms = ms(&|replies| replies.duckdb.cpu_seconds);
        let (ratio, cpu_ratio) = (ours_ms / duckdb_ms, ours_cpu_ms / duckdb_cpu_ms);
        Times { ours_ms, duckdb_ms, ours_cpu_ms, duckdb_cpu_ms, ratio, cpu_ratio, goal }
    }
}

/// The middle value; of two middle ones their mean.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => f64::NAN,
        (count, middle) if count % 2 == 1 => values[middle],
        (_, middle) => (values[middle - 1] + values[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_value_or_between_the_two_middle_ones() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert!(median([].into_iter()).is_nan());
    }

    #[test]
    fn ratios_are_ours_over_theirs() {
        let reply = |seconds: f64| Reply {
            seconds,
            cpu_seconds: seconds * 2.0,
            rows: Table(Vec::new()),
            resident_bytes: 0,
            peak_resident_bytes: 0,
        };
        let round = |ours, duckdb| Replies { embedded: reply(9.0), production: reply(ours), duckdb: reply(duckdb) };
        let rounds = Rounds(vec![round(0.25, 1.0), round(9.0, 1.0), round(0.25, 1.0)]);
        let times = rounds.times(|replies| &replies.production, 0.3);
        assert_eq!((times.ours_ms, times.duckdb_ms, times.ratio), (250.0, 1000.0, 0.25));
        assert_eq!((times.ours_cpu_ms, times.cpu_ratio, times.goal), (500.0, 0.25, 0.3));
    }
}
