//! What may happen to the server and its database while the store is used.

use std::{collections::BTreeSet, time::Duration};

use analytics_domain::{
    ProjectId,
    ports::{EventStore, LogEntry, StoreError},
};
use analytics_storage::timescale::{ConnectError, TimescaleOptions, TimescaleStore};
use analytics_testkit::{FreshDatabase, sample, servers::PrivatePostgres};

use super::Shell;
use crate::support::{connect, fresh_timescale, read_all};

const PROJECT: ProjectId = ProjectId(1);
const EVENTS: u32 = 500;

fn entry(id: u32) -> LogEntry {
    sample::entry(id.into(), PROJECT, sample::events(id * EVENTS..(id + 1) * EVENTS))
}

fn assert_unavailable<T: std::fmt::Debug>(done: &Result<T, StoreError>, what: &str) {
    assert!(matches!(done, Err(StoreError::Unavailable(reason)) if reason.contains(what)), "{done:?}");
}

/// The entries of which every event is stored, and none twice; no other is there in part.
async fn whole_entries(store: &TimescaleStore) -> BTreeSet<i64> {
    let stored = read_all(store, PROJECT, sample::DAY).await;
    let numbers: BTreeSet<u32> = stored.iter().map(|s| (s.event.time.0 / 1000 % 86_400) as u32).collect();
    assert_eq!(numbers.len(), stored.len(), "an event is stored twice");
    let entries: BTreeSet<i64> = numbers.iter().map(|number| i64::from(number / EVENTS)).collect();
    assert_eq!(entries.len() * EVENTS as usize, stored.len(), "an entry is stored in part");
    entries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_are_ended_in_the_middle_of_commits_lose_and_double_nothing() {
    const ENTRIES: u32 = 60;
    let (store, database) = fresh_timescale().await;
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut failures = 0;
            for id in 0..ENTRIES {
                // As the log would: again until it is stored.
                while let Err(error) = store.commit(PROJECT, &[entry(id)]).await {
                    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
                    failures += 1;
                    assert!(failures < 10_000, "it never recovers: {error}");
                }
            }
            failures
        })
    };
    let mut shell = Shell::on(&database).await;
    while !writer.is_finished() {
        // Those that are at work, not those that wait for it.
        let end = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND random() < 0.2";
        shell.ask(end).await;
    }
    assert!(writer.await.unwrap() > 0, "no commit was hit, so nothing was tried");
    assert!(whole_entries(&store).await.into_iter().eq(0..i64::from(ENTRIES)));
}

/// A server whose own default would acknowledge before anything is on the disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_crash_of_the_server() {
    let mut server = PrivatePostgres::start(&["synchronous_commit=off", "wal_writer_delay=10s"]);
    let store = TimescaleStore::connect(&server.url(), TimescaleOptions::default()).await.unwrap();
    for round in 0..3_u32 {
        let (acknowledged, mut acknowledgements) = tokio::sync::mpsc::unbounded_channel();
        let writer = {
            let store = store.clone();
            tokio::spawn(async move {
                for id in round * 40..(round + 1) * 40 {
                    if store.commit(PROJECT, &[entry(id)]).await.is_err() {
                        return;
                    }
                    acknowledged.send(i64::from(id)).unwrap();
                }
            })
        };
        let mut told = Vec::new();
        while told.len() < 5 {
            told.push(acknowledgements.recv().await.unwrap());
        }
        server.kill_hard();
        writer.await.unwrap();
        while let Some(id) = acknowledgements.recv().await {
            told.push(id);
        }
        server.restart();
        // Connections of before are found dead and replaced.
        let stored = whole_entries(&store).await;
        assert!(told.iter().all(|id| stored.contains(id)), "{told:?} were acknowledged, {stored:?} are stored");
    }
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_unavailable_until_it_does() {
    let (store, database) = fresh_timescale().await;
    store.commit(PROJECT, &[entry(1)]).await.unwrap();
    store.close().await;
    let mut shell = Shell::on(&database).await;
    shell.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name())).await;

    let store = connect(&database).await;
    assert_unavailable(&store.check().await, "read-only");
    assert_unavailable(&store.commit(PROJECT, &[entry(2)]).await, "read-only");
    assert_eq!(whole_entries(&store).await, BTreeSet::from([1]), "reading goes on");
    shell.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = off", database.name())).await;
    shell.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").await;
    assert_eq!(store.check().await, Ok(()));
    store.commit(PROJECT, &[entry(2)]).await.unwrap();
    assert_eq!(whole_entries(&store).await, BTreeSet::from([1, 2]));
}

#[tokio::test]
async fn an_empty_database_that_takes_no_writes_is_worth_another_try() {
    let database = FreshDatabase::create().await;
    let mut shell = Shell::on(&database).await;
    shell.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name())).await;
    let Err(error) = TimescaleStore::connect(database.url(), TimescaleOptions::default()).await else {
        panic!("the database was accepted");
    };
    assert!(matches!(error, ConnectError::Unreachable { .. }) && error.is_temporary(), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_is_unavailable_until_it_goes_on() {
    let server = PrivatePostgres::start(&[]);
    let limits = TimescaleOptions {
        connect_timeout: Duration::from_millis(300),
        call_timeout: Duration::from_millis(600),
        ..TimescaleOptions::default()
    };
    // Not yet under these limits: a first migration takes its time.
    TimescaleStore::connect(&server.url(), TimescaleOptions::default()).await.unwrap();
    let store = TimescaleStore::connect(&server.url(), limits).await.unwrap();
    store.commit(PROJECT, &[entry(1)]).await.unwrap();
    server.pause();
    for _ in 0..2 {
        assert!(matches!(store.check().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.commit(PROJECT, &[entry(2)]).await, Err(StoreError::Unavailable(_))));
    }
    let Err(error) = TimescaleStore::connect(&server.url(), limits).await else { panic!("it answers") };
    assert!(error.is_temporary() && error.to_string().contains("did not answer"), "{error}");
    server.resume();
    while store.check().await.is_err() {}
    store.commit(PROJECT, &[entry(2)]).await.unwrap();
    assert_eq!(whole_entries(&store).await, BTreeSet::from([1, 2]));
}

#[tokio::test]
async fn a_table_that_somebody_locks_is_unavailable_until_they_let_go() {
    let database = FreshDatabase::create().await;
    let limits = TimescaleOptions { lock_timeout: Duration::from_millis(50), ..TimescaleOptions::default() };
    let store = TimescaleStore::connect(database.url(), limits).await.unwrap();
    let mut shell = Shell::on(&database).await;
    shell.run("BEGIN; LOCK TABLE project_days").await;
    assert_unavailable(&store.commit(PROJECT, &[entry(1)]).await, "another session holds a lock");
    shell.run("ROLLBACK").await;
    store.commit(PROJECT, &[entry(1)]).await.unwrap();
}

#[tokio::test]
async fn a_table_that_somebody_drops_is_unavailable_and_not_blamed_on_the_events() {
    let (store, database) = fresh_timescale().await;
    let mut shell = Shell::on(&database).await;
    shell.run("ALTER TABLE events RENAME COLUMN page TO path").await;
    assert_unavailable(&store.commit(PROJECT, &[entry(1)]).await, "schema of the database was changed");
    shell.run("ALTER TABLE events RENAME COLUMN path TO page; ALTER TABLE project_days RENAME TO days").await;
    assert_unavailable(&store.commit(PROJECT, &[entry(1)]).await, "schema of the database was changed");
    shell.run("ALTER TABLE days RENAME TO project_days").await;
    store.commit(PROJECT, &[entry(1)]).await.unwrap();
}
