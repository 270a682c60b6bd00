//! Compares the schema that is there with the one that the migrations make.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{
    connect_error::{ConnectError, Trouble},
    server::ServerAddress,
};

/// What [`describe`] says of a database that the migrations have just made, a line for each thing.
const EXPECTED: &str = include_str!("../../migrations/timescale/expected.txt");

/// Makes indexes that are missing, for they can be made again from what is there, and refuses any other difference that would do harm. What an
/// operator adds, such as an index or a column that may be NULL, does none.
pub(super) async fn check(connection: &mut PgConnection, server: &ServerAddress) -> Result<(), Trouble> {
    let drift = |differences| ConnectError::SchemaDrift { server: server.clone(), differences };
    let found = describe(connection).await?;
    let expected: BTreeSet<&str> = EXPECTED.lines().collect();
    let missing = expected.iter().filter(|line| !found.contains(**line));
    let (indexes, lost): (Vec<&str>, Vec<&str>) = missing.partition(|line| line.starts_with(INDEX));
    let in_the_way = found.iter().filter(|line| is_in_the_way(line) && !expected.contains(line.as_str()));
    let lost = lost.iter().map(|line| format!("missing {line}"));
    let differences: Vec<String> = lost.chain(in_the_way.map(|line| format!("unknown {line}"))).collect();
    if !differences.is_empty() {
        return Err(drift(differences.join("; ")).into());
    }
    for statement in indexes {
        tracing::warn!("an index of the database is missing and is made again: {statement}");
        let made = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await;
        made.map_err(|error| match error.as_database_error().and_then(|error| error.code()).as_deref() {
            Some("42P07") => drift(format!(
                "missing {statement} (what has that name is another thing, or an invalid index: drop it)"
            ))
            .into(),
            _ => Trouble::Driver(error),
        })?;
    }
    Ok(())
}

const INDEX: &str = "CREATE INDEX ";

/// A constraint that rows of ours may break, or a column that they leave NULL.
fn is_in_the_way(line: &str) -> bool {
    line.starts_with("constraint ") || line.starts_with("CREATE UNIQUE INDEX ") || line.ends_with(" not null")
}

