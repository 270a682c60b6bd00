//! What the store makes of a database that it may use.

use std::sync::Arc;

use analytics_domain::{
    ProjectId,
    ports::{EventStore, StoreError},
};
use analytics_storage::timescale::{ConnectError, Edition, TimescaleOptions, TimescaleStore};
use analytics_testkit::{FreshDatabase, sample, servers::PrivatePostgres};

use super::{Shell, url_of};
use crate::support::{connect, fresh_timescale, read_all};

const PROJECT: ProjectId = ProjectId(1);

#[tokio::test]
async fn what_one_process_stored_another_finds() {
    let (store, database) = fresh_timescale().await;
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1, 2]))]).await.unwrap();
    store.close().await;
    assert!(matches!(store.check().await, Err(StoreError::Unavailable(_))), "a closed store works");
    assert_eq!(read_all(&connect(&database).await, PROJECT, sample::DAY).await.len(), 2);
}

#[tokio::test]
async fn processes_that_start_at_once_migrate_once() {
    let database = Arc::new(FreshDatabase::create().await);
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let database = Arc::clone(&database);
            tokio::spawn(async move { connect(&database).await.check().await })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
    let mut shell = Shell::on(&database).await;
    let applied = shell.ask("SELECT name FROM analytics_migrations ORDER BY number").await;
    assert_eq!(
        applied,
        [
            "0001_events",
            "0002_catalog",
            "0003_segments",
            "0004_settings",
            "0005_quarantine_and_counts",
            "0006_ways_and_places",
            "0007_property_names"
        ]
    );
}

#[tokio::test]
async fn the_extension_is_added_to_a_database_that_lacks_it() {
    let database = FreshDatabase::create().await;
    let mut shell = Shell::on(&database).await;
    shell.run("DROP EXTENSION timescaledb").await;
    // The session that dropped it keeps parts of it loaded.
    drop(shell);
    let store = connect(&database).await;
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1]))]).await.unwrap();
    let Edition::Apache { version } = store.edition() else { panic!("the tests' servers run the Apache edition") };
    let mut shell = Shell::on(&database).await;
    assert_eq!(
        shell.ask("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'").await,
        [version.as_str()]
    );
    let chunks = "SELECT hypertable_name::text FROM timescaledb_information.chunks";
    assert_eq!(shell.ask(chunks).await, ["events"], "it is a plain table");
}

/// As a hoster gives them out: the owner of a database, with nothing else.
#[tokio::test]
async fn a_role_that_may_do_little_is_enough() {
    let server = PrivatePostgres::start(&[]);
    let mut shell = Shell::at(&server.url()).await;
    shell.run("CREATE ROLE little LOGIN").await;
    shell.run("CREATE DATABASE site OWNER little").await;
    let url = url_of(&server, "little", "site");
    let store = match TimescaleStore::connect(&url, TimescaleOptions::default()).await {
        // Whether an owner may add the extension is its packager's decision.
        Err(ConnectError::TimescaleMissing { .. }) => {
            let mut shell = Shell::at(&url_of(&server, "postgres", "site")).await;
            shell.run("CREATE EXTENSION timescaledb").await;
            TimescaleStore::connect(&url, TimescaleOptions::default()).await
        }
        connected => connected,
    };
    let store = store.unwrap();
    for _ in 0..2 {
        store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1, 2]))]).await.unwrap();
    }
    assert_eq!(read_all(&store, PROJECT, sample::DAY).await.len(), 2);
}

/// The server is told to write down everything that it can of errors and statements, and sessions of the store keep it from that.
#[tokio::test]
async fn the_log_of_the_server_holds_nothing_of_the_events() {
    let server = PrivatePostgres::start(&[
        "log_error_verbosity=verbose",
        "log_min_error_statement=debug5",
        "log_parameter_max_length_on_error=-1",
        "log_min_duration_statement=0",
    ]);
    let store = TimescaleStore::connect(&server.url(), TimescaleOptions::default()).await.unwrap();
    let secret = "very-private-page";
    let mut event = sample::full_event(1);
    event.page = Some(secret.to_owned());
    // A second time, so that the database finds a duplicate and says so; then a text that it refuses.
    for _ in 0..2 {
        store.commit(PROJECT, &[sample::entry(1, PROJECT, vec![event.clone()])]).await.unwrap();
    }
    event.event_id.0[0] ^= 1;
    event.name = format!("{secret}\0");
    store.commit(PROJECT, &[sample::entry(2, PROJECT, vec![event])]).await.unwrap_err();
    store.close().await;

    let log = server.log();
    assert!(log.contains("events_identity") && log.contains("0x00"), "the errors are not there: {log}");
    assert!(!log.contains(secret), "{log}");
    let id = "5a5a5a5a5a5a";
    assert!(!log.contains(id), "{log}");
}
