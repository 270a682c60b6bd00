//! Storing entries: one transaction, each identity once.
//!
//! Events are nearly always new, so they are copied straight into the table. When the table has one of them already, that copy is undone
//! and the batch is inserted by a statement that leaves out what is there: a third as fast, and rare. Small batches are inserted so at
//! once, for a COPY takes more round trips; the driver also lets its last packet wait for the server's acknowledgement (it does not switch
//! Nagle's algorithm off), which the server may hold back for 40 ms when little came before.

use std::sync::LazyLock;

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
    row::{WRITTEN, WRITTEN_NAMES},
    types::{Date, Timestamp, Uuid},
};
use crate::copies::Copies;

/// How often a commit that others overtook is tried in all. From the second time on it runs alone in its project.
const ATTEMPTS: usize = 5;

/// From how many rows on a batch is copied.
const COPIED_FROM: usize = 500;
/// How many rows are inserted by one statement: the server holds them twice meanwhile.
const MAX_INSERTED_ROWS: usize = 5_000;

static COPY: LazyLock<String> =
    LazyLock::new(|| format!("COPY events ({}) FROM STDIN (FORMAT binary)", *WRITTEN_NAMES));

/// In one order everywhere, so that fewer commits wait for each other.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let arrays: Vec<String> = (1..=WRITTEN.len()).map(|number| format!("${number}")).collect();
    format!(
        "INSERT INTO events ({names}) SELECT * FROM unnest({arrays}) AS offered ({names}) ORDER BY occurred_at, event_id \
         ON CONFLICT (project_id, occurred_at, event_id) DO NOTHING RETURNING visitor_day, ordinal",
        names = *WRITTEN_NAMES,
        arrays = arrays.join(", "),
    )
});

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
    let owners = if batch.offers.len() < COPIED_FROM {
        insert_what_is_new(connection, batch, &mut days).await?
    } else {
        sqlx::raw_sql("SAVEPOINT before_copy").execute(&mut *connection).await?;
        match batch.rows.send(connection, &COPY).await {
            Ok(()) => {
                batch.offers.iter().for_each(|offer| days.count(offer));
                batch.offers.iter().map(|offer| offer.entry).collect()
            }
            Err(Failure::Exists) => {
                sqlx::raw_sql("ROLLBACK TO SAVEPOINT before_copy").execute(&mut *connection).await?;
                insert_what_is_new(connection, batch, &mut days).await?
            }
            Err(failure) => return Err(failure),
        }
    };
    let days = days.write(connection, batch.project).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(Stored { owners, days })
}

/// Inserts the rows whose identities the table does not have, and returns whose row each identity has then.
async fn insert_what_is_new(
    connection: &mut PgConnection,
    batch: &Batch,
    days: &mut Days,
) -> Result<Vec<EntryId>, Failure> {
    let places = batch.by_position();
    let mut owners: Vec<Option<EntryId>> = vec![None; batch.offers.len()];
    for part in batch.parts(MAX_INSERTED_ROWS) {
        let insert =
            part.into_iter().fold(sqlx::query(AssertSqlSafe(INSERT.as_str())), |query, column| query.bind(column));
        for row in insert.fetch_all(&mut *connection).await? {
            let position = (row.try_get::<Date, _>(0)?.to_day(), row.try_get(1)?);
            let Some(&place) = places.get(&position) else { continue };
            days.count(&batch.offers[place]);
            owners[place] = Some(batch.offers[place].entry);
        }
    }
    find_owners(connection, batch, &mut owners).await?;
    let owners: Option<Vec<EntryId>> = owners.into_iter().collect();
    owners.ok_or_else(|| Failure::unreadable("an event is neither stored nor known after its commit"))
}

/// Looks up whose rows the identities have of which that is not known yet.
async fn find_owners(
    connection: &mut PgConnection,
    batch: &Batch,
    owners: &mut [Option<EntryId>],
) -> Result<(), Failure> {
    let unknown: Vec<usize> = (0..owners.len()).filter(|place| owners[*place].is_none()).collect();
    let offers = || unknown.iter().map(|place| &batch.offers[*place]);
    let times: Vec<Timestamp> =
        offers().map(|offer| Timestamp::of_micros(offer.occurred_at)).collect::<Result<_, _>>()?;
    let ids: Vec<Uuid> = offers().map(|offer| Uuid::of_event(offer.event_id)).collect();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Ok(()) };
    // A look into the index of identities for each row. The bounds keep it from looking into each chunk; for this the planner has to see
    // them. The project it must not see: of one that is newer than the statistics it would think that it has hardly any rows, and then
    // any index that begins with the project would do, and each look read all of them.
    let rows = sqlx::query(
        "SELECT offered.index, stored.entry_id FROM unnest($2, $3) WITH ORDINALITY AS offered (occurred_at, event_id, index) \
         CROSS JOIN LATERAL (SELECT entry_id FROM events WHERE project_id = (SELECT $1::bigint) \
         AND occurred_at = offered.occurred_at AND event_id = offered.event_id \
         AND occurred_at BETWEEN $4 AND $5 LIMIT 1) AS stored",
    )
    .bind(batch.project.0)
    .bind(&times)
    .bind(&ids)
    .bind(*first)
    .bind(*last)
    .persistent(false)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let index = usize::try_from(row.try_get::<i64, _>(0)? - 1).ok();
        if let Some(&place) = index.and_then(|index| unknown.get(index)) {
            owners[place] = Some(EntryId(row.try_get(1)?));
        }
    }
    Ok(())
}
