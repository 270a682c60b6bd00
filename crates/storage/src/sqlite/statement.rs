//! Statements over many rows.
//!
//! Each statement is a round trip to the connection's thread, which costs more than inserting a row. So rows go in chunks, in sizes
//! of powers of two only: every batch is then made of a handful of statements that stay prepared.

use std::{fmt::Write, sync::Arc};

use super::row::WRITTEN;

/// The largest chunk: 512 rows of 35 values stay below SQLite's limit of 32,766 bound values. Larger ones were not faster.
pub(super) const MAX_CHUNK_ROWS: usize = 512;

/// One statement for each chunk size.
pub(super) struct ChunkStatements(Vec<Arc<str>>);

impl ChunkStatements {
    fn build(statement: impl Fn(usize) -> String) -> Self {
        let sizes = (0..=MAX_CHUNK_ROWS.ilog2()).map(|power| 1 << power);
        Self(sizes.map(|rows| statement(rows).into()).collect())
    }

    /// Inserts events, leaving those alone whose identity is stored already.
    pub(super) fn insert_events() -> Self {
        let columns = WRITTEN.join(", ");
        let row = format!("({})", vec!["?"; WRITTEN.len()].join(", "));
        Self::build(|rows| {
            format!(
                "INSERT INTO events ({columns}) VALUES {} ON CONFLICT (project_id, occurred_at, event_id) DO NOTHING",
                vec![row.as_str(); rows].join(", ")
            )
        })
    }

    /// Finds the stored rows of identities. Bound: each identity, then the project. CROSS JOIN makes SQLite look each identity up
    /// instead of reading the events.
    pub(super) fn find_identities() -> Self {
        Self::build(|rows| {
            let mut wanted = String::new();
            for index in 0..rows {
                let separator = if index == 0 { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(wanted, "{separator}({index}, ?, ?)");
            }
            format!(
                "WITH wanted (place, occurred_at, event_id) AS (VALUES {wanted}) \
                 SELECT wanted.place, events.visitor_day, events.version, events.entry_id \
                 FROM wanted CROSS JOIN events ON events.project_id = ? \
                 AND events.occurred_at = wanted.occurred_at AND events.event_id = wanted.event_id"
            )
        })
    }

    /// The statement for the largest chunk within `rows`, and its size. `rows` is not 0.
    pub(super) fn within(&self, rows: usize) -> (usize, Arc<str>) {
        let power = rows.min(MAX_CHUNK_ROWS).ilog2();
        (1 << power, Arc::clone(&self.0[power as usize]))
    }
}
