//! A real disk that is full, then has space again.

use std::{
    env,
    fs::{self, File},
    io::Write,
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::Command,
};

use analytics_domain::{
    ProjectId,
    ports::{EncodedColumn, EventStore, SegmentError, SegmentKey, SegmentStore, StoreError},
};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{OpenError, SqliteOptions, SqliteStore},
};
use analytics_testkit::sample;
use tempfile::TempDir;

use crate::support::{open, read_all};

const PROJECT: ProjectId = ProjectId(1);
/// Set in the process that has a small disk of its own: where that is mounted.
const SMALL_DISK: &str = "ANALYTICS_TEST_SMALL_DISK";

/// Mounts a small disk that only the new process sees, so that nothing is left behind whatever happens to it.
#[test]
fn a_full_disk_refuses_clearly_and_recovers_once_there_is_space() {
    if let Ok(disk) = env::var(SMALL_DISK) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(on_small_disk(Path::new(&disk)));
    }
    let mount_point = TempDir::new().unwrap();
    // Root needs no user namespace, and in a chroot gets none.
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let output = Command::new("unshare")
        .args((!is_root).then_some("--map-root-user"))
        .args(["--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=4m small \"$1\" && exec \"$2\" --exact \"$3\" --nocapture")
        .arg("sh")
        .arg(mount_point.path())
        .arg(env::current_exe().unwrap())
        .arg("full_disk::a_full_disk_refuses_clearly_and_recovers_once_there_is_space")
        .env(SMALL_DISK, mount_point.path())
        .output()
        .expect("unshare (util-linux) is installed");
    assert!(
        output.status.success(),
        "in a mount namespace of its own, which takes root or user namespaces:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "the test ran there");
}

async fn on_small_disk(disk: &Path) {
    let mut store = open(disk).await;
    let segments = SegmentFiles::open(disk).unwrap();
    let entry = |id: u32| sample::entry(i64::from(id), PROJECT, sample::events(id * 300..(id + 1) * 300));
    store.commit(PROJECT, &[entry(0)]).await.unwrap();
    for round in 1..=3 {
        let ballast = disk.join("ballast");
        fill(&ballast);
        let mut stored = stored_entries(&*store).await;
        let refused = loop {
            match store.commit(PROJECT, &[entry(stored)]).await {
                Ok(_) => stored += 1,
                Err(error) => break error,
            }
        };
        let StoreError::Unavailable(reason) = refused else { panic!("a full disk is not {refused:?}") };
        assert!(reason.contains("full") && reason.contains("free space"), "{reason}");
        let key = SegmentKey {
            project: PROJECT,
            day: sample::DAY,
            generation: analytics_domain::Generation(1),
            version: analytics_domain::Version(round),
        };
        let columns = || vec![EncodedColumn { name: "a".to_owned(), bytes: vec![1; 1_000_000].into() }];
        let refused = segments.put(key, columns()).await;
        assert!(matches!(&refused, Err(SegmentError::Unavailable(reason)) if reason.contains("full")), "{refused:?}");
        assert_eq!(segments.latest(PROJECT, sample::DAY, key.generation).await, Ok(None), "no part of it is left");
        assert_eq!(fs::read_dir(disk.join("segments/unfinished")).unwrap().count(), 0, "it takes no space either");
        assert_eq!(read_all(&*store, PROJECT, sample::DAY).await.len() as u32, stored * 300, "reading goes on");
        let refused = SqliteStore::open(&disk.join("new"), SqliteOptions::default()).await.map(drop);
        assert!(matches!(&refused, Err(OpenError::Unavailable(reason)) if reason.contains("full")), "{refused:?}");
        store.close().await.unwrap();
        drop(store);
        store = open(disk).await;

        fs::remove_file(ballast).unwrap();
        segments.put(key, columns()).await.expect("there is space again");
        segments.remove_before(SegmentKey { generation: analytics_domain::Generation(0), ..key }).await.unwrap();
        let done = store.commit(PROJECT, &[entry(stored)]).await.expect("there is space again");
        assert!(done.outcomes[0].iter().all(|outcome| *outcome == analytics_domain::ports::EventOutcome::Stored));
        let state = store.day(PROJECT, sample::DAY).await.unwrap().unwrap();
        assert_eq!(state.event_count, i64::from(stored + 1) * 300);
        assert_eq!(state.version.0, i64::from(stored + 1), "a failed commit leaves no gap");
    }
}

async fn stored_entries(store: &impl EventStore) -> u32 {
    let state = store.day(PROJECT, sample::DAY).await.unwrap().unwrap();
    state.event_count as u32 / 300
}

/// Takes every byte that is left.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for block_bytes in [65_536, 4_096, 1] {
        while file.write_all(&vec![0; block_bytes]).is_ok() {}
    }
}
