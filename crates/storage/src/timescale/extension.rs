//! The extension itself: there, loaded, and new enough.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{
    connect_error::{ConnectError, Trouble},
    server::ServerAddress,
};

/// The first with `by_range`.
const OLDEST: (u32, u32) = (2, 13);

const PRELOAD: &str = "set `shared_preload_libraries = 'timescaledb'` in postgresql.conf and restart the server";

/// Adds the extension to the database if need be and returns its version. From here on the connection finds its functions.
pub(super) async fn require(connection: &mut PgConnection, server: &ServerAddress) -> Result<String, Trouble> {
    let missing = |remedy: String| ConnectError::TimescaleMissing { server: server.clone(), remedy };
    if installed(connection).await?.is_none() {
        if !is_available(connection).await? {
            let row =
                sqlx::query("SELECT current_setting('server_version_num')::int / 10000").fetch_one(connection).await?;
            let postgres: i32 = row.try_get(0)?;
            let package = format!("install it on the server (Debian: the package postgresql-{postgres}-timescaledb)");
            return Err(missing(format!("{package}, {PRELOAD}")).into());
        }
        let created = sqlx::raw_sql("CREATE EXTENSION timescaledb SCHEMA public").execute(&mut *connection).await;
        created.map_err(|error| match error.as_database_error().and_then(|error| error.code()).as_deref() {
            Some("42501") => {
                missing("as a superuser, connected to that database, run `CREATE EXTENSION timescaledb`".to_owned())
                    .into()
            }
            // It ends the session of a server that did not load it at its start, as an internal error.
            Some("XX000") => missing(PRELOAD.to_owned()).into(),
            _ => Trouble::Driver(error),
        })?;
    }
    let Some(Installed { version, schema, is_loaded }) = installed(connection).await? else {
        return Err(missing(PRELOAD.to_owned()).into());
    };
    if !is_loaded {
        return Err(missing(format!("it is installed but not loaded: {PRELOAD}")).into());
    }
    if !is_new_enough(&version) {
        let found = format!("TimescaleDB {version}");
        return Err(ConnectError::TooOld { server: server.clone(), found, needed: "TimescaleDB 2.13" }.into());
    }
    // An administrator may have put it elsewhere.
    let path = format!("SET search_path = public, \"{}\"", schema.replace('"', "\"\""));
    sqlx::raw_sql(AssertSqlSafe(path)).execute(connection).await?;
    Ok(version)
}

struct Installed {
    version: String,
    schema: String,
    is_loaded: bool,
}

async fn installed(connection: &mut PgConnection) -> Result<Option<Installed>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT extversion, (SELECT nspname FROM pg_namespace WHERE oid = extnamespace), \
         current_setting('timescaledb.license', true) IS NOT NULL FROM pg_extension WHERE extname = 'timescaledb'",
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok(Installed { version: row.try_get(0)?, schema: row.try_get(1)?, is_loaded: row.try_get(2)? }))
        .transpose()
}

async fn is_available(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')");
    row.fetch_one(connection).await?.try_get(0)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.split(['.', '-']).map_while(|part| part.parse().ok());
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= OLDEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        for version in ["2.13.0", "2.19.3", "2.20.0-dev", "3.0.0", "10.1"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["2.9.3", "2.12.2", "1.20.0", "", "x"] {
            assert!(!is_new_enough(version), "{version}");
        }
    }
}
