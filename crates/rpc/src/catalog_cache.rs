//! What was read from the catalog, kept for a short time, and for longer while the catalog cannot be reached.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use analytics_domain::{Clock, DurationMs, Millis, ports::CatalogError};

use crate::{
    RpcError,
    turns::{Turns, Waited},
};

/// A revocation holds within five seconds: this, once more while another caller asks, and a second for the answer itself.
const FRESH: DurationMs = DurationMs(2000);
/// Known keys go on working for so long while the catalog cannot be reached.
const USABLE_WITHOUT_CATALOG: DurationMs = DurationMs(60 * 60 * 1000);
/// After a failure the catalog is left alone for so long, by callers who have an old value.
const PAUSE_AFTER_FAILURE: DurationMs = DurationMs(2000);
/// A catalog that takes longer counts as unreachable.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_ENTRIES: u64 = 10_000;
const NEVER: i64 = i64::MIN;

struct Entry<V> {
    value: V,
    read_at: Millis,
    /// When a caller last began to ask again, in milliseconds.
    asked_at: AtomicI64,
}

pub(crate) struct CatalogCache<K: Hash + Eq + Clone, V> {
    entries: moka::sync::Cache<K, Arc<Entry<V>>>,
    clock: Arc<dyn Clock>,
    failed_at: AtomicI64,
    first_reads: Turns<K>,
}

impl<K, V> CatalogCache<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let entries = moka::sync::Cache::new(MAX_ENTRIES);
        Self { entries, clock, failed_at: AtomicI64::new(NEVER), first_reads: Turns::default() }
    }

    /// The value of `key`, from the catalog unless it was read within the last seconds. None when the catalog has none; that is
    /// not kept, so what was just created is found.
    pub(crate) async fn get(
        &self,
        key: K,
        read: impl Future<Output = Result<Option<V>, CatalogError>>,
    ) -> Result<Option<V>, RpcError> {
        let now = self.clock.now().to_millis();
        let known = self.entries.get(&key);
        if let Some(entry) = &known
            && self.serves(entry, now)
        {
            return Ok(Some(entry.value.clone()));
        }
        // A process that just started knows nothing, and everybody comes at once: one reads what all of them ask for.
        let _turn = match known {
            Some(_) => None,
            None => {
                let turn = self.first_reads.take(&key).await;
                if let Some(entry) = self.entries.get(&key).filter(|entry| within(now, entry.read_at, FRESH)) {
                    return Ok(Some(entry.value.clone()));
                }
                if turn.waited == Waited::Yes && Millis(self.failed_at.load(Ordering::Relaxed)) >= now {
                    return Err(CatalogError::Unavailable("whoever asked before got no answer".to_owned()).into());
                }
                // Nothing was found, so the others will not find it either, most likely: they must not queue up behind each other, for
                // each takes the place of a call.
                (turn.waited == Waited::No).then_some(turn)
            }
        };
        let outcome = match tokio::time::timeout(ANSWER_TIMEOUT, read).await {
            Ok(outcome) => outcome,
            Err(_) => Err(CatalogError::Unavailable(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()))),
        };
        match outcome {
            Ok(Some(value)) => {
                let entry = Entry { value: value.clone(), read_at: now, asked_at: AtomicI64::new(NEVER) };
                self.entries.insert(key, Arc::new(entry));
                Ok(Some(value))
            }
            Ok(None) => {
                self.entries.invalidate(&key);
                Ok(None)
            }
            Err(error @ CatalogError::Unavailable(_)) => {
                // The instant at which it is known, not the one at which it was asked: the attempt may have taken longer than the pause.
                self.failed_at.store(self.clock.now().to_millis().0, Ordering::Relaxed);
                let old = known.filter(|entry| within(now, entry.read_at, USABLE_WITHOUT_CATALOG)).ok_or(error)?;
                metrics::counter!("analytics_catalog_stale_reads_total").increment(1);
                Ok(Some(old.value.clone()))
            }
            Err(error @ (CatalogError::Corrupt(_) | CatalogError::ProjectExists(_))) => Err(error.into()),
        }
    }

    /// The value of `key` if it was read lately, however old it is.
    pub(crate) fn peek(&self, key: &K) -> Option<V> {
        self.entries.get(key).map(|entry| entry.value.clone())
    }

    /// Whether a value will do without asking the catalog.
    fn serves(&self, entry: &Entry<V>, now: Millis) -> bool {
        if within(now, entry.read_at, FRESH) {
            return true;
        }
        let failed_at = Millis(self.failed_at.load(Ordering::Relaxed));
        let is_failing = failed_at >= entry.read_at && within(now, entry.read_at, USABLE_WITHOUT_CATALOG);
        if !is_failing && !within(now, entry.read_at, DurationMs(2 * FRESH.0)) {
            return false;
        }
        // One caller asks; the others need not wait for it, and the catalog is spared a rush.
        let asked_at = entry.asked_at.load(Ordering::Relaxed);
        let is_asked =
            || entry.asked_at.compare_exchange(asked_at, now.0, Ordering::Relaxed, Ordering::Relaxed).is_err();
        let serves = (is_failing && within(now, failed_at, PAUSE_AFTER_FAILURE))
            || within(now, Millis(asked_at), FRESH)
            || is_asked();
        if serves && is_failing {
            metrics::counter!("analytics_catalog_stale_reads_total").increment(1);
        }
        serves
    }
}