/// The columns, constraints and indexes of our tables. A CHECK is told by its name alone: its text is not the same in all versions.
async fn describe(connection: &mut PgConnection) -> Result<BTreeSet<String>, sqlx::Error> {
    let rows = sqlx::query(
        "WITH ours AS (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN \
         ('analytics_migrations', 'api_keys', 'events', 'ingest_counts', 'project_days', 'projects', 'property_names', 'quarantine', \
         'segment_columns', 'segments')) \
         SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) \
         || coalesce((SELECT ' collate ' || collname FROM pg_collation WHERE oid = attcollation AND collname <> 'default'), '') \
         || CASE WHEN attidentity <> '' THEN ' identity' WHEN atthasdef THEN ' default' WHEN attnotnull THEN ' not null' ELSE '' END \
         FROM ours JOIN pg_attribute ON attrelid = ours.oid WHERE attnum > 0 AND NOT attisdropped \
         UNION ALL \
         SELECT 'constraint ' || relname || '.' || conname || ' ' \
         || CASE contype WHEN 'c' THEN 'CHECK' ELSE pg_get_constraintdef(pg_constraint.oid) END \
         FROM ours JOIN pg_constraint ON conrelid = ours.oid WHERE contype <> 'n' AND contype <> 't' \
         UNION ALL \
         SELECT pg_get_indexdef(indexrelid) FROM ours JOIN pg_index ON indrelid = ours.oid \
         WHERE indisvalid AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) \
         UNION ALL \
         SELECT 'hypertable ' || hypertable_name || ' by ' || column_name FROM timescaledb_information.dimensions \
         WHERE hypertable_schema = 'public' AND hypertable_name = 'events'",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use analytics_testkit::FreshDatabase;
    use sqlx::Connection;

    use super::*;
    use crate::timescale::{schema, server::Server};

    struct Migrated {
        connection: PgConnection,
        server: Server,
        _database: FreshDatabase,
    }

    impl Migrated {
        async fn new() -> Self {
            let database = FreshDatabase::create().await;
            let server = Server::parse(database.url()).unwrap();
            let mut connection = server.connect(Duration::from_secs(10)).await.unwrap();
            schema::migrate(&mut connection, &server.address).await.unwrap();
            Self { connection, server, _database: database }
        }

        /// What the guard says of the schema after a statement, which is undone; and what is there after the guard.
        async fn after(&mut self, statement: &str) -> (Result<(), String>, BTreeSet<String>) {
            let mut transaction = self.connection.begin().await.unwrap();
            let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *transaction).await;
            done.unwrap_or_else(|error| panic!("{statement}: {error}"));
            let checked = check(&mut transaction, &self.server.address).await;
            let checked = checked.map_err(|trouble| match self.server.explain(trouble) {
                ConnectError::SchemaDrift { differences, .. } => differences,
                other => panic!("{statement}: refused for another reason: {other}"),
            });
            // Nothing can be asked after a statement that failed.
            let found = describe(&mut transaction).await.unwrap_or_default();
            transaction.rollback().await.unwrap();
            (checked, found)
        }
    }

    #[tokio::test]
    async fn the_expected_schema_is_what_the_migrations_make() {
        let found: Vec<String> = describe(&mut Migrated::new().await.connection).await.unwrap().into_iter().collect();
        assert_eq!(found.join("\n") + "\n", EXPECTED, "put what was found into migrations/timescale/expected.txt");
    }

    #[tokio::test]
    async fn each_column_and_constraint_that_is_dropped_is_named() {
        let mut migrated = Migrated::new().await;
        let mut dropped = 0;
        for line in EXPECTED.lines() {
            let mut words = line.split([' ', '.']);
            let (kind, Some(table), Some(name)) = (words.next(), words.next(), words.next()) else { panic!("{line}") };
            let statement = match kind {
                // TimescaleDB refuses to drop what it partitions by.
                Some("column") if name == "occurred_at" => continue,
                Some("column") => format!("ALTER TABLE {table} DROP COLUMN {name} CASCADE"),
                Some("constraint") => format!("ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE"),
                _ => continue,
            };
            let (checked, _) = migrated.after(&statement).await;
            let differences = checked.expect_err(&statement);
            assert!(differences.split("; ").any(|difference| difference == format!("missing {line}")), "{differences}");
            dropped += 1;
        }
        assert!(dropped > 70, "{dropped}");
    }

    #[tokio::test]
    async fn each_index_that_is_dropped_is_made_again() {
        let mut migrated = Migrated::new().await;
        let indexes: Vec<&str> = EXPECTED.lines().filter_map(|line| line.strip_prefix(INDEX)).collect();
        assert!(!indexes.is_empty());
        for index in indexes {
            let name = index.split(' ').next().unwrap();
            let (checked, found) = migrated.after(&format!("DROP INDEX {name}")).await;
            assert_eq!(checked, Ok(()), "{index}");
            assert_eq!(found.len(), EXPECTED.lines().count(), "{index}");
        }
        let (checked, _) = migrated.after("DROP INDEX events_by_version; CREATE TABLE events_by_version ()").await;
        assert!(checked.is_err_and(|differences| differences.contains("has that name")));
    }

    #[tokio::test]
    async fn what_an_operator_changes_is_refused_when_it_does_harm() {
        let mut migrated = Migrated::new().await;
        for (statement, differences) in [
            ("DROP TABLE events; CREATE TABLE events (LIKE project_days)", "missing hypertable events by occurred_at"),
            ("ALTER TABLE events ALTER visitor_hash TYPE text", "missing column events.visitor_hash bigint"),
            (
                "ALTER TABLE projects ALTER name TYPE text COLLATE \"POSIX\"",
                "missing column projects.name text collate C",
            ),
            ("ALTER TABLE events ADD owner text NOT NULL", "unknown column events.owner text not null"),
            ("ALTER TABLE events ADD CHECK (page <> '')", "unknown constraint events.events_page_check CHECK"),
            ("CREATE UNIQUE INDEX once ON project_days (visitor_day)", "unknown CREATE UNIQUE INDEX once"),
        ] {
            let (checked, _) = migrated.after(statement).await;
            assert!(checked.as_ref().is_err_and(|found| found.contains(differences)), "{statement}: {checked:?}");
        }
        for statement in [
            "ALTER TABLE events ADD mood text",
            "ALTER TABLE events ADD team text NOT NULL DEFAULT 'web'",
            "CREATE INDEX by_page ON events (page)",
            "CREATE TABLE public.notes (id int)",
            "CREATE VIEW per_day AS SELECT visitor_day, count(*) FROM events GROUP BY 1",
        ] {
            assert_eq!(migrated.after(statement).await.0, Ok(()), "{statement}");
        }
    }
}
