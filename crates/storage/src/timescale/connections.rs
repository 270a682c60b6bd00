//! Connections, each lent to one call at a time.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};

use super::failure::Failure;

/// Lends connections.
///
/// A connection is kept only after a call that succeeded. After anything else (an error, a caller that went away in the middle) it is
/// thrown away, and the server rolls back whatever it had begun: no state of a broken transaction has to be guessed.
#[derive(Clone)]
pub(super) struct Connections {
    pool: PgPool,
    call_timeout: Duration,
}

impl Connections {
    pub(super) fn new(pool: PgPool, call_timeout: Duration) -> Self {
        Self { pool, call_timeout }
    }

    /// Runs `work`, which leaves no transaction open, on a connection. A server that hangs ends it too.
    pub(super) async fn run<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let call = async {
            let mut lent = Lent(Some(self.pool.acquire().await?));
            let Some(connection) = lent.0.as_mut() else { return Err(Failure::unreadable("no connection was lent")) };
            let done = work(connection).await?;
            // Goes back to the pool.
            drop(lent.0.take());
            Ok(done)
        };
        tokio::time::timeout(self.call_timeout, call).await.unwrap_or_else(|_| {
            let seconds = self.call_timeout.as_secs_f64();
            Err(Failure::Unavailable(format!(
                "the database did not answer within {seconds} s: it is overloaded, or hangs"
            )))
        })
    }

    /// Waits until all connections are back and closes them.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection that is closed when this is dropped.
struct Lent(Option<PoolConnection<Postgres>>);

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}
