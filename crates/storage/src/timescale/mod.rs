//! The store of separate services: PostgreSQL with TimescaleDB, readable by everybody with plain SQL.
//!
//! Runs fully on TimescaleDB's Apache edition; what the Community edition can do beyond (compression of old chunks) is switched on when it is
//! there, and nothing depends on it. What was committed survives a crash of the server (`synchronous_commit = on`). When a server goes
//! away in the middle of a commit nobody knows whether it is stored: the call fails as unavailable, and repeating it is safe.

mod api_keys;
mod batch;
mod catalog;
mod columns;
mod commit;
mod connect_error;
mod connections;
mod copy;
mod days;
mod edition;
mod event_store;
mod extension;
mod failure;
mod guard;
mod ingest_counts;
mod projects;
mod property_names;
mod quarantine;
mod row;
mod schema;
mod segments;
mod server;
mod session;
mod types;

use std::time::Duration;

use analytics_domain::ports::StoreError;
use sqlx::{Connection, PgConnection, Row, postgres::PgPoolOptions};

pub use self::{connect_error::ConnectError, edition::Edition, server::ServerAddress};
use self::{connections::Connections, server::Server, session::Session};

/// How the store works.
#[derive(Debug, Clone, Copy)]
pub struct TimescaleOptions {
    /// How many connections this process may use at once.
    pub connections: u32,
    /// How long to wait for a connection, before a call fails as unavailable.
    pub connect_timeout: Duration,
    /// How long a call may take in all, before it fails as unavailable. Also what the server is told as the limit of a statement.
    pub call_timeout: Duration,
    /// How long the server lets a statement wait for a lock that another session holds.
    pub lock_timeout: Duration,
}

impl Default for TimescaleOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            connect_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
        }
    }
}

/// The event store, the catalog, the segment store, the quarantine and the counts on TimescaleDB. Clones share their connections.
#[derive(Clone)]
pub struct TimescaleStore {
    connections: Connections,
    edition: Edition,
}

impl TimescaleStore {
    /// Connects to the database that `url` names, checks the server and the schema and brings the schema up to date. Several processes may do
    /// so at once: one after another changes something.
    ///
    /// # Errors
    /// When the server cannot be reached (worth retrying, see [`ConnectError::is_temporary`]), or somebody has to act first.
    pub async fn connect(url: &str, options: TimescaleOptions) -> Result<Self, ConnectError> {
        let server = Server::parse(url)?;
        let mut connection = server.connect(options.connect_timeout).await?;
        let session = Session::agree(&mut connection, options).await.map_err(|error| server.refusal(error))?;
        let prepared = schema::prepare(&mut connection, &server.address, &session).await;
        let edition = prepared.map_err(|trouble| server.explain(trouble))?;
        // Whatever it holds is let go with the connection, however closing it ends.
        let _ = connection.close().await;

        let pool = PgPoolOptions::new()
            .max_connections(options.connections.max(1))
            .acquire_timeout(options.connect_timeout)
            .after_connect(move |connection, _| {
                let session = session.clone();
                Box::pin(async move { session.apply(connection).await })
            })
            .connect_lazy_with(server.into_options());
        Ok(Self { connections: Connections::new(pool, options.call_timeout), edition })
    }

    /// Whether the database can be written now.
    ///
    /// # Errors
    /// When it cannot be reached, or takes no writes.
    pub async fn check(&self) -> Result<(), StoreError> {
        let ask = async |connection: &mut PgConnection| {
            let row = sqlx::query("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")
                .fetch_one(connection)
                .await?;
            if row.try_get(0)? { Err(failure::of_state(failure::READ_ONLY)) } else { Ok(()) }
        };
        Ok(self.connections.run(ask).await?)
    }

    /// Which TimescaleDB the server runs.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Waits for what is running and closes the connections. Later calls fail.
    pub async fn close(&self) {
        self.connections.close().await;
    }
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
