//! Commits that meet.

use std::{collections::BTreeMap, time::Duration};

use analytics_domain::{
    Event, ProjectId,
    ports::{EventOutcome, EventStore},
};
use analytics_storage::timescale::{TimescaleOptions, TimescaleStore};
use analytics_testkit::{FreshDatabase, sample};

use super::Shell;
use crate::support::{fresh_timescale, read_all};

const DAYS: i32 = 20;

/// Events of many days, in an order that is another one for each seed.
fn scattered(seed: u32, numbers: std::ops::Range<u32>) -> Vec<Event> {
    let length = numbers.len() as u32;
    let stride = [7, 11, 13, 17, 19][seed as usize % 5];
    let number = |index: u32| numbers.start + (index * stride + seed) % length;
    let day = |number: u32| sample::DAY.plus_days((number % DAYS as u32) as i32);
    (0..length).map(number).map(|number| sample::event_on(day(number), number)).collect()
}

/// Half of what each commit brings is also brought by its neighbour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_over_many_days_from_many_tasks_lose_and_double_nothing() {
    const ENTRIES: u32 = 40;
    const EVENTS: u32 = 200;
    let database = FreshDatabase::create().await;
    // All wait for one of a few connections.
    let patient = Duration::from_secs(60);
    let options = TimescaleOptions { connect_timeout: patient, call_timeout: patient, ..TimescaleOptions::default() };
    let store = TimescaleStore::connect(database.url(), options).await.unwrap();
    let tasks: Vec<_> = (1..=3_i64)
        .flat_map(|project| (0..ENTRIES).map(move |id| (ProjectId(project), id)))
        .map(|(project, id)| {
            let store = store.clone();
            let events = scattered(id, id * EVENTS / 2..id * EVENTS / 2 + EVENTS);
            let entry = sample::entry(id.into(), project, events);
            tokio::spawn(async move { store.commit(project, &[entry]).await })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        let done = task.await.unwrap().unwrap();
        stored += done.outcomes[0].iter().filter(|outcome| **outcome == EventOutcome::Stored).count() as u32;
    }
    let distinct = (ENTRIES + 1) * EVENTS / 2;
    assert_eq!(stored, 3 * distinct);
    for project in 1..=3 {
        verify(&store, ProjectId(project), distinct).await;
    }
    let unlocked = "SELECT 'left' FROM project_days WHERE version = 0 OR event_count = 0";
    assert_eq!(Shell::on(&database).await.ask(unlocked).await, [""; 0]);
}

async fn verify(store: &TimescaleStore, project: ProjectId, distinct: u32) {
    let mut numbers = Vec::new();
    for day in 0..DAYS {
        let day = sample::DAY.plus_days(day);
        let state = store.day(project, day).await.unwrap().expect("the day has events");
        let stored = read_all(store, project, day).await;
        assert_eq!(state.event_count, stored.len() as i64);
        let mut positions = BTreeMap::new();
        for stored in &stored {
            assert!(positions.insert(stored.position, ()).is_none(), "two events have one position");
        }
        let mut versions: Vec<i64> = positions.keys().map(|position| position.version.0).collect();
        versions.dedup();
        assert!(versions.iter().copied().eq(1..=state.version.0), "versions have a gap: {versions:?}");
        numbers.extend(stored.iter().map(|stored| stored.event.event_id.0[..4].to_vec()));
    }
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((all, numbers.len()), (distinct as usize, distinct as usize));
}

/// The same identities under other days, one from the front and one from the back. A third session holds the one in the middle until both have
/// come there; then each waits for what the other has inserted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_commits_that_wait_for_each_other_both_end() {
    const EVENTS: u32 = 4_000;
    let (store, database) = fresh_timescale().await;
    let project = ProjectId(1);
    let forth: Vec<Event> = sample::events(0..EVENTS);
    let back: Vec<Event> =
        forth.iter().rev().map(|event| Event { visitor_day: sample::DAY.plus_days(1), ..event.clone() }).collect();

    // There has to be a chunk, or they would wait for the one who makes it.
    store.commit(project, &[sample::entry(3, project, sample::events([EVENTS]))]).await.unwrap();
    let (mut holder, mut observer) = (Shell::on(&database).await, Shell::on(&database).await);
    let middle = "INSERT INTO events (project_id, version, entry_id, occurred_at, time, event_id, visitor_day, ordinal, kind, \
                  interactive, name) SELECT 1, 1, 0, at, at, '000007d0-5a5a-5a5a-5a5a-5a5a5a5a5a5a', at, 0, 1, true, 'held' \
                  FROM (SELECT timestamptz '2026-03-01 00:33:20Z' AS at) AS middle";
    holder.run(&format!("BEGIN; {middle}")).await;
    let commits = [sample::entry(1, project, forth), sample::entry(2, project, back)].map(|entry| {
        let store = store.clone();
        tokio::spawn(async move { store.commit(project, &[entry]).await })
    });
    let waiting =
        "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    observer.wait_for(waiting, "2").await;
    holder.run("ROLLBACK").await;

    let mut stored = 0;
    for commit in commits {
        let done = commit.await.unwrap().unwrap();
        stored += done.outcomes[0].iter().filter(|outcome| **outcome == EventOutcome::Stored).count() as u32;
    }
    assert_eq!(stored, EVENTS);
    let deadlocks = "SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()";
    observer.wait_for(deadlocks, "1").await;
    assert_eq!(observer.ask("SELECT count(*)::text FROM events").await, [(1 + EVENTS).to_string()]);
}

/// A day whose events all came before, under another day, does not come to be.
#[tokio::test]
async fn a_commit_of_nothing_new_leaves_no_trace_of_its_day() {
    let (store, database) = fresh_timescale().await;
    let project = ProjectId(1);
    store.commit(project, &[sample::entry(1, project, sample::events([1]))]).await.unwrap();
    let elsewhere = Event { visitor_day: sample::DAY.plus_days(1), ..sample::event(1) };
    let done = store.commit(project, &[sample::entry(2, project, vec![elsewhere])]).await.unwrap();
    assert_eq!((done.outcomes, done.days), (vec![vec![EventOutcome::Duplicate]], vec![]));
    let days = Shell::on(&database).await.ask("SELECT visitor_day::text FROM project_days").await;
    assert_eq!(days, ["2026-03-01"]);
}

/// Statistics of a table are older than a project that has just begun to send.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_of_which_the_statistics_know_nothing_finds_its_duplicates() {
    const EVENTS: u32 = 30_000;
    let database = FreshDatabase::create().await;
    let store = TimescaleStore::connect(database.url(), TimescaleOptions::default()).await.unwrap();
    let known = sample::entry(1, ProjectId(1), sample::events(0..5_000));
    store.commit(ProjectId(1), &[known]).await.unwrap();
    Shell::on(&database).await.run("ANALYZE events").await;
    for (entry, outcome) in [(2, EventOutcome::Stored), (2, EventOutcome::Stored), (3, EventOutcome::Duplicate)] {
        let entry = sample::entry(entry, ProjectId(2), sample::events(0..EVENTS));
        // A look-up that reads all rows of the project takes longer than a call may.
        let done = store.commit(ProjectId(2), &[entry]).await.unwrap();
        assert!(done.outcomes[0].iter().all(|found| *found == outcome));
    }
}
