//! How much a key may send: token buckets that the platform's clock fills.
//!
//! A batch is taken while anything is left, and may overdraw: the next one waits until that is paid back. So the average holds as
//! exactly as if each batch had to be covered, a large batch is not kept out for ever by small ones that take what it waits for, and
//! whether a call is refused is known before its message is read.

use std::sync::{Mutex, PoisonError};

use analytics_domain::{ApiKeyLimits, DurationMs, Micros};

use crate::limits::{INGEST_REQUEST_BYTES, MAX_EVENTS};

/// So many seconds' worth may come at once.
const BURST_SECONDS: u128 = 10;
const MICROS: u128 = 1_000_000;
/// Whoever is refused need not come back sooner.
const SHORTEST_WAIT: DurationMs = DurationMs(100);

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Events in a second.
    Events,
    /// Bytes of messages in a second.
    Bytes,
}

impl Quota {
    /// The name that the contract, metrics and documents use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events_per_second",
            Self::Bytes => "bytes_per_second",
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Events => "events per second",
            Self::Bytes => "bytes per second",
        }
    }

    /// At least one whole batch may come at once, however small the quota is.
    fn smallest_burst(self) -> u128 {
        match self {
            Self::Events => MAX_EVENTS as u128,
            Self::Bytes => INGEST_REQUEST_BYTES as u128,
        }
    }
}

/// A quota is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedUp {
    pub(crate) quota: Quota,
    /// The quota, in a second.
    pub(crate) per_second: u64,
    /// When there is something left again.
    pub(crate) retry_after: DurationMs,
}

/// What one key has left.
#[derive(Debug, Default)]
pub(crate) struct Quotas(Mutex<[Option<Bucket>; 2]>);

impl Quotas {
    /// Takes a batch of so many events and bytes, or nothing of it.
    pub(crate) fn take(
        &self,
        limits: &ApiKeyLimits,
        events: usize,
        bytes: impl FnOnce() -> usize,
        now: Micros,
    ) -> Result<(), UsedUp> {
        if limits.events_per_second.is_none() && limits.bytes_per_second.is_none() {
            return Ok(());
        }
        let bytes = if limits.bytes_per_second.is_some() { bytes() } else { 0 };
        let mut buckets = self.filled(limits, now);
        check(&buckets, limits)?;
        for (bucket, amount) in buckets.iter_mut().zip([events, bytes]) {
            if let Some(bucket) = bucket {
                bucket.left -= amount as i128 * MICROS as i128;
            }
        }
        Ok(())
    }

    /// Whether a batch of whatever size would be refused now.
    pub(crate) fn check(&self, limits: &ApiKeyLimits, now: Micros) -> Result<(), UsedUp> {
        if limits.events_per_second.is_none() && limits.bytes_per_second.is_none() {
            return Ok(());
        }
        check(&self.filled(limits, now), limits)
    }

    /// Whether forgetting this would give nothing away.
    pub(crate) fn is_full(&self, limits: &ApiKeyLimits, now: Micros) -> bool {
        let buckets = self.filled(limits, now);
        buckets.iter().zip(rates(limits)).all(|(bucket, (quota, rate))| match (bucket, rate) {
            (Some(bucket), Some(rate)) => bucket.left >= capacity(quota, rate),
            _ => true,
        })
    }

    fn filled(&self, limits: &ApiKeyLimits, now: Micros) -> std::sync::MutexGuard<'_, [Option<Bucket>; 2]> {
        // Nothing panics while it holds the lock.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, (quota, rate)) in buckets.iter_mut().zip(rates(limits)) {
            match rate {
                Some(rate) => bucket.get_or_insert(Bucket { left: capacity(quota, rate), at: now }).fill(
                    rate,
                    capacity(quota, rate),
                    now,
                ),
                None => *bucket = None,
            }
        }
        buckets
    }
}

fn check(buckets: &[Option<Bucket>; 2], limits: &ApiKeyLimits) -> Result<(), UsedUp> {
    let used_up = buckets.iter().zip(rates(limits)).filter_map(|(bucket, (quota, rate))| {
        let (bucket, per_second) = (bucket.as_ref()?, rate?);
        let retry_after = bucket.wait(per_second)?;
        Some(UsedUp { quota, per_second, retry_after })
    });
    // Whoever comes back when the first of two has something left would only be refused again.
    used_up.max_by_key(|used_up| used_up.retry_after).map_or(Ok(()), Err)
}

fn rates(limits: &ApiKeyLimits) -> [(Quota, Option<u64>); 2] {
    [(Quota::Events, limits.events_per_second.map(u64::from)), (Quota::Bytes, limits.bytes_per_second)]
}

/// In millionths.
fn capacity(quota: Quota, per_second: u64) -> i128 {
    let whole = (u128::from(per_second) * BURST_SECONDS).max(quota.smallest_burst());
    (whole * MICROS) as i128
}

#[derive(Debug)]
struct Bucket {
    /// In millionths of an event or byte, so that no rounding adds up. Negative when overdrawn.
    left: i128,
    /// When that was true.
    at: Micros,
}

impl Bucket {
    fn fill(&mut self, per_second: u64, capacity: i128, now: Micros) {
        // A clock that was set back gives nothing, and takes up from there.
        let elapsed = now.0.saturating_sub(self.at.0).max(0);
        self.left = (self.left + i128::from(elapsed) * i128::from(per_second)).min(capacity);
        self.at = now;
    }

