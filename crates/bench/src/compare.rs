//! Puts the questions to both sides in turn.

use std::{env, fs, path::Path, process::Command};

use anyhow::Result;
use serde::Serialize;

use crate::{
    protocol::{Reply, Request, Side},
    question::{COLD_GOAL, QUESTIONS, Question},
};

/// How often each question is put to each side with cold caches.
const COLD_RUNS: u32 = 3;

/// Both sides, over the same rows.
pub(crate) struct Sides {
    ours: Side,
    theirs: Side,
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
    /// With everything in memory that each side keeps there.
    pub(crate) warm: Times,
    /// With nothing in memory but what the system keeps of files.
    pub(crate) cold: Times,
}

/// The times of both sides: medians.
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

/// The memory of both processes after all questions, and the most that it ever was.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Memory {
    pub(crate) ours_bytes: u64,
    pub(crate) ours_peak_bytes: u64,
    pub(crate) duckdb_bytes: u64,
    pub(crate) duckdb_peak_bytes: u64,
}

impl Sides {
    /// Starts both: ours over a data directory, DuckDB over a file that is made from the rows by `load_sql`.
    pub(crate) fn start(data_dir: &Path, work: &Path, python: &Path, load_sql: String) -> Result<Self> {
        let script = work.join("duckdb_peer.py");
        fs::write(&script, include_str!("../peer/duckdb_peer.py"))?;
        let mut theirs = Side::start("DuckDB", Command::new(python).arg(script).arg(work.join("rows.duckdb")))?;
        theirs.request(&Request::Load { sql: load_sql })?;
        theirs.request(&Request::Reset)?;
        let ours = Side::start("our engine", Command::new(env::current_exe()?).arg("engine").arg(data_dir))?;
        Ok(Self { ours, theirs })
    }

    /// Puts every question to both.
    pub(crate) fn compare(&mut self, runs: u32, mut doing: impl FnMut(&Question)) -> Result<Vec<Compared>> {
        let compare = |question: &Question| {
            doing(question);
            self.compare_one(question, runs)
        };
        QUESTIONS.iter().map(compare).collect()
    }

    fn compare_one(&mut self, question: &Question, runs: u32) -> Result<Compared> {
        let mut cold = Pairs::default();
        for _ in 0..COLD_RUNS {
            self.ours.request(&Request::Reset)?;
            self.theirs.request(&Request::Reset)?;
            cold.push(self.ask(question)?);
        }
        let mut warm = Pairs::default();
        for _ in 0..runs {
            warm.push(self.ask(question)?);
        }
        let answers = cold.0.iter().chain(&warm.0);
        let difference = answers.clone().find_map(|(ours, theirs)| ours.rows.compare(&theirs.rows).err());
        Ok(Compared {
            name: question.name,
            title: question.title,
            rows: answers.last().map_or(0, |(ours, _)| ours.rows.0.len()),
            difference: difference.map(|difference| difference.to_string()),
            warm: warm.times(question.warm_goal),
            cold: cold.times(COLD_GOAL),
        })
    }

    fn ask(&mut self, question: &Question) -> Result<(Reply, Reply)> {
        let request = Request::Ask { question: question.name.to_owned(), sql: question.sql.to_owned() };
        Ok((self.ours.request(&request)?, self.theirs.request(&request)?))
    }

    /// What both sides say they are.
    pub(crate) fn versions(&mut self) -> Result<(Reply, Reply)> {
        Ok((self.ours.request(&Request::Versions)?, self.theirs.request(&Request::Versions)?))
    }

    /// The memory that both have now.
    pub(crate) fn memory(&mut self) -> Result<Memory> {
        let (ours, theirs) = self.versions()?;
        Ok(Memory {
            ours_bytes: ours.resident_bytes,
            ours_peak_bytes: ours.peak_resident_bytes,
            duckdb_bytes: theirs.resident_bytes,
            duckdb_peak_bytes: theirs.peak_resident_bytes,
        })
    }
}

/// Answers of ours and of DuckDB, given one after the other.
#[derive(Debug, Default)]
struct Pairs(Vec<(Reply, Reply)>);

impl Pairs {
    fn push(&mut self, pair: (Reply, Reply)) {
        self.0.push(pair);
    }

    fn times(&self, goal: f64) -> Times {
        let ms = |value: fn(&(Reply, Reply)) -> f64| median(self.0.iter().map(value)) * 1000.0;
        let (ours_ms, duckdb_ms) = (ms(|pair| pair.0.seconds), ms(|pair| pair.1.seconds));
        let (ours_cpu_ms, duckdb_cpu_ms) = (ms(|pair| pair.0.cpu_seconds), ms(|pair| pair.1.cpu_seconds));
        let (ratio, cpu_ratio) = (ours_ms / duckdb_ms, ours_cpu_ms / duckdb_cpu_ms);
        Times { ours_ms, duckdb_ms, ours_cpu_ms, duckdb_cpu_ms, ratio, cpu_ratio, goal }
    }
}

/// The middle value; of two middle ones their mean.
fn median(values: impl Iterator<Item = f64>) -> f64 {
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
    use crate::answer::Table;

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
        let times =
            Pairs(vec![(reply(0.25), reply(1.0)), (reply(9.0), reply(1.0)), (reply(0.25), reply(1.0))]).times(0.3);
        assert_eq!((times.ours_ms, times.duckdb_ms, times.ratio), (250.0, 1000.0, 0.25));
        assert_eq!((times.ours_cpu_ms, times.cpu_ratio, times.goal), (500.0, 0.25, 0.3));
    }
}
