//! The schema: numbered migrations, and what a database has to be before they run.

use sqlx::{Connection, PgConnection, Row};

use super::{
    connect_error::{ConnectError, Trouble},
    edition::Edition,
    extension, guard,
    server::ServerAddress,
    session::Session,
};

struct Migration {
    name: &'static str,
    sql: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration { name: $name, sql: include_str!(concat!("../../migrations/timescale/", $name, ".sql")) }
    };
}

/// In order; the first has number 1. A released migration never changes: the next one is added.
const MIGRATIONS: &[Migration] = &[
    migration!("0001_events"),
    migration!("0002_catalog"),
    migration!("0003_segments"),
    migration!("0004_settings"),
    migration!("0005_quarantine_and_counts"),
    migration!("0006_ways_and_places"),
    migration!("0007_property_names"),
];

/// Held by the one process that looks at the schema and changes it. Commits lock by the number of a project, which is never this.
const SCHEMA_LOCK: i64 = i64::from_be_bytes(*b"Anlytics");

/// A migration waits no longer for a lock on a table: while it waits, everybody who comes after it waits behind it, commits too. Whoever
/// needs the schema tries again.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '3s'";

const OLDEST_POSTGRES: i32 = 160_000;

/// Brings the schema up to date and checks it. Only one process at a time does; its lock goes with the connection.
pub(super) async fn prepare(
    connection: &mut PgConnection,
    server: &ServerAddress,
    session: &Session,
) -> Result<Edition, Trouble> {
    session.lift_limits(connection).await?;
    let version = migrate(connection, server).await?;
    guard::check(connection, server).await?;
    let edition = Edition::detect(connection, version).await?;
    edition.accelerate(connection).await;
    Ok(edition)
}

/// Runs the migrations that are missing, and returns the version of TimescaleDB.
pub(super) async fn migrate(connection: &mut PgConnection, server: &ServerAddress) -> Result<String, Trouble> {
    refuse_old_postgres(connection, server).await?;
    lock(connection).await?;
    let found = newest(connection).await?;
    if found.is_none() {
        refuse_foreign(connection, server).await?;
    }
    let (found, known) = (found.unwrap_or(0), MIGRATIONS.len() as i64);
    if found > known {
        return Err(ConnectError::NewerSchema { server: server.clone(), found, known }.into());
    }
    let version = extension::require(connection, server).await?;
    for (number, migration) in (1..).zip(MIGRATIONS).skip(found as usize) {
        run(connection, number, migration).await?;
        tracing::info!(name = migration.name, "database migrated");
    }
    Ok(version)
}

async fn refuse_old_postgres(connection: &mut PgConnection, server: &ServerAddress) -> Result<(), Trouble> {
    let row = sqlx::query("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        .fetch_one(connection)
        .await?;
    if row.try_get::<i32, _>(0)? >= OLDEST_POSTGRES {
        return Ok(());
    }
    let found = format!("PostgreSQL {}", row.try_get::<&str, _>(1)?);
    Err(ConnectError::TooOld { server: server.clone(), found, needed: "PostgreSQL 16" }.into())
}

async fn lock(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query("SELECT pg_try_advisory_lock($1)").bind(SCHEMA_LOCK).fetch_one(&mut *connection).await?;
    if !row.try_get::<bool, _>(0)? {
        tracing::info!("waiting for another process, which looks at the schema of the database");
        sqlx::query("SELECT pg_advisory_lock($1)").bind(SCHEMA_LOCK).execute(connection).await?;
    }
    Ok(())
}

/// The number of the newest migration; none in a database without our table of them.
async fn newest(connection: &mut PgConnection) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query("SELECT to_regclass('public.analytics_migrations') IS NOT NULL").fetch_one(&mut *connection);
    if !row.await?.try_get::<bool, _>(0)? {
        return Ok(None);
    }
    sqlx::query("SELECT coalesce(max(number), 0) FROM analytics_migrations").fetch_one(connection).await?.try_get(0)
}

/// Refuses a database with tables that are neither ours nor an extension's. Reads only: it stays as it is.
async fn refuse_foreign(connection: &mut PgConnection, server: &ServerAddress) -> Result<(), Trouble> {
    let row = sqlx::query(
        "SELECT to_regnamespace('public') IS NULL, (SELECT string_agg(relname, ', ') FROM (SELECT relname FROM pg_class \
         WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS \
         (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e') \
         ORDER BY relname LIMIT 5) AS foreign_relations)",
    )
    .fetch_one(connection)
    .await?;
    let server = server.clone();
    if row.try_get(0)? {
        let differences = "it has no schema `public`: run `CREATE SCHEMA public`".to_owned();
        return Err(ConnectError::SchemaDrift { server, differences }.into());
    }
    match row.try_get(1)? {
        Some(tables) => Err(ConnectError::NotOurs { server, tables }.into()),
        None => Ok(()),
    }
}

async fn run(connection: &mut PgConnection, number: i64, migration: &Migration) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(LOCK_TIMEOUT).execute(&mut *transaction).await?;
    if number == 1 {
        // With the first migration, so that a crash leaves either an empty database or one that is ours.
        sqlx::raw_sql(
            "CREATE TABLE analytics_migrations \
             (number bigint NOT NULL CONSTRAINT analytics_migrations_pkey PRIMARY KEY, name text NOT NULL)",
        )
        .execute(&mut *transaction)
        .await?;
    }
    sqlx::raw_sql(migration.sql).execute(&mut *transaction).await?;
    sqlx::query("INSERT INTO analytics_migrations (number, name) VALUES ($1, $2)")
        .bind(number)
        .bind(migration.name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_in_order() {
        for (number, migration) in (1..).zip(MIGRATIONS) {
            assert!(migration.name.starts_with(&format!("{number:04}_")), "{}", migration.name);
        }
    }
}
