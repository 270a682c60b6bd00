//! A database for each test, on the shared server.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions};
use tokio::{runtime, sync::OnceCell};

use crate::servers::database_url;

/// Held while the template is made.
const TEMPLATE_LOCK: i64 = i64::from_be_bytes(*b"Anlytmpl");

/// A database with TimescaleDB and nothing in it, dropped with this, whoever still uses it.
pub struct FreshDatabase {
    name: String,
    url: String,
}

impl FreshDatabase {
    /// Creates one.
    ///
    /// # Panics
    /// Without a server to create it on.
    pub async fn create() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(make_template).await;
        let name = unique_name();
        // Copying the pages of a template is three times as fast as adding the extension to an empty database.
        execute(&mut connect(maintenance()).await, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { url: url_of(&name), name }
    }

    /// Where it is, for a client to connect.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The test's own runtime may be the one that runs this, or be gone.
        let dropped = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
            runtime.block_on(async { execute(&mut connect(maintenance()).await, statement).await });
        });
        if dropped.join().is_err() && !thread::panicking() {
            panic!("the database {} could not be dropped", self.name);
        }
    }
}

fn maintenance() -> PgConnectOptions {
    database_url().parse().unwrap_or_else(|error| panic!("DATABASE_URL cannot be read: {error}"))
}

/// The address of another database on the same server.
fn url_of(database: &str) -> String {
    let base = database_url();
    let (before_query, query) =
        base.split_once('?').map_or((base.as_str(), String::new()), |(url, query)| (url, format!("?{query}")));
    let authority_start = before_query.find("://").map_or(0, |place| place + 3);
    let authority_end =
        before_query[authority_start..].find('/').map_or(before_query.len(), |place| authority_start + place);
    format!("{}/{database}{query}", &before_query[..authority_end])
}

fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Process ids come again after a restart of the machine, and the databases of a killed test are still there then.
    let random = RandomState::new().build_hasher().finish();
    format!("analytics_test_{}_{}_{random:016x}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn connect(options: PgConnectOptions) -> PgConnection {
    let options = options.disable_statement_logging();
    options.connect().await.unwrap_or_else(|error| panic!("the server of DATABASE_URL cannot be used: {error}"))
}

async fn execute(connection: &mut PgConnection, statement: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(connection).await;
    done.unwrap_or_else(|error| panic!("`{statement}` failed: {error}"));
}

/// Makes the template unless another process has, and returns its name.
async fn make_template() -> String {
    let mut maintenance_connection = connect(maintenance()).await;
    let connection = &mut maintenance_connection;
    execute(connection, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let row = sqlx::query("SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb'")
        .fetch_optional(&mut *connection)
        .await
        .expect("the server tells its extensions")
        .unwrap_or_else(|| panic!("the server of DATABASE_URL has no TimescaleDB"));
    let version: String = row.get(0);
    let name = format!("analytics_template_{}", version.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let exists = sqlx::query("SELECT FROM pg_database WHERE datname = $1").bind(&name).fetch_optional(&mut *connection);
    if exists.await.expect("the server tells its databases").is_none() {
        // Under its final name only once it is whole.
        let unfinished = format!("{name}_unfinished");
        execute(connection, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        execute(connection, format!("CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8'")).await;
        let mut inside = connect(maintenance().database(&unfinished)).await;
        execute(&mut inside, "CREATE EXTENSION timescaledb".to_owned()).await;
        inside.close().await.expect("the connection closes");
        // A database that somebody is connected to cannot be copied, and TimescaleDB's own workers would be.
        execute(connection, format!("ALTER DATABASE {unfinished} ALLOW_CONNECTIONS false")).await;
        let workers = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
        execute(connection, format!("{workers} '{unfinished}'")).await;
        execute(connection, format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    maintenance_connection.close().await.expect("the connection closes");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn databases_are_apart_have_the_extension_and_go() {
        let (first, second) = (FreshDatabase::create().await, FreshDatabase::create().await);
        let mut connection = PgConnection::connect(first.url()).await.expect("it can be used");
        execute(
            &mut connection,
            "CREATE TABLE here (id int); SELECT create_hypertable('here', by_range('id'))".to_owned(),
        )
        .await;
        let mut other = PgConnection::connect(second.url()).await.expect("it can be used");
        let here =
            sqlx::query("SELECT to_regclass('here') IS NULL").fetch_one(&mut other).await.expect("it can be used");
        assert!(here.get::<bool, _>(0));
        let url = first.url().to_owned();
        drop(first);
        assert!(PgConnection::connect(&url).await.is_err(), "it is still there");
    }
}
