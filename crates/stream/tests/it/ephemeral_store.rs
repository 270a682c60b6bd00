use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use analytics_domain::{Clock, ManualClock, ports::EphemeralStore};
use analytics_stream::local::{EphemeralOptions, JournalPlacement, LocalEphemeralStore};
use analytics_testkit::ephemeral_store::EphemeralFixture;
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
