//! What became of an import.

mod display;

use std::collections::BTreeMap;

use serde::Serialize;

/// So many lines are named of each kind of problem; the others are only counted.
pub(crate) const NAMED_LINES: usize = 20;

/// What an import reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Lines of files.
    Lines,
    /// Events that were made up.
    Events,
}

/// What became of an import: every line read is counted as skipped, unparsable or sent, and every event sent by its verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The project, without `projects/`.
    pub project: String,
    /// The import, as `projects/PROJECT/imports/IMPORT`.
    pub import: String,
    /// Whether it went on with an import that was not finished.
    pub resumed: bool,
    /// What `read` counts.
    pub unit: Unit,
    /// Lines read, or events made up.
    pub read: u64,
    /// Lines that are no events by the rule, by the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Lines that could not be understood.
    pub unparsable: BadLines,
    /// Events that got a verdict.
    pub sent: u64,
    /// Events that are new in the store.
    pub stored: u64,
    /// Events that were in the store before.
    pub duplicate: u64,
    /// Events that are durable and will be stored; the server could not tell in time whether they are new.
    pub accepted: u64,
    /// Events that are not counted, by the rule.
    pub filtered: BTreeMap<String, u64>,
    /// Events that the server refused.
    pub rejected: Vec<Rejection>,
    /// How long it took, in seconds.
    pub elapsed_seconds: f64,
    /// Events sent in a second, reading included.
    pub events_per_second: f64,
}

/// Lines that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct BadLines {
    /// How many.
    pub count: u64,
    /// The first 20 of them.
    pub first: Vec<BadLine>,
}

impl BadLines {
    /// Counts one more.
    pub(crate) fn add(&mut self, place: String, problem: String) {
        self.count += 1;
        if self.first.len() < NAMED_LINES {
            self.first.push(BadLine { place, problem });
        }
    }
}

/// A line that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Where it stands, as `FILE:LINE`, lines counted from 1.
    pub place: String,
    /// What is wrong with it. Lines of logs are not repeated; of an event the offending value may be.
    pub problem: String,
}

/// Events that the server refused for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The `ErrorReason`, such as `ERROR_REASON_INVALID_FIELD`.
    pub reason: String,
    /// The path of the field below the event.
    pub field: String,
    /// What is wrong, in the server's words about the first of them.
    pub description: String,
    /// How many.
    pub count: u64,
    /// Where the first 20 of them stand, as `FILE:LINE`.
    pub first: Vec<String>,
}

impl Summary {
    /// How many events the server refused.
    pub fn rejected_count(&self) -> u64 {
        self.rejected.iter().map(|rejection| rejection.count).sum()
    }

    /// How many events are not counted by a rule.
    pub fn filtered_count(&self) -> u64 {
        self.filtered.values().sum()
    }

    /// How many lines are no events by the rule.
    pub fn skipped_count(&self) -> u64 {
        self.skipped.values().sum()
    }
}
