//! What several tests need.

use std::{path::Path, sync::Arc};

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{EventPosition, EventStore, StoredEvent},
};
use analytics_storage::{
    sqlite::{SqliteOptions, SqliteStore},
    timescale::{TimescaleOptions, TimescaleStore},
};
use analytics_testkit::FreshDatabase;

pub(crate) async fn open(directory: &Path) -> Arc<SqliteStore> {
    SqliteStore::open(directory, SqliteOptions::default()).await.expect("the directory can be used")
}

pub(crate) async fn connect(database: &FreshDatabase) -> TimescaleStore {
    TimescaleStore::connect(database.url(), TimescaleOptions::default()).await.expect("the database can be used")
}

/// The database goes when it is dropped, so it has to be kept.
pub(crate) async fn fresh_timescale() -> (TimescaleStore, FreshDatabase) {
    let database = FreshDatabase::create().await;
    (connect(&database).await, database)
}

pub(crate) async fn read_all(store: &dyn EventStore, project: ProjectId, day: Day) -> Vec<StoredEvent> {
    let after = EventPosition::after_version(Version(0));
    store.read_day(project, day, after, Version(i64::MAX), 10_000_000).await.expect("the store works")
}
