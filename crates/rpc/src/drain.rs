//! Stopping: everything that waits is told at once, and nothing may take longer than the grace.

use std::time::Duration;

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
}

impl Drain {
    /// Not begun; once it is, work may go on for `grace`.
    pub fn new(grace: Duration) -> Self {
        Self { token: CancellationToken::new(), grace }
    }

    /// Tells everyone to stop. A second time changes nothing.
    pub fn begin(&self) {
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

    /// Waits for work, but no longer than the grace after the drain has begun.
    ///
    /// # Errors
    /// When the work did not end in time; it is dropped.
    pub async fn finish<T>(&self, work: impl Future<Output = T>) -> Result<T, DrainTimedOut> {
        let cut_off = async {
            self.begun().await;
            tokio::time::sleep_until(Instant::now() + self.grace).await;
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
        assert_eq!(before.elapsed(), Duration::from_secs(20));
        assert_eq!(error.to_string(), "work was still going on 20 s after the stop began: it was cut off");
    }
}
