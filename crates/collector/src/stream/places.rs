//! How many streams each key has open: keys for events are public, and one must not take the places of all the others.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_domain::KeyId;
use analytics_rpc::RpcError;

/// The places of all keys. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<KeyId, usize>>>);

/// A place of a key, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Places,
    key: KeyId,
}

impl Places {
    /// Takes one of as many places as a key may have.
    ///
    /// # Errors
    /// When it has all of them.
    pub(crate) fn take(&self, key: &KeyId, most: usize) -> Result<Place, RpcError> {
        let mut open = self.open();
        let number = open.entry(key.clone()).or_default();
        if *number >= most {
            return Err(RpcError::overloaded(format!("{most} streams of `apiKeys/{key}` are open")));
        }
        *number += 1;
        Ok(Place { places: self.clone(), key: key.clone() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<KeyId, usize>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut open) = self.places.open().entry(self.key.clone()) {
            match open.get().checked_sub(1) {
                Some(0) | None => drop(open.remove()),
                Some(rest) => *open.get_mut() = rest,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gets_its_places_back_and_leaves_nothing() {
        let places = Places::default();
        let [one, other] = ["one", "other"].map(|id| KeyId(id.to_owned()));
        let held = [places.take(&one, 2), places.take(&one, 2)].map(|place| place.expect("a place"));
        assert!(places.take(&one, 2).is_err());
        let another = places.take(&other, 2).expect("a place of another key");
        drop(held);
        drop((places.take(&one, 2).expect("there is room again"), another));
        assert!(places.open().is_empty());
    }
}
