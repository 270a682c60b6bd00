//! The schema: numbered migrations, and the guard that refuses a database which is not the expected one.

use std::{collections::BTreeMap, path::Path};

use sqlx::{Connection, Row, SqliteConnection};

use super::{OpenError, failure::Failure};

/// SQLite's place for telling whose file it is: "Anly".
const APPLICATION_ID: i64 = 0x416e_6c79;

struct Migration {
    name: &'static str,
    sql: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration { name: $name, sql: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")) }
    };
}

/// In order; the first has number 1. A released migration never changes: the next one is added.
const MIGRATIONS: &[Migration] = &[
    migration!("0001_events"),
    migration!("0002_catalog"),
    migration!("0003_settings"),
    migration!("0004_quarantine_and_counts"),
    migration!("0005_ways_and_places"),
    migration!("0006_property_names"),
];

/// Refuses a file that is neither empty nor ours. Reads only: a database of somebody else stays as it is.
pub(super) async fn refuse_foreign(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let objects = match count_objects(connection).await {
        Ok(objects) => objects,
        Err(error) if is_not_a_database(&error) => return Err(OpenError::NotOurs { path: path.to_owned() }),
        Err(error) => return Err(Failure::from(error).into()),
    };
    let id = application_id(connection).await.map_err(Failure::from)?;
    match id {
        APPLICATION_ID => Ok(()),
        0 if objects == 0 => Ok(()),
        _ => Err(OpenError::NotOurs { path: path.to_owned() }),
    }
}

async fn count_objects(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query("SELECT count(*) FROM sqlite_schema").fetch_one(connection).await?.try_get(0)
}

async fn application_id(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query("PRAGMA application_id").fetch_one(connection).await?.try_get(0)
}

/// SQLITE_NOTADB.
fn is_not_a_database(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "26")
}

/// Brings the schema up to date, then compares it with what the migrations make of an empty database.
pub(super) async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    for migration in apply(connection, path).await? {
        tracing::info!(name = migration.name, "database migrated");
    }
    let mut pristine = SqliteConnection::connect("sqlite::memory:").await.map_err(Failure::from)?;
    apply(&mut pristine, path).await?;
    let expected = objects(&mut pristine).await?;
    let found = objects(connection).await?;
    let different = expected.iter().filter(|(name, sql)| found.get(*name) != Some(*sql)).map(|(name, _)| name.clone());
    let different: Vec<String> = different.collect();
    if different.is_empty() {
        return Ok(());
    }
    Err(OpenError::SchemaChanged { path: path.to_owned(), objects: different.join(", ") })
}

/// Runs the migrations that are missing and returns them.
async fn apply(connection: &mut SqliteConnection, path: &Path) -> Result<&'static [Migration], OpenError> {
    let known = MIGRATIONS.len() as i64;
    let found = prepare(connection).await?;
    if found > known {
        return Err(OpenError::TooNew { path: path.to_owned(), found, known });
    }
    for (number, migration) in (1..).zip(MIGRATIONS).skip(found as usize) {
        run(connection, number, migration).await?;
    }
    Ok(&MIGRATIONS[found as usize..])
}

/// Marks an empty file as ours and returns the number of its newest migration. Writes nothing to a file that is ours already.
async fn prepare(connection: &mut SqliteConnection) -> Result<i64, Failure> {
    if application_id(connection).await? != APPLICATION_ID {
        // One transaction, so that a crash leaves either an empty file or a marked one.
        sqlx::raw_sql(
            "BEGIN IMMEDIATE; \
             PRAGMA application_id = 1097755769; \
             CREATE TABLE schema_migrations ( \
             number INTEGER NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY, name TEXT NOT NULL) STRICT; \
             COMMIT",
        )
        .execute(&mut *connection)
        .await?;
    }
    let row = sqlx::query("SELECT coalesce(max(number), 0) FROM schema_migrations").fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}

async fn run(connection: &mut SqliteConnection, number: i64, migration: &Migration) -> Result<(), Failure> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql(migration.sql).execute(&mut *transaction).await?;
    sqlx::query("INSERT INTO schema_migrations (number, name) VALUES (?, ?)")
        .bind(number)
        .bind(migration.name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// The text of each table and index that has one. What SQLite keeps for itself has another prefix; what an operator added does no harm.
async fn objects(connection: &mut SqliteConnection) -> Result<BTreeMap<String, String>, Failure> {
    let rows = sqlx::query(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_sets_the_id_that_the_guard_expects() {
        assert_eq!(APPLICATION_ID, 1_097_755_769);
    }

    #[test]
    fn migrations_are_numbered_in_order() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            assert!(migration.name.starts_with(&format!("{number:04}_")), "{}", migration.name);
        }
    }
}
