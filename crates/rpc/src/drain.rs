//! Stopping: everything that waits is told at once, and nothing may take longer than the grace.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Work was still going on at the end of the grace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("work was still going on {} s after the stop began: it was cut off", grace.as_secs())]
pub struct DrainTimedOut {
    /// The grace.
    pub grace: Duration,
}

/// Tells the parts of a server to stop. Clones share one state.
#[derive(Debug, Clone)]
pub struct Drain {
    token: CancellationToken,
    grace: Duration,
    begun_at: Arc<OnceLock<Instant>>,
}

/// After the grace of calls there is still so much time to store what they brought and to close.
const CLOSING: Duration = Duration::from_secs(4);

impl Drain {
    /// Not begun; once it is, work may go on for `grace`.
    pub fn new(grace: Duration) -> Self {
        Self { token: CancellationToken::new(), grace, begun_at: Arc::default() }
    }

    /// Tells everyone to stop. A second time changes nothing.
    pub fn begin(&self) {
        self.begun_at.get_or_init(Instant::now);
        self.token.cancel();
    }

    /// Whether it has begun.
    pub fn has_begun(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        self.token.cancelled().await;
    }

    /// The token that is cancelled when it begins.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Waits for work, but no longer than the grace and a moment to close after the drain has begun, however often this is asked.
    ///
    /// # Errors
    /// When the work did not end in time; it is dropped.
    pub async fn finish<T>(&self, work: impl Future<Output = T>) -> Result<T, DrainTimedOut> {
        let cut_off = async {
            self.begun().await;
            let begun_at = self.begun_at.get().copied().unwrap_or_else(Instant::now);
            tokio::time::sleep_until(begun_at + self.grace + CLOSING).await;
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = cut_off => Err(DrainTimedOut { grace: self.grace }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_until_the_grace_after_the_drain_began() {
        let drain = Drain::new(Duration::from_secs(20));
        assert!(!drain.has_begun());
        assert_eq!(drain.finish(async { 7 }).await, Ok(7));
        drain.begin();
        drain.begun().await;
        let before = Instant::now();
        let error = drain.finish(std::future::pending::<()>()).await.expect_err("never ends");
        assert_eq!(before.elapsed(), Duration::from_secs(24));
        assert_eq!(drain.finish(std::future::pending::<()>()).await, Err(error), "the time is over for everyone");
        assert_eq!(before.elapsed(), Duration::from_secs(24));
        assert_eq!(error.to_string(), "work was still going on 20 s after the stop began: it was cut off");
    }
}
