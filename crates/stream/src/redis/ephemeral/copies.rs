//! What this process knows of the store, to bring it back when the store loses it. In memory only, and no longer than there.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_domain::{
    Day, Millis, ProjectId,
    ports::{ImportKey, RunningImport, VisitorDayNonce},
};
use zeroize::Zeroizing;

/// A nonce, wiped when it is dropped. Boxed, so that no copy is left behind where a map grew.
#[derive(Clone)]
pub(super) struct NonceCopy(Box<Zeroizing<[u8; 32]>>);

impl NonceCopy {
    pub(super) fn new(nonce: VisitorDayNonce) -> Self {
        Self(Box::new(Zeroizing::new(nonce.0)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The nonce of a day of live events.
#[derive(Clone)]
pub(super) struct LiveCopy {
    pub(super) destroy_at: Millis,
    pub(super) nonce: NonceCopy,
}

/// A running import and the nonces of its days.
#[derive(Clone)]
pub(super) struct ImportCopy {
    pub(super) running: RunningImport,
    pub(super) nonces: HashMap<Day, NonceCopy>,
}

/// Shared by the clones of a store.
#[derive(Clone, Default)]
pub(super) struct Copies(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// The epoch of the store in which everything here was published.
    epoch: Option<Vec<u8>>,
    live: HashMap<(ProjectId, Day), LiveCopy>,
    imports: HashMap<ImportKey, ImportCopy>,
}

impl Copies {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn epoch(&self) -> Option<Vec<u8>> {
        self.inner().epoch.clone()
    }

    pub(super) fn set_epoch(&self, epoch: Vec<u8>) {
        self.inner().epoch = Some(epoch);
    }

    /// The nonce of a day; none from its instant on.
    pub(super) fn live(&self, project: ProjectId, day: Day, now: Millis) -> Option<LiveCopy> {
        self.inner().live.get(&(project, day)).filter(|copy| copy.destroy_at > now).cloned()
    }

    pub(super) fn keep_live(&self, project: ProjectId, day: Day, destroy_at: Millis, nonce: VisitorDayNonce) {
        let copy = LiveCopy { destroy_at, nonce: NonceCopy::new(nonce) };
        self.inner().live.insert((project, day), copy);
    }

    /// An import that runs.
    pub(super) fn import(&self, key: &ImportKey, now: Millis) -> Option<ImportCopy> {
        self.inner().imports.get(key).filter(|copy| copy.running.expire_time > now).cloned()
    }

    /// The nonce of a day of an import that runs.
    pub(super) fn import_nonce(&self, key: &ImportKey, day: Day, now: Millis) -> Option<NonceCopy> {
        let inner = self.inner();
        let import = inner.imports.get(key).filter(|copy| copy.running.expire_time > now)?;
        import.nonces.get(&day).cloned()
    }

    /// Keeps an import as it runs. One that began at another time is another one: nothing of the former is its.
    pub(super) fn keep_import(&self, key: &ImportKey, running: RunningImport) {
        let mut inner = self.inner();
        match inner.imports.get_mut(key) {
            Some(copy) if copy.running.create_time == running.create_time => copy.running = running,
            _ => drop(inner.imports.insert(key.clone(), ImportCopy { running, nonces: HashMap::new() })),
        }
    }

    /// Keeps a nonce of an import that is kept.
    pub(super) fn keep_import_nonce(&self, key: &ImportKey, day: Day, nonce: VisitorDayNonce) {
        if let Some(copy) = self.inner().imports.get_mut(key) {
            copy.nonces.insert(day, NonceCopy::new(nonce));
        }
    }

    pub(super) fn forget_import(&self, key: &ImportKey) {
        self.inner().imports.remove(key);
    }

    /// Forgets what was due.
    pub(super) fn forget_due(&self, now: Millis) {
        let mut inner = self.inner();
        inner.live.retain(|_, copy| copy.destroy_at > now);
        inner.imports.retain(|_, copy| copy.running.expire_time > now);
    }

    /// Everything that is not due.
    pub(super) fn all(&self, now: Millis) -> (Vec<(ProjectId, Day)>, Vec<ImportKey>) {
        let inner = self.inner();
        let live = inner.live.iter().filter(|(_, copy)| copy.destroy_at > now).map(|(key, _)| *key);
        let imports = inner.imports.iter().filter(|(_, copy)| copy.running.expire_time > now);
        (live.collect(), imports.map(|(key, _)| key.clone()).collect())
    }
}
