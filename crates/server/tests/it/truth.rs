//! What is in the hypertable, by plain SQL.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, postgres::PgRow};

use crate::{
    answers::{count as count_of, list},
    load::{Ledger, projects},
    support::{Deployment as _, Stack, block_on},
};

/// Rows of a statement.
fn rows(database_url: &str, statement: String) -> Vec<PgRow> {
    block_on(async move {
        let mut connection = PgConnection::connect(database_url).await.expect("the database is there");
        sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut connection).await.expect("it answers")
    })
}

/// Runs a statement.
pub(crate) fn execute(database_url: &str, statement: &str) {
    rows(database_url, statement.to_owned());
}

/// How many events of a project are stored.
pub(crate) fn stored_events(stack: &Stack, project: &str) -> i64 {
    // By the days' own counts: they are cheaper to ask for again and again.
    let statement = format!(
        "SELECT coalesce(sum(event_count), 0)::bigint FROM project_days \
         WHERE project_id = (SELECT id FROM projects WHERE name = '{project}')"
    );
    rows(stack.database_url(), statement)[0].get(0)
}

/// Nothing lost, nothing doubled: acknowledged ⊆ stored ⊆ sent, each id stored once, and the engine counts the same.
pub(crate) fn assert_holds(stack: &Stack, ledger: &Ledger) {
    let ids = || -> Vec<String> {
        let of_load = "SELECT id FROM projects WHERE name LIKE 'load-%'";
        let statement = format!("SELECT event_id::text FROM events WHERE project_id IN ({of_load})");
        rows(stack.database_url(), statement).iter().map(|row| row.get(0)).collect()
    };
    // What was acknowledged as durable may still be on its way.
    let (rows, stored) = loop {
        let rows = ids();
        let stored: HashSet<String> = rows.iter().cloned().collect();
        if ledger.acknowledged.is_subset(&stored) {
            break (rows, stored);
        }
    };
    assert_eq!(rows.len(), stored.len(), "events are stored twice");
    assert!(stored.is_subset(&ledger.sent), "events are stored that nobody sent");
    let counted: i64 = projects().map(|project| counted_events(stack, &project)).sum();
    assert_eq!(counted, rows.len() as i64, "the engine counts otherwise than SQL");
}

fn counted_events(stack: &Stack, project: &str) -> i64 {
    let range = ["--from", "2000-01-01", "--to", "2100-01-01", "--as-of", "2100-01-01T00:00:00Z"];
    let question = [&["query", "totals", "--project", project, "--metric", "events", "--json"][..], &range].concat();
    count_of(&list(&stack.analytics(&question).json(), "values")[0])
}
