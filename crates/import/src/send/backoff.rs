//! When to try again.

use std::time::Duration;

use rand::RngExt as _;
use tokio::time::Instant;

const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// Delays that grow with full jitter, so that many clients do not come back together, until patience ends.
pub(super) struct Backoff {
    patience: Duration,
    began: Instant,
    ceiling: Duration,
}

impl Backoff {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, began: Instant::now(), ceiling: FIRST_DELAY }
    }

    /// How long it was tried.
    pub(super) fn waited(&self) -> Duration {
        self.began.elapsed()
    }

    /// How long to wait before the next attempt, at least `asked`, which the server may have asked for; none when patience is over.
    pub(super) fn next(&mut self, asked: Duration) -> Option<Duration> {
        let left = self.patience.checked_sub(self.waited()).filter(|left| !left.is_zero())?;
        let jittered = self.ceiling.mul_f64(rand::rng().random_range(0.0..=1.0));
        self.ceiling = (self.ceiling * 2).min(LONGEST_DELAY);
        // The last attempt is made when patience ends, not after.
        Some(jittered.max(asked).min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn delays_end_with_patience_and_respect_the_server() {
        let patience = Duration::from_secs(60);
        let mut backoff = Backoff::new(patience);
        assert!(backoff.next(Duration::from_secs(2)).unwrap() >= Duration::from_secs(2));
        let mut attempts = 0;
        while let Some(delay) = backoff.next(Duration::ZERO) {
            assert!(delay <= LONGEST_DELAY, "{delay:?}");
            tokio::time::advance(delay.max(Duration::from_millis(1))).await;
            attempts += 1;
        }
        assert!(backoff.waited() >= patience, "{:?}", backoff.waited());
        assert!(attempts >= 12, "{attempts}");
    }
}
