//! The reads: a day's events after a position, in pages, as the store asks for them.

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::{COLD_COMMIT, HOT_COMMIT};
use crate::progress::Step;

/// How many rows are asked for at a time.
const PAGE_ROWS: usize = 20_000;
/// How many rows are new, when what is new is asked for.
const TAIL_ROWS: usize = 1_000;
/// How often each read is done; the fastest counts, and the first one warms the caches.
const RUNS: usize = 3;
/// A read that takes longer is not done again.
const SLOW_MS: f64 = 500.0;

const HOT: i64 = 1;
/// One of the others.
const COLD: i64 = 100;

/// Where the rows of a day stand.
pub(crate) struct Days {
    pub(crate) rounds_per_day: usize,
}

/// What one read took.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Read {
    pub(crate) rows: usize,
    pub(crate) planning_ms: f64,
    pub(crate) execution_ms: f64,
    /// Pages of the database, in its cache or not.
    pub(crate) buffers: u64,
    /// How the first page of rows was looked for.
    pub(crate) plan: String,
}

/// All reads of the last day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Reads {
    pub(crate) hot_tail: Read,
    pub(crate) cold_tail: Read,
    pub(crate) cold_day: Read,
    pub(crate) hot_day: Read,
}

/// The tails, without and with bounds on the time that chunks are cut by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Tails {
    pub(crate) hot: Read,
    pub(crate) hot_bounded: Read,
    pub(crate) cold_bounded: Read,
}

/// Whether the statement says between which times the day's events occurred, as that of the store does: it lets the planner leave
/// chunks out, and it may tempt it to take the index of the identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bounds {
    None,
    OfDay,
}

impl Reads {
    pub(crate) async fn measure(connection: &mut PgConnection, days: &Days, step: &Step) -> Result<Self> {
        step.doing("reading tails");
        let hot_tail = fastest(connection, days, HOT, TAIL_ROWS, Bounds::OfDay).await?;
        let cold_tail = fastest(connection, days, COLD, TAIL_ROWS, Bounds::OfDay).await?;
        step.doing("reading days");
        let cold_day = fastest(connection, days, COLD, usize::MAX, Bounds::OfDay).await?;
        let hot_day = fastest(connection, days, HOT, usize::MAX, Bounds::OfDay).await?;
        Ok(Self { hot_tail, cold_tail, cold_day, hot_day })
    }
}

pub(crate) async fn tails(connection: &mut PgConnection, days: &Days) -> Result<Tails> {
    Ok(Tails {
        hot: fastest(connection, days, HOT, TAIL_ROWS, Bounds::None).await?,
        hot_bounded: fastest(connection, days, HOT, TAIL_ROWS, Bounds::OfDay).await?,
        cold_bounded: fastest(connection, days, COLD, TAIL_ROWS, Bounds::OfDay).await?,
    })
}

async fn fastest(
    connection: &mut PgConnection,
    days: &Days,
    project: i64,
    last_rows: usize,
    bounds: Bounds,
) -> Result<Read> {
    let mut fastest = read_pages(connection, days, project, last_rows, bounds).await?;
    for _ in 1..RUNS {
        if fastest.execution_ms > SLOW_MS {
            break;
        }
        let read = read_pages(connection, days, project, last_rows, bounds).await?;
        if read.execution_ms < fastest.execution_ms {
            fastest = read;
        }
    }
    Ok(fastest)
}

async fn read_pages(
    connection: &mut PgConnection,
    days: &Days,
    project: i64,
    last_rows: usize,
    bounds: Bounds,
) -> Result<Read> {
    let rows = days.rows_of(project);
    let mut place = rows - last_rows.min(rows);
    let mut read = Read::default();
    loop {
        let page = explain(connection, &page_sql(project, place, bounds)).await?;
        if read.rows == 0 {
            read.plan = page.plan;
        }
        read.planning_ms += page.planning_ms;
        read.execution_ms += page.execution_ms;
        read.buffers += page.buffers;
        read.rows += page.rows;
        place += page.rows;
        if page.rows < PAGE_ROWS {
            return Ok(read);
        }
    }
}

impl Days {
    /// The rows of a project in the last day. Commits of the others come in turn, so some have one more than others.
    fn rows_of(&self, project: i64) -> usize {
        match project {
            HOT => self.rounds_per_day * HOT_COMMIT,
            _ => (self.rounds_per_day * 20 + 199 - (project as usize - 1)) / 199 * COLD_COMMIT,
        }
    }
}

/// What reads a page from the row at a place of the last day on.
fn page_sql(project: i64, place: usize, bounds: Bounds) -> String {
    let commit_rows = if project == HOT { HOT_COMMIT } else { COLD_COMMIT };
    let (version, ordinal) = match place.checked_sub(1) {
        Some(before) => (before / commit_rows + 1, before % commit_rows),
        None => (0, 0),
    };
    let bounds = match bounds {
        Bounds::None => "",
        Bounds::OfDay => "AND occurred_at BETWEEN '2026-03-06 00:00Z' AND '2026-03-07 00:02Z' ",
    };
    format!(
        "SELECT * FROM events WHERE project_id = {project} AND visitor_day = '2026-03-06' {bounds}\
         AND (version, ordinal) > ({version}, {ordinal}) AND version <= 1000000 ORDER BY version, ordinal LIMIT {PAGE_ROWS}"
    )
}

async fn explain(connection: &mut PgConnection, sql: &str) -> Result<Read> {
    let sql = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}");
    let text: String = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await?.try_get_unchecked(0)?;
    let explained: Value = serde_json::from_str(&text)?;
    let (explained, plan) = (&explained[0], &explained[0]["Plan"]);
    let number = |of: &Value, name: &str| of[name].as_f64().with_context(|| format!("EXPLAIN has no `{name}`"));
    let buffers = number(plan, "Shared Hit Blocks")? + number(plan, "Shared Read Blocks")?;
    Ok(Read {
        rows: number(plan, "Actual Rows")? as usize,
        planning_ms: number(explained, "Planning Time")?,
        execution_ms: number(explained, "Execution Time")?,
        buffers: buffers as u64,
        plan: nodes(plan),
    })
}

/// The names of the nodes from the top down, first children only.
fn nodes(plan: &Value) -> String {
    let mut names = vec![plan["Node Type"].as_str().unwrap_or_default().to_owned()];
    if let Some(index) = plan["Index Name"].as_str() {
        names.push(index.to_owned());
    }
    let below = plan["Plans"].get(0).map(nodes);
    names.into_iter().chain(below).collect::<Vec<_>>().join(" < ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cold_projects_share_the_commits_of_a_day_in_turn() {
        let days = Days { rounds_per_day: 10 };
        assert_eq!([days.rows_of(1), days.rows_of(2), days.rows_of(3), days.rows_of(200)], [50_000, 500, 250, 250]);
    }

    #[test]
    fn a_page_begins_after_the_row_before_its_first() {
        assert!(page_sql(HOT, 0, Bounds::None).contains("> (0, 0)"));
        assert!(page_sql(HOT, HOT_COMMIT, Bounds::None).contains("> (1, 4999)"));
        assert!(page_sql(COLD, 251, Bounds::None).contains("> (2, 0)"));
    }
}
