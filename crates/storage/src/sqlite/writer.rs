//! The one connection that writes.

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex, MutexGuard};

use super::failure::Failure;

/// Lends the writing connection to one transaction after another, in the order in which they ask.
///
/// A connection is kept only after a COMMIT that succeeded. After anything else (an error, a caller that went away in the middle) it is
/// thrown away, and closing it rolls back whatever it had begun: no state of a broken transaction has to be guessed.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    idle: Mutex<Option<SqliteConnection>>,
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions, connection: SqliteConnection) -> Self {
        Self { options, idle: Mutex::new(Some(connection)) }
    }

    /// Begins a transaction that holds the write lock from the start.
    pub(super) async fn begin(&self) -> Result<WriteTransaction<'_>, Failure> {
        let mut idle = self.idle.lock().await;
        let mut connection = match idle.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await?;
        Ok(WriteTransaction { idle, connection })
    }

    /// Waits for the running transaction and closes the connection.
    pub(super) async fn close(&self) -> Result<(), Failure> {
        if let Some(connection) = self.idle.lock().await.take() {
            connection.close().await?;
        }
        Ok(())
    }
}

/// A transaction; rolled back unless [`commit`](Self::commit) succeeds.
pub(super) struct WriteTransaction<'a> {
    idle: MutexGuard<'a, Option<SqliteConnection>>,
    connection: SqliteConnection,
}

impl WriteTransaction<'_> {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Returns once the transaction is on the disk.
    pub(super) async fn commit(mut self) -> Result<(), Failure> {
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        *self.idle = Some(self.connection);
        Ok(())
    }
}
