//! The behaviour suites of the ports.

mod sqlite_and_files {
    use std::sync::Arc;

    use analytics_domain::ports::{Catalog, EventStore, IngestCounts, SegmentStore};
    use analytics_storage::{
        segment_files::SegmentFiles,
        sqlite::{SqliteOptions, SqliteStore},
    };
    use analytics_testkit::{Fresh, quarantine::StoreWithQuarantine};
    use tempfile::TempDir;

    async fn fresh_sqlite() -> (Arc<SqliteStore>, TempDir) {
        let directory = TempDir::new().unwrap();
        let store = SqliteStore::open(directory.path(), SqliteOptions::default()).await.unwrap();
        (store, directory)
    }

    async fn fresh_event_store() -> Fresh<dyn EventStore> {
        let (store, directory) = fresh_sqlite().await;
        Fresh::new(store, directory)
    }

    async fn fresh_catalog() -> Fresh<dyn Catalog> {
        let (store, directory) = fresh_sqlite().await;
        Fresh::new(store, directory)
    }

    async fn fresh_quarantine() -> Fresh<dyn StoreWithQuarantine> {
        let (store, directory) = fresh_sqlite().await;
        Fresh::new(store, directory)
    }

    async fn fresh_ingest_counts() -> Fresh<dyn IngestCounts> {
        let (store, directory) = fresh_sqlite().await;
        Fresh::new(store, directory)
    }

    async fn fresh_segment_store() -> Fresh<dyn SegmentStore> {
        let directory = TempDir::new().unwrap();
        Fresh::new(Arc::new(SegmentFiles::open(directory.path()).unwrap()), directory)
    }

    mod event_store {
        analytics_testkit::event_store_suite!(super::fresh_event_store);
    }

    mod catalog {
        analytics_testkit::catalog_suite!(super::fresh_catalog);
    }

    mod quarantine {
        analytics_testkit::quarantine_suite!(super::fresh_quarantine);
    }

    mod ingest_counts {
        analytics_testkit::ingest_counts_suite!(super::fresh_ingest_counts);
    }

    mod segment_store {
        analytics_testkit::segment_store_suite!(super::fresh_segment_store);
    }
}

mod timescale {
    use std::sync::Arc;

    use analytics_domain::ports::{Catalog, EventStore, IngestCounts, SegmentStore};
    use analytics_testkit::{Fresh, quarantine::StoreWithQuarantine};

    use crate::support::fresh_timescale;

    async fn fresh_event_store() -> Fresh<dyn EventStore> {
        let (store, database) = fresh_timescale().await;
        Fresh::new(Arc::new(store), database)
    }

    async fn fresh_catalog() -> Fresh<dyn Catalog> {
        let (store, database) = fresh_timescale().await;
        Fresh::new(Arc::new(store), database)
    }

    async fn fresh_quarantine() -> Fresh<dyn StoreWithQuarantine> {
        let (store, database) = fresh_timescale().await;
        Fresh::new(Arc::new(store), database)
    }

    async fn fresh_ingest_counts() -> Fresh<dyn IngestCounts> {
        let (store, database) = fresh_timescale().await;
        Fresh::new(Arc::new(store), database)
    }

    async fn fresh_segment_store() -> Fresh<dyn SegmentStore> {
        let (store, database) = fresh_timescale().await;
        Fresh::new(Arc::new(store), database)
    }

    mod event_store {
        analytics_testkit::event_store_suite!(super::fresh_event_store);
    }

    mod catalog {
        analytics_testkit::catalog_suite!(super::fresh_catalog);
    }

    mod quarantine {
        analytics_testkit::quarantine_suite!(super::fresh_quarantine);
    }

    mod ingest_counts {
        analytics_testkit::ingest_counts_suite!(super::fresh_ingest_counts);
    }

    mod segment_store {
        analytics_testkit::segment_store_suite!(super::fresh_segment_store);
    }
}
