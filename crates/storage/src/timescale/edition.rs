//! Which TimescaleDB, and what its Community edition does for old chunks.

use std::fmt;

use sqlx::{PgConnection, Row};

/// An edition of TimescaleDB, with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edition {
    /// What Debian packages: all that is needed.
    Apache {
        /// Such as `2.19.3`.
        version: String,
    },
    /// The vendor's own packages: compresses old chunks too.
    Community {
        /// Such as `2.19.3`.
        version: String,
    },
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apache { version } => write!(f, "TimescaleDB {version} (Apache edition)"),
            Self::Community { version } => write!(f, "TimescaleDB {version} (Community edition)"),
        }
    }
}

impl Edition {
    /// The edition of a database that has the extension, in this version.
    pub(super) async fn detect(connection: &mut PgConnection, version: String) -> Result<Self, sqlx::Error> {
        let row = sqlx::query("SELECT current_setting('timescaledb.license', true)").fetch_one(connection).await?;
        let license: Option<&str> = row.try_get(0)?;
        Ok(if license == Some("timescale") { Self::Community { version } } else { Self::Apache { version } })
    }

    /// Turns on what only this edition can. Nothing depends on it, so a failure is a warning.
    pub(super) async fn accelerate(&self, connection: &mut PgConnection) {
        match self {
            Self::Apache { .. } => {}
            Self::Community { .. } => {
                if let Err(error) = compress_old_chunks(connection).await {
                    let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await;
                    let code = error.as_database_error().and_then(|error| error.code()).map(String::from);
                    tracing::warn!(sqlstate = code, "old events stay uncompressed: {self} refused to compress them");
                }
            }
        }
    }
}

/// Compresses chunks once they are two weeks old, which is past what most late events reach back. In the order in which days are read, and
/// apart by project, so that reading a day unpacks its own rows.
async fn compress_old_chunks(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let enabled = sqlx::query(
        "SELECT compression_enabled FROM timescaledb_information.hypertables \
         WHERE hypertable_schema = 'public' AND hypertable_name = 'events'",
    );
    if enabled.fetch_one(&mut *connection).await?.try_get(0)? {
        return Ok(());
    }
    sqlx::raw_sql(
        "BEGIN; \
         ALTER TABLE events SET (timescaledb.compress, timescaledb.compress_segmentby = 'project_id', \
         timescaledb.compress_orderby = 'visitor_day, version, ordinal'); \
         SELECT add_compression_policy('events', INTERVAL '14 days', if_not_exists => true); \
         COMMIT",
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use analytics_testkit::FreshDatabase;

    use super::*;
    use crate::timescale::{schema, server::Server};

    /// What the Apache edition refuses is what a Community edition without its library would refuse too.
    #[tokio::test]
    async fn a_server_that_refuses_to_compress_is_used_all_the_same() {
        let database = FreshDatabase::create().await;
        let server = Server::parse(database.url()).unwrap();
        let mut connection = server.connect(Duration::from_secs(10)).await.unwrap();
        let version = schema::migrate(&mut connection, &server.address).await.unwrap();
        let edition = Edition::detect(&mut connection, version.clone()).await.unwrap();
        assert_eq!(edition, Edition::Apache { version: version.clone() });

        let refused = compress_old_chunks(&mut connection).await.unwrap_err();
        assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("0A000"));
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
        Edition::Community { version }.accelerate(&mut connection).await;
        // Nothing is left half way on the connection.
        sqlx::raw_sql("CREATE TABLE afterwards ()").execute(&mut connection).await.unwrap();
    }
}
