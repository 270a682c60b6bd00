//! What a process remembers of the use of each key: when it was last used, and what it has left of its quotas.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use analytics_domain::{ApiKey, ApiKeyLimits, KeyId, Micros};

use crate::quota::Quotas;

const NEVER: i64 = i64::MIN;

/// The use of one key. Every call of it comes here, and no call of another.
#[derive(Debug)]
pub(crate) struct KeyUse {
    pub(crate) quotas: Quotas,
    /// In microseconds.
    last: AtomicI64,
    /// Up to when the catalog knows it.
    written: AtomicI64,
}

impl KeyUse {
    fn new() -> Self {
        Self { quotas: Quotas::default(), last: AtomicI64::new(NEVER), written: AtomicI64::new(NEVER) }
    }

    /// The key was used.
    pub(crate) fn note(&self, now: Micros) {
        self.last.fetch_max(now.0, Ordering::Relaxed);
    }

    fn unwritten(&self) -> Option<Micros> {
        let last = self.last.load(Ordering::Relaxed);
        (last > self.written.load(Ordering::Relaxed)).then_some(Micros(last))
    }
}

/// A key as the catalog has it, and its use. The key is read again every few seconds; its use outlives that.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    pub(crate) used: Arc<KeyUse>,
}

/// The use of all keys that were seen.
#[derive(Debug, Default)]
pub(crate) struct KeyUses(RwLock<HashMap<KeyId, Entry>>);

#[derive(Debug)]
struct Entry {
    used: Arc<KeyUse>,
    limits: ApiKeyLimits,
}

impl KeyUses {
    /// A key that was just read, with what is remembered of it.
    pub(crate) fn of(&self, key: ApiKey) -> KnownKey {
        let mut uses = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let entry = uses
            .entry(key.id.clone())
            .or_insert_with(|| Entry { used: Arc::new(KeyUse::new()), limits: ApiKeyLimits::default() });
        if entry.limits != key.limits {
            entry.limits = key.limits.clone();
        }
        KnownKey { used: entry.used.clone(), key }
    }

    /// What the catalog was not told yet.
    pub(crate) fn unwritten(&self) -> Vec<(KeyId, Micros)> {
        let uses = self.0.read().unwrap_or_else(PoisonError::into_inner);
        uses.iter().filter_map(|(id, entry)| Some((id.clone(), entry.used.unwritten()?))).collect()
    }

    /// The catalog was told these. Keys whose use says nothing that a new start would not are forgotten.
    pub(crate) fn wrote(&self, written: &[(KeyId, Micros)], now: Micros) {
        let mut uses = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (id, time) in written {
            if let Some(entry) = uses.get(id) {
                entry.used.written.fetch_max(time.0, Ordering::Relaxed);
            }
        }
        uses.retain(|_, Entry { used, limits }| {
            let is_known = Arc::strong_count(used) > 1;
            is_known || used.unwritten().is_some() || !used.quotas.is_full(limits, now)
        });
    }
}

#[cfg(test)]
mod tests {
    use analytics_domain::ApiKeySecretHash;

    use super::*;

    fn key(id: &str, events_per_second: Option<u32>) -> ApiKey {
        ApiKey {
            id: KeyId(id.to_owned()),
            secret_hash: ApiKeySecretHash([0; 32]),
            project: None,
            scopes: Vec::new(),
            display_name: String::new(),
            last_four: String::new(),
            create_time: Micros(0),
            revoke_time: None,
            limits: ApiKeyLimits { events_per_second, ..ApiKeyLimits::default() },
            last_use_time: None,
        }
    }

    #[test]
    fn only_what_would_come_back_by_itself_is_forgotten() {
        let uses = KeyUses::default();
        let known = uses.of(key("known", None));
        known.used.note(Micros(5));
        uses.of(key("unwritten", None)).used.note(Micros(6));
        let spent = uses.of(key("spent", Some(1000)));
        spent.used.quotas.take(&spent.key.limits, 1000, || 0, Micros(0)).expect("the first");
        drop(spent);
        drop(uses.of(key("at rest", None)));
        uses.wrote(&[(KeyId("known".to_owned()), Micros(5))], Micros(0));
        let held = |uses: &KeyUses| {
            let mut ids: Vec<String> = uses.0.read().expect("no panic").keys().map(|id| id.0.clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(held(&uses), ["known", "spent", "unwritten"]);
        assert_eq!(uses.unwritten(), [(KeyId("unwritten".to_owned()), Micros(6))]);
        drop(known);
        uses.wrote(&[(KeyId("unwritten".to_owned()), Micros(6))], Micros(1_000_000));
        assert!(held(&uses).is_empty());
    }
}