    /// How long until something is left; none when something is.
    fn wait(&self, per_second: u64) -> Option<DurationMs> {
        if self.left > 0 {
            return None;
        }
        // One whole event or byte: less would let everyone in at once after the first microsecond.
        let missing = (MICROS as i128 - self.left) as u128;
        let wait_ms = match u128::from(per_second) {
            0 => return Some(DurationMs(i64::MAX)),
            rate => missing.div_ceil(rate).div_ceil(1000),
        };
        Some(DurationMs(i64::try_from(wait_ms).unwrap_or(i64::MAX)).max(SHORTEST_WAIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn limits(events_per_second: Option<u32>, bytes_per_second: Option<u64>) -> ApiKeyLimits {
        ApiKeyLimits { events_per_second, bytes_per_second, ..ApiKeyLimits::default() }
    }

    /// How many batches of this size get in at one instant.
    fn taken(quotas: &Quotas, limits: &ApiKeyLimits, events: usize, bytes: usize, now: i64) -> usize {
        (0..100_000).take_while(|_| quotas.take(limits, events, || bytes, Micros(now)).is_ok()).count()
    }

    #[test]
    fn ten_seconds_worth_may_come_at_once_and_then_the_average_holds() {
        let (quotas, limits) = (Quotas::default(), limits(Some(500), None));
        assert_eq!(taken(&quotas, &limits, 100, 0, 0), 50);
        let used_up = quotas.take(&limits, 100, || 0, Micros(0)).expect_err("used up");
        assert_eq!((used_up.quota, used_up.per_second), (Quota::Events, 500));
        let mut batches = 0;
        for tenths in 1..=100 {
            batches += taken(&quotas, &limits, 100, 0, tenths * SECOND / 10);
        }
        // 5,000 events in ten seconds; the last batch may be overdrawn.
        assert!((50..=51).contains(&batches), "{batches}");
        assert_eq!(taken(&quotas, &limits, 100, 0, 1000 * SECOND), 50, "rest fills it to the brim and no higher");
    }

    #[test]
    fn a_small_quota_takes_whole_batches_and_makes_them_wait_for_one_another() {
        let (quotas, limits) = (Quotas::default(), limits(Some(10), None));
        assert_eq!(taken(&quotas, &limits, MAX_EVENTS, 0, 0), 1);
        assert_eq!(taken(&quotas, &limits, MAX_EVENTS, 0, SECOND), 1, "overdrawn by one that is not covered");
        let used_up = quotas.check(&limits, Micros(SECOND)).expect_err("overdrawn");
        // 990 events are to be paid back, and one has to be there.
        assert_eq!(used_up.retry_after, DurationMs(99_100));
        let again = SECOND + used_up.retry_after.0 * 1000;
        assert!(quotas.check(&limits, Micros(SECOND + 98_900_000)).is_err());
        assert_eq!(quotas.check(&limits, Micros(again)), Ok(()));
    }

    #[test]
    fn both_quotas_count_and_the_one_that_lasts_longer_is_told() {
        let (quotas, limits) = (Quotas::default(), limits(Some(1000), Some(1000)));
        assert_eq!(taken(&quotas, &limits, 10, INGEST_REQUEST_BYTES, 0), 1);
        let used_up = quotas.check(&limits, Micros(0)).expect_err("no bytes are left");
        assert_eq!(used_up.quota, Quota::Bytes);
        assert_eq!(taken(&Quotas::default(), &limits, 10, 1, 0), 1000);
        let both = Quotas::default();
        assert_eq!(taken(&both, &limits, 10_000, 3 * INGEST_REQUEST_BYTES, 0), 1);
        let used_up = both.check(&limits, Micros(0)).expect_err("nothing is left");
        assert_eq!(used_up.quota, Quota::Bytes, "2,097 seconds against none");
    }

    #[test]
    fn a_refused_batch_takes_nothing() {
        let (quotas, limits) = (Quotas::default(), limits(Some(100), None));
        assert_eq!(taken(&quotas, &limits, MAX_EVENTS, 0, 0), 1);
        let before = quotas.check(&limits, Micros(0));
        for _ in 0..1000 {
            quotas.take(&limits, MAX_EVENTS, || 0, Micros(0)).expect_err("used up");
        }
        assert_eq!(quotas.check(&limits, Micros(0)), before);
    }

    #[test]
    fn a_key_without_a_quota_costs_nothing_and_a_new_quota_begins_full() {
        let quotas = Quotas::default();
        let unlimited = limits(None, None);
        quotas.take(&unlimited, 1_000_000, || panic!("nobody counts these"), Micros(0)).expect("no limit");
        assert_eq!(taken(&quotas, &limits(Some(200), None), 1000, 0, 0), 2);
        assert_eq!(taken(&quotas, &limits(None, None), 1, 0, 0), 100_000, "a quota that was taken away");
        assert_eq!(taken(&quotas, &limits(Some(200), None), 1000, 0, 0), 0, "what was spent before is still spent");
    }

    #[test]
    fn a_lower_quota_holds_at_once_and_a_clock_that_is_set_back_gives_nothing() {
        let quotas = Quotas::default();
        assert_eq!(taken(&quotas, &limits(Some(1_000_000), None), 1000, 0, SECOND), 10_000);
        quotas.check(&limits(Some(1_000_000), None), Micros(2 * SECOND)).expect("a second's worth is back");
        assert_eq!(taken(&quotas, &limits(Some(100), None), 1000, 0, SECOND), 1);
        quotas.take(&limits(Some(100), None), 1, || 0, Micros(0)).expect_err("used up");
        quotas.take(&limits(Some(100), None), 1, || 0, Micros(SECOND / 100)).expect("it fills from there");
    }
}
