//! The embedded store: one SQLite file in a data directory that one process holds.
//!
//! One connection writes, a few read. Readers never wait for the writer, nor it for them (write-ahead log). What was acknowledged
//! survives a crash and a power cut (`synchronous = FULL`), and deleted values are overwritten (`secure_delete`).

mod api_keys;
mod catalog;
mod commit;
mod data_dir;
mod days;
mod event_store;
mod failure;
mod ingest_counts;
mod projects;
mod property_names;
mod quarantine;
mod row;
mod schema;
mod statement;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use analytics_domain::ports::StoreError;
use sqlx::{
    ConnectOptions, Connection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use self::{data_dir::DataDir, failure::Failure, writer::Writer};

/// How the store works.
#[derive(Debug, Clone, Copy)]
pub struct SqliteOptions {
    /// How many connections may read at once; each has a thread and up to 2 MiB of cache.
    pub readers: u32,
    /// How long to wait for a lock that another program holds, before a call fails as unavailable.
    pub lock_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, lock_timeout: Duration::from_secs(5) }
    }
}

/// Why the store could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the directory.
    #[error("the data directory `{}` is in use by another process: stop that one, or choose another directory", directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// A file or directory cannot be made or opened.
    #[error("`{}` cannot be used: {reason}", path.display())]
    Unusable {
        /// What was to be opened.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file belongs to another program.
    #[error("`{}` is not a database of analytics: move it away, or choose another data directory", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version.
    #[error("`{}` was written by a newer version (its schema is {found}, this version knows {known}): start that version again", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// The number of its newest migration.
        found: i64,
        /// The number of the newest migration that this version knows.
        known: i64,
    },
    /// Tables or indexes were changed or dropped.
    #[error("`{}` was changed by hand ({objects}): restore a backup", path.display())]
    SchemaChanged {
        /// The file.
        path: PathBuf,
        /// The names of what differs.
        objects: String,
    },
    /// The environment fails.
    #[error("the database cannot be opened: {0}")]
    Unavailable(String),
    /// The file is damaged.
    #[error("the database cannot be opened: {0}")]
    Corrupt(String),
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Refused(reason) | Failure::Corrupt(reason) => Self::Corrupt(reason),
        }
    }
}

/// The event store, the catalog, the quarantine and the counts on SQLite.
pub struct SqliteStore {
    writer: Writer,
    readers: SqlitePool,
    _held: DataDir,
}

impl SqliteStore {
    /// Opens the database in `data_dir`, making both if need be, and holds the directory until the store is dropped.
    ///
    /// # Errors
    /// When another process holds the directory, or it or the database in it cannot be used as it is.
    pub async fn open(data_dir: &Path, options: SqliteOptions) -> Result<Arc<Self>, OpenError> {
        let held = DataDir::hold(data_dir)?;
        let path = held.database_file()?;
        let mut guard = reading(&path, options).connect().await.map_err(Failure::from)?;
        schema::refuse_foreign(&mut guard, &path).await?;
        guard.close().await.map_err(Failure::from)?;

        let writing = writing(&path, options);
        let mut connection = writing.connect().await.map_err(Failure::from)?;
        schema::migrate(&mut connection, &path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(reading(&path, options));
        Ok(Arc::new(Self { writer: Writer::new(writing, connection), readers, _held: held }))
    }

    /// Waits for what is running, folds the write-ahead log into the database and closes it. Later calls fail.
    ///
    /// # Errors
    /// When the database cannot be closed in order; nothing is lost then, the next start does the rest.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        Ok(self.writer.close().await?)
    }
}

/// How many rows a reading connection may be ahead of who asked: with few, its thread sleeps and wakes all the time.
const ROW_BUFFER: usize = 1_024;

fn reading(path: &Path, options: SqliteOptions) -> SqliteConnectOptions {
    // A file that exists: it is never made here. Statements are not logged, they would quote SQL.
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(options.lock_timeout)
        .row_buffer_size(ROW_BUFFER)
        .disable_statement_logging()
}

fn writing(path: &Path, options: SqliteOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.lock_timeout)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
