//! What the store makes of the directory that it is given.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use analytics_domain::{
    ProjectId,
    ports::{EventStore, StoreError},
};
use analytics_storage::sqlite::{OpenError, SqliteOptions, SqliteStore};
use analytics_testkit::sample;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::support::{open, read_all};

const PROJECT: ProjectId = ProjectId(1);

async fn refusal(directory: &Path) -> OpenError {
    match SqliteStore::open(directory, SqliteOptions::default()).await {
        Ok(_) => panic!("the directory was accepted"),
        Err(error) => error,
    }
}

/// Changes the database as somebody with a database shell would.
async fn change(database: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn closed_store(directory: &Path) {
    let store = open(directory).await;
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1, 2]))]).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn everything_it_makes_is_closed_to_other_users() {
    let parent = TempDir::new().unwrap();
    let directory = parent.path().join("a/b");
    let store = open(&directory).await;
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1]))]).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 3, "database, log and lock: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_second_store_on_one_directory_is_refused_until_the_first_is_gone() {
    let directory = TempDir::new().unwrap();
    let first = open(directory.path()).await;
    let error = refusal(directory.path()).await;
    assert_eq!(error, OpenError::InUse { directory: directory.path().to_owned() });
    assert!(error.to_string().contains(&directory.path().display().to_string()));
    first.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1]))]).await.unwrap();
    drop(first);
    let second = open(directory.path()).await;
    assert_eq!(read_all(&*second, PROJECT, sample::DAY).await.len(), 1);
}

#[tokio::test]
async fn closing_leaves_one_file_with_everything_in_it() {
    let directory = TempDir::new().unwrap();
    closed_store(directory.path()).await;
    assert!(!directory.path().join("analytics.sqlite3-wal").exists());
    assert_eq!(read_all(&*open(directory.path()).await, PROJECT, sample::DAY).await.len(), 2);
}

#[tokio::test]
async fn somebody_elses_file_is_refused_and_left_as_it_is() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("analytics.sqlite3");
    change(&path, "CREATE TABLE accounts (id INTEGER)").await;
    let before = fs::read(&path).unwrap();
    assert_eq!(refusal(directory.path()).await, OpenError::NotOurs { path: path.clone() });
    assert!(fs::read(&path).unwrap() == before);

    fs::write(&path, "something else altogether, and longer than the header of a database file. ".repeat(20)).unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(refusal(directory.path()).await, OpenError::NotOurs { path: path.clone() });
    assert!(fs::read(&path).unwrap() == before);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let directory = TempDir::new().unwrap();
    closed_store(directory.path()).await;
    let path = directory.path().join("analytics.sqlite3");
    change(&path, "INSERT INTO schema_migrations (number, name) VALUES (1000, '1000_future')").await;
    assert!(matches!(refusal(directory.path()).await, OpenError::TooNew { found: 1000, .. }));
}

#[tokio::test]
async fn a_changed_table_is_refused_and_an_added_index_is_not() {
    let directory = TempDir::new().unwrap();
    closed_store(directory.path()).await;
    let path = directory.path().join("analytics.sqlite3");
    change(&path, "CREATE INDEX by_page ON events (page)").await;
    open(directory.path()).await.close().await.unwrap();
    change(&path, "ALTER TABLE events ADD COLUMN mood TEXT; DROP TABLE api_keys").await;
    let OpenError::SchemaChanged { objects, .. } = refusal(directory.path()).await else {
        panic!("refused for another reason");
    };
    assert_eq!(objects, "api_keys, api_keys_project_newest, events");
}

#[tokio::test]
async fn a_database_that_another_program_locks_is_unavailable_until_it_lets_go() {
    let directory = TempDir::new().unwrap();
    let options = SqliteOptions { lock_timeout: Duration::from_millis(20), ..SqliteOptions::default() };
    let store = SqliteStore::open(directory.path(), options).await.unwrap();
    let entry = |id: u32| sample::entry(i64::from(id), PROJECT, sample::events([id]));
    store.commit(PROJECT, &[entry(1)]).await.unwrap();

    let shell = SqliteConnectOptions::new().filename(directory.path().join("analytics.sqlite3"));
    let mut shell = shell.connect().await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut shell).await.unwrap();
    let refused = store.commit(PROJECT, &[entry(2)]).await;
    assert!(
        matches!(&refused, Err(StoreError::Unavailable(reason)) if reason.contains("another program holds a lock")),
        "{refused:?}"
    );
    assert_eq!(read_all(&*store, PROJECT, sample::DAY).await.len(), 1, "reading goes on");
    sqlx::raw_sql("ROLLBACK").execute(&mut shell).await.unwrap();
    store.commit(PROJECT, &[entry(2)]).await.unwrap();
    assert_eq!(read_all(&*store, PROJECT, sample::DAY).await.len(), 2);
}

#[tokio::test]
async fn a_place_that_is_no_directory_is_refused() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(refusal(&file).await, OpenError::Unusable { path, .. } if path == file));
}
