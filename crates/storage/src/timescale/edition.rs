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
