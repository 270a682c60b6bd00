//! Storing entries: one transaction, each identity once.

use std::sync::{Arc, LazyLock};

use analytics_domain::{
    Day, EntryId, ProjectId, Version,
    ports::{Commit, LogEntry},
};
use sqlx::{Arguments, AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteArguments};

use super::{
    days::Days,
    failure::Failure,
    row::{self, RowKey, WRITTEN},
    statement::ChunkStatements,
    writer::Writer,
};
use crate::{
    copies::{Copies, FirstCopy},
    properties,
};

static INSERT_EVENTS: LazyLock<ChunkStatements> = LazyLock::new(ChunkStatements::insert_events);
static FIND_IDENTITIES: LazyLock<ChunkStatements> = LazyLock::new(ChunkStatements::find_identities);

/// Whose row an identity has, once its first copy was offered to the table.
#[derive(Clone, Copy)]
enum Owner {
    /// The first copy was inserted.
    New(EntryId),
    /// There was a row before, stored by this entry.
    Earlier(EntryId),
}

pub(super) async fn commit(writer: &Writer, project: ProjectId, entries: &[LogEntry]) -> Result<Commit, Failure> {
    let copies = Copies::of(entries);
    if copies.firsts.is_empty() {
        return Ok(Commit { outcomes: copies.outcomes(entries, &[]), days: Vec::new() });
    }
    if copies.firsts.iter().any(|first| !properties::are_finite(&first.event.properties)) {
        return Err(Failure::Refused("a property of an event is no finite number, which JSON cannot hold".to_owned()));
    }
    let mut transaction = writer.begin().await?;
    let connection = transaction.connection();
    let touched = copies.firsts.iter().map(|first| first.event.visitor_day);
    let mut days = Days::lock(connection, project, touched).await?;
    let mut owners = Vec::with_capacity(copies.firsts.len());
    let mut rest = copies.firsts.as_slice();
    while !rest.is_empty() {
        let (size, statement) = INSERT_EVENTS.within(rest.len());
        let (chunk, after) = rest.split_at(size);
        for (first, owner) in chunk.iter().zip(insert_chunk(connection, statement, project, chunk, &mut days).await?) {
            owners.push(match owner {
                Owner::New(entry) => {
                    days.count(first.event);
                    entry
                }
                Owner::Earlier(entry) => entry,
            });
        }
        rest = after;
    }
    let days = days.write(connection, project).await?;
    transaction.commit().await?;
    Ok(Commit { outcomes: copies.outcomes(entries, &owners), days })
}

async fn insert_chunk(
    connection: &mut SqliteConnection,
    statement: Arc<str>,
    project: ProjectId,
    chunk: &[FirstCopy<'_>],
    days: &mut Days,
) -> Result<Vec<Owner>, Failure> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(chunk.len() * WRITTEN.len(), 0);
    for first in chunk {
        let position = days
            .next_position(first.event.visitor_day)
            .ok_or_else(|| Failure::unreadable("an event belongs to a day that was not locked"))?;
        let key = RowKey { project, position, entry: first.entry };
        row::bind(&mut arguments, key, first.event).map_err(sqlx::Error::Encode)?;
    }
    let result = sqlx::query_with(AssertSqlSafe(statement), arguments).execute(&mut *connection).await?;
    if result.rows_affected() == chunk.len() as u64 {
        return Ok(chunk.iter().map(|first| Owner::New(first.entry)).collect());
    }
    find_owners(connection, project, chunk, days).await
}

/// Looks up whose rows the identities of a chunk have, after it was offered to the table.
async fn find_owners(
    connection: &mut SqliteConnection,
    project: ProjectId,
    chunk: &[FirstCopy<'_>],
    days: &Days,
) -> Result<Vec<Owner>, Failure> {
    let (size, statement) = FIND_IDENTITIES.within(chunk.len());
    debug_assert_eq!(size, chunk.len(), "chunks of both kinds have the same sizes");
    let mut arguments = SqliteArguments::default();
    for first in chunk {
        let (occurred_at, event_id) = first.identity();
        arguments.add(occurred_at.0).map_err(sqlx::Error::Encode)?;
        arguments.add(event_id.0.as_slice()).map_err(sqlx::Error::Encode)?;
    }
    arguments.add(project.0).map_err(sqlx::Error::Encode)?;
    let rows = sqlx::query_with(AssertSqlSafe(statement), arguments).fetch_all(connection).await?;
    let mut owners: Vec<Option<Owner>> = vec![None; chunk.len()];
    for row in rows {
        let place: i64 = row.try_get(0)?;
        let (day, version) = (Day(row.try_get(1)?), Version(row.try_get(2)?));
        let entry = EntryId(row.try_get(3)?);
        if let Some(owner) = usize::try_from(place).ok().and_then(|place| owners.get_mut(place)) {
            *owner = Some(if days.is_new(day, version) { Owner::New(entry) } else { Owner::Earlier(entry) });
        }
    }
    owners
        .into_iter()
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::unreadable("an event is neither stored nor known after its commit"))
}
