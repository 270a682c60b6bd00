//! A process that is killed in the middle of commits.

use std::{
    collections::BTreeMap,
    env,
    fs::OpenOptions,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use analytics_domain::{
    ProjectId,
    ports::{EventOutcome, EventStore, LogEntry},
};
use analytics_testkit::sample;
use tempfile::TempDir;

use crate::support::{open, read_all};

const PROJECT: ProjectId = ProjectId(1);
const EVENTS_PER_ENTRY: u32 = 300;
/// Set in the process that is to be killed: where it commits.
const WRITER_DIRECTORY: &str = "ANALYTICS_TEST_WRITER_DIRECTORY";

/// Each entry has events of two days, so that half of a commit would show.
fn entry(id: u32) -> LogEntry {
    let events = (id * EVENTS_PER_ENTRY..(id + 1) * EVENTS_PER_ENTRY)
        .map(|number| sample::event_on(sample::DAY.plus_days((number % 2) as i32), number))
        .collect();
    sample::entry(i64::from(id), PROJECT, events)
}

/// Commits entries from `first` on until it is killed, and prints the id of each that was acknowledged.
fn write_until_killed(directory: &Path, first: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(directory).await;
        for id in first.. {
            let done = store.commit(PROJECT, &[entry(id)]).await.expect("the store works");
            assert!(done.outcomes[0].iter().all(|outcome| *outcome == EventOutcome::Stored), "also when redelivered");
            // Below the test harness's capture of standard output, and unbuffered: an acknowledgement that was sent.
            let mut out = OpenOptions::new().append(true).open("/dev/stdout").unwrap();
            out.write_all(format!("\nacknowledged {id}\n").as_bytes()).unwrap();
        }
    });
}

fn start_writer(directory: &Path, first: u32) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::what_was_acknowledged_survives_a_kill", "--nocapture"])
        .env(WRITER_DIRECTORY, format!("{first}:{}", directory.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    if let Ok(order) = env::var(WRITER_DIRECTORY) {
        let (first, directory) = order.split_once(':').unwrap();
        return write_until_killed(Path::new(directory), first.parse().unwrap());
    }
    let directory = TempDir::new().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut first = 0;
    for round in 0..6 {
        let mut writer = start_writer(directory.path(), first);
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut acknowledged = || loop {
            let line = lines.next().expect("the writer runs").unwrap();
            if let Some(id) = line.strip_prefix("acknowledged ") {
                return id.parse::<u32>().unwrap();
            }
        };
        let last = (0..=3 + round * 2).map(|_| acknowledged()).last().unwrap();
        // At once, which is early in the next commit, or while the log is being written.
        if round % 2 == 1 {
            wait_for_a_write(&directory.path().join("analytics.sqlite3-wal"));
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        runtime.block_on(verify(directory.path(), last));
        // As a log would: everything that was not acknowledged once more, stored or not.
        first = last + 1;
    }
}

fn wait_for_a_write(file: &Path) {
    let state = || file.metadata().map(|metadata| (metadata.len(), metadata.modified().unwrap())).ok();
    let before = state();
    while state() == before {
        std::hint::spin_loop();
    }
}

/// Checks the store after a kill.
async fn verify(directory: &Path, last_acknowledged: u32) {
    let store = open(directory).await;
    let mut events_of_entry: BTreeMap<u32, u32> = BTreeMap::new();
    for day in [sample::DAY, sample::DAY.plus_days(1)] {
        let state = store.day(PROJECT, day).await.unwrap().expect("the day has events");
        let stored = read_all(&*store, PROJECT, day).await;
        assert_eq!(state.event_count, stored.len() as i64);
        let mut versions: Vec<i64> = stored.iter().map(|stored| stored.position.version.0).collect();
        versions.dedup();
        assert!(versions.iter().copied().eq(1..=state.version.0), "versions have a gap: {versions:?}");
        assert_eq!(stored.iter().map(|stored| stored.event.time).min(), Some(state.min_time));
        assert_eq!(stored.iter().map(|stored| stored.event.time).max(), Some(state.max_time));
        for stored in stored {
            // Every commit is of one entry, so the version tells which.
            *events_of_entry.entry(stored.position.version.0 as u32 - 1).or_default() += 1;
        }
    }
    let entries = events_of_entry.len() as u32;
    assert!(entries > last_acknowledged, "entry {last_acknowledged} was acknowledged, and {entries} are stored");
    assert!(events_of_entry.values().all(|events| *events == EVENTS_PER_ENTRY), "an entry is stored in part");
}
