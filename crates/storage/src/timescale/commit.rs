//! Storing entries: one transaction, each identity once.
//!
//! Events are nearly always new, so they are copied straight into the table. When the table has one of them already, that copy is undone
//! and the batch goes through a temporary table that leaves out what is there: about half as fast, and rare.

use analytics_domain::{
    Day, EntryId, ProjectId, Version,
    ports::{Commit, LogEntry},
};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{
    batch::Batch,
    connections::Connections,
    days::Days,
    failure::Failure,
    row::WRITTEN,
    types::{Date, Timestamp},
};
use crate::copies::Copies;

/// How often a commit that others overtook is tried in all. From the second time on it runs alone in its project.
const ATTEMPTS: usize = 5;

/// Whose row each identity has, and the versions of the days that got events.
struct Stored {
    owners: Vec<EntryId>,
    days: Vec<(Day, Version)>,
}

/// A task of its own does the work: a caller that goes away leaves no transaction half way, and no connection in the middle of a COPY.
pub(super) async fn commit(
    connections: &Connections,
    project: ProjectId,
    entries: &[LogEntry],
) -> Result<Commit, Failure> {
    let copies = Copies::of(entries);
    if copies.firsts.is_empty() {
        return Ok(Commit { outcomes: copies.outcomes(entries, &[]), days: Vec::new() });
    }
    let batch = Batch::encode(project, &copies.firsts)?;
    let stored = tokio::spawn(store(connections.clone(), batch)).await;
    let Stored { owners, days } = stored.map_err(|_| Failure::Unavailable("the program is ending".to_owned()))??;
    Ok(Commit { outcomes: copies.outcomes(entries, &owners), days })
}

async fn store(connections: Connections, mut batch: Batch) -> Result<Stored, Failure> {
    for attempt in 1..=ATTEMPTS {
        let beside_others = if attempt == 1 { Company::Welcome } else { Company::Unwelcome };
        match connections.run(async |connection| transact(connection, &mut batch, beside_others).await).await {
            Err(Failure::Overtaken) => tracing::debug!(attempt, "a commit was overtaken"),
            done => return done,
        }
    }
    Err(Failure::Overtaken)
}

/// Whether other commits of the project may run at the same time. Two that offer the same identities under other days in another order
/// may wait for each other; who lost such a race once asks to be alone, and then cannot lose again.
#[derive(Debug, Clone, Copy)]
enum Company {
    Welcome,
    Unwelcome,
}

async fn transact(connection: &mut PgConnection, batch: &mut Batch, company: Company) -> Result<Stored, Failure> {
    let lock = match company {
        Company::Welcome => "pg_advisory_xact_lock_shared",
        Company::Unwelcome => "pg_advisory_xact_lock",
    };
    // Also where the database or role has another level by default: who waited for a lock has to see what came before.
    let begin = format!("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT {lock}({})", batch.project.0);
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await?;
    let mut days = Days::lock(connection, batch.project, batch.offers.iter().map(|offer| offer.day)).await?;
    batch.set_versions(|day| days.version(day))?;
    sqlx::raw_sql("SAVEPOINT before_copy").execute(&mut *connection).await?;
    let owners = match batch.rows.send(connection, &copy_into("events")).await {
        Ok(()) => {
            batch.offers.iter().for_each(|offer| days.count(offer));
            batch.offers.iter().map(|offer| offer.entry).collect()
        }
        Err(Failure::Exists) => {
            sqlx::raw_sql("ROLLBACK TO SAVEPOINT before_copy").execute(&mut *connection).await?;
            store_what_is_new(connection, batch, &mut days).await?
        }
        Err(failure) => return Err(failure),
    };
    let days = days.write(connection, batch.project).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(Stored { owners, days })
}

fn copy_into(table: &str) -> String {
    format!("COPY {table} ({WRITTEN}) FROM STDIN (FORMAT binary)")
}

/// Stores the rows whose identities the table does not have, and returns whose row each identity has then.
async fn store_what_is_new(
    connection: &mut PgConnection,
    batch: &Batch,
    days: &mut Days,
) -> Result<Vec<EntryId>, Failure> {
    sqlx::raw_sql("CREATE TEMPORARY TABLE IF NOT EXISTS offered_events (LIKE events) ON COMMIT DELETE ROWS")
        .execute(&mut *connection)
        .await?;
    batch.rows.send(connection, &copy_into("pg_temp.offered_events")).await?;
    // In one order everywhere, so that fewer commits wait for each other.
    let insert = format!(
        "INSERT INTO events ({WRITTEN}) SELECT {WRITTEN} FROM pg_temp.offered_events ORDER BY occurred_at, event_id \
         ON CONFLICT (project_id, occurred_at, event_id) DO NOTHING"
    );
    sqlx::raw_sql(AssertSqlSafe(insert)).execute(&mut *connection).await?;
    find_owners(connection, batch, days).await
}

/// Looks up whose rows the identities of a batch have, after it was offered to the table.
async fn find_owners(connection: &mut PgConnection, batch: &Batch, days: &mut Days) -> Result<Vec<EntryId>, Failure> {
    let times = || batch.offers.iter().map(|offer| offer.occurred_at);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(Vec::new()) };
    // A look into the index for each row: LATERAL with LIMIT leaves the planner no other way, which knows nothing of the size of a new
    // temporary table. The bounds keep it from looking into each chunk; for this it has to see them as it plans.
    let rows = sqlx::query(
        "SELECT offered.visitor_day, offered.ordinal, stored.visitor_day, stored.version, stored.entry_id \
         FROM pg_temp.offered_events AS offered CROSS JOIN LATERAL \
         (SELECT visitor_day, version, entry_id FROM events WHERE project_id = $1 \
         AND occurred_at = offered.occurred_at AND event_id = offered.event_id \
         AND occurred_at BETWEEN $2 AND $3 LIMIT 1) AS stored",
    )
    .bind(batch.project.0)
    .bind(Timestamp::of_micros(first)?)
    .bind(Timestamp::of_micros(last)?)
    .persistent(false)
    .fetch_all(connection)
    .await?;
    let places = batch.by_position();
    let mut owners: Vec<Option<EntryId>> = vec![None; batch.offers.len()];
    for row in rows {
        let offered = (row.try_get::<Date, _>(0)?.to_day(), row.try_get(1)?);
        let (day, version) = (row.try_get::<Date, _>(2)?.to_day(), Version(row.try_get(3)?));
        let Some(&place) = places.get(&offered) else { continue };
        owners[place] = Some(EntryId(row.try_get(4)?));
        // A version of a day that is locked here and not committed yet is that of this transaction.
        if days.version(day) == Some(version) {
            days.count(&batch.offers[place]);
        }
    }
    let owners: Option<Vec<EntryId>> = owners.into_iter().collect();
    owners.ok_or_else(|| Failure::unreadable("an event is neither stored nor known after its commit"))
}