/// Whether `then` is no further back than `most`. A clock that was set back makes everything old.
fn within(now: Millis, then: Millis, most: DurationMs) -> bool {
    (0..=most.0).contains(&now.since(then).0)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use analytics_domain::{ManualClock, Micros};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn while_the_catalog_hangs_one_caller_waits_for_it_and_the_others_do_not() {
        let clock = Arc::new(ManualClock::new(Micros(0)));
        let cache = CatalogCache::new(clock.clone());
        assert_eq!(cache.get("key", async { Ok(Some(7)) }).await, Ok(Some(7)));
        clock.set(Micros(10_000_000));
        let asked = AtomicUsize::new(0);
        for _ in 0..100 {
            let hangs = async {
                asked.fetch_add(1, Ordering::Relaxed);
                clock.set(Micros(12_000_000));
                std::future::pending().await
            };
            assert_eq!(cache.get("key", hangs).await, Ok(Some(7)));
        }
        assert_eq!(asked.into_inner(), 1);
    }

    #[tokio::test]
    async fn many_who_ask_for_what_nobody_knows_yet_cause_one_read() {
        let cache = CatalogCache::new(Arc::new(ManualClock::new(Micros(0))));
        let asked = AtomicUsize::new(0);
        let go_on = tokio::sync::Semaphore::new(0);
        let ask = |found: Result<Option<i32>, CatalogError>| {
            let read = async {
                asked.fetch_add(1, Ordering::Relaxed);
                go_on.acquire().await.expect("open").forget();
                found
            };
            cache.get("key", read)
        };
        let failing = || Err(CatalogError::Unavailable("away".to_owned()));
        let let_one = async { go_on.add_permits(1) };
        let (refused, ()) = tokio::join!(futures::future::join_all((0..50).map(|_| ask(failing()))), let_one);
        assert!(refused.iter().all(Result::is_err), "nobody waits for another attempt");
        assert_eq!(asked.swap(0, Ordering::Relaxed), 1);

        let let_one = async { go_on.add_permits(1) };
        let (found, ()) = tokio::join!(futures::future::join_all((0..50).map(|_| ask(Ok(Some(7))))), let_one);
        assert!(found.iter().all(|found| *found == Ok(Some(7))));
        assert_eq!(asked.into_inner(), 1);
        assert!(cache.first_reads.is_empty());
    }

    #[tokio::test]
    async fn whoever_asks_for_what_is_not_there_holds_up_nobody() {
        let cache: CatalogCache<&str, i32> = CatalogCache::new(Arc::new(ManualClock::new(Micros(0))));
        let asked = AtomicUsize::new(0);
        let go_on = tokio::sync::Semaphore::new(0);
        let ask = || {
            let read = async {
                asked.fetch_add(1, Ordering::Relaxed);
                go_on.acquire().await.expect("open").forget();
                Ok(None)
            };
            cache.get("key", read)
        };
        let side_by_side = async {
            go_on.add_permits(1);
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            let reading = asked.load(Ordering::Relaxed);
            go_on.add_permits(50);
            reading
        };
        let (found, reading) = tokio::join!(futures::future::join_all((0..50).map(|_| ask())), side_by_side);
        assert!(found.iter().all(|found| *found == Ok(None)));
        assert_eq!(reading, 50, "while the second read still goes on");
        assert!(cache.first_reads.is_empty());
    }
}
