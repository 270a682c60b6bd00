use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use analytics_domain::{
    Clock, Day, DurationMs, ManualClock, Millis,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use analytics_stream::local::{EphemeralOptions, JournalPlacement, LocalEphemeralStore};
use analytics_testkit::ephemeral_store::{self, CollectorsFixture, EphemeralFixture, Wipe};
use async_trait::async_trait;
use tempfile::TempDir;

/// A directory in memory where the machine has one, and how the store may use it.
pub(crate) fn fresh_directory() -> (TempDir, JournalPlacement) {
    let memory = Path::new("/dev/shm");
    let (parent, placement) = if cfg!(target_os = "linux") {
        (memory.to_owned(), JournalPlacement::MemoryOnly)
    } else {
        (std::env::temp_dir(), JournalPlacement::AllowDisk)
    };
    (tempfile::tempdir_in(parent).expect("a directory"), placement)
}

pub(crate) fn open(directory: &Path, placement: JournalPlacement, clock: Arc<ManualClock>) -> LocalEphemeralStore {
    let clock: Arc<dyn Clock> = clock;
    LocalEphemeralStore::open(directory, EphemeralOptions { clock, placement }).expect("the store opens")
}

/// What a process that is killed at this instant leaves behind: its files as they are, without anything that it does on the way out.
pub(crate) fn copy_of(directory: &Path) -> (TempDir, JournalPlacement) {
    let (copy, placement) = fresh_directory();
    for entry in fs::read_dir(directory).expect("the directory") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    (copy, placement)
}

struct LocalFixture {
    clock: Arc<ManualClock>,
    process: Mutex<(LocalEphemeralStore, TempDir)>,
}

#[async_trait]
impl EphemeralFixture for LocalFixture {
    async fn store(&self) -> Arc<dyn EphemeralStore> {
        Arc::new(self.process.lock().expect("no panic").0.clone())
    }

    async fn kill(&self) {
        let mut process = self.process.lock().expect("no panic");
        let (directory, placement) = copy_of(process.1.path());
        *process = (open(directory.path(), placement, Arc::clone(&self.clock)), directory);
    }
}

async fn fresh_store(clock: Arc<ManualClock>) -> LocalFixture {
    let (directory, placement) = fresh_directory();
    let store = open(directory.path(), placement, Arc::clone(&clock));
    LocalFixture { clock, process: Mutex::new((store, directory)) }
}

analytics_testkit::ephemeral_store_suite!(fresh_store);

/// One process at a time: each collector that is started is the next process, which goes on where the last one was killed, and the
/// others' handles are its.
struct LocalCollectors(Arc<LocalFixture>);

struct OfLatestProcess(Arc<LocalFixture>);

#[async_trait]
impl CollectorsFixture for LocalCollectors {
    async fn collector(&self) -> Arc<dyn EphemeralStore> {
        self.0.kill().await;
        Arc::new(OfLatestProcess(Arc::clone(&self.0)))
    }

    /// With its memory the process loses itself.
    async fn wipe(&self) -> Wipe {
        Wipe::Impossible
    }
}

#[async_trait]
impl EphemeralStore for OfLatestProcess {
    async fn nonce(
        &self,
        scope: &SaltScope,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        self.0.store().await.nonce(scope, day, policy).await
    }

    async fn assign_visitor_days(
        &self,
        scope: &SaltScope,
        probes: &[VisitorProbe],
        timeout: DurationMs,
    ) -> Result<Vec<usize>, EphemeralError> {
        self.0.store().await.assign_visitor_days(scope, probes, timeout).await
    }

    async fn open_import(
        &self,
        key: &ImportKey,
        import: RunningImport,
    ) -> Result<(RunningImport, bool), EphemeralError> {
        self.0.store().await.open_import(key, import).await
    }

    async fn touch_import(&self, key: &ImportKey, expire_time: Millis) -> Result<RunningImport, EphemeralError> {
        self.0.store().await.touch_import(key, expire_time).await
    }

    async fn close_import(&self, key: &ImportKey) -> Result<(), EphemeralError> {
        self.0.store().await.close_import(key).await
    }

    async fn sweep(&self, now: Millis) -> Result<(), EphemeralError> {
        self.0.store().await.sweep(now).await
    }
}

#[test]
fn nonces_follow_the_calendar_for_every_collector() {
    let make = async |clock: Arc<ManualClock>| LocalCollectors(Arc::new(fresh_store(clock).await));
    ephemeral_store::nonces_follow_the_calendar_for_every_collector(make, 6);
}
