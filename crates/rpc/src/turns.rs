//! One after the other for the same key, side by side for others.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Turnstiles<K> = HashMap<K, Arc<AsyncMutex<()>>>;

/// Who does something for a key. Holds only keys for which somebody does or waits.
pub(crate) struct Turns<K: Hash + Eq + Clone>(Mutex<Turnstiles<K>>);

impl<K: Hash + Eq + Clone> Default for Turns<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Whether somebody else had the turn when it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    Yes,
    No,
}

/// The turn of one; the next one's when it is dropped.
pub(crate) struct Turn<'a, K: Hash + Eq + Clone> {
    turns: &'a Turns<K>,
    key: K,
    guard: Option<OwnedMutexGuard<()>>,
    pub(crate) waited: Waited,
}

impl<K: Hash + Eq + Clone> Turns<K> {
    pub(crate) async fn take(&self, key: &K) -> Turn<'_, K> {
        let turnstile = self.turnstiles().entry(key.clone()).or_default().clone();
        // Made before it waits, so that a caller who leaves tidies up too.
        let mut turn = Turn { turns: self, key: key.clone(), guard: None, waited: Waited::No };
        turn.guard = Some(match turnstile.clone().try_lock_owned() {
            Ok(guard) => guard,
            Err(_) => {
                turn.waited = Waited::Yes;
                turnstile.lock_owned().await
            }
        });
        turn
    }

    fn turnstiles(&self) -> MutexGuard<'_, Turnstiles<K>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.turnstiles().is_empty()
    }
}

impl<K: Hash + Eq + Clone> Drop for Turn<'_, K> {
    fn drop(&mut self) {
        let mut turnstiles = self.turns.turnstiles();
        self.guard = None;
        // One is the map's own: whoever waits or has the turn holds another.
        if turnstiles.get(&self.key).is_some_and(|turnstile| Arc::strong_count(turnstile) == 1) {
            turnstiles.remove(&self.key);
        }
    }
}
