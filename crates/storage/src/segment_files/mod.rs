//! The embedded segment store: one file per segment beside the database.
//!
//! Not in the database, because a blob would be written twice there, to the write-ahead log and to the file.

mod format;
mod layout;

use std::{
    fs::{self, File},
    io,
    path::Path,
    sync::Arc,
};

use analytics_domain::{
    Day, Generation, ProjectId,
    ports::{EncodedColumn, SegmentError, SegmentKey, SegmentStore},
};
use async_trait::async_trait;
use bytes::Bytes;

use self::{format::ReadError, layout::Layout};

/// Day segments as files. The process that uses it must hold the data directory (see
/// [`SqliteStore::open`](crate::sqlite::SqliteStore::open)).
#[derive(Clone)]
pub struct SegmentFiles {
    layout: Arc<Layout>,
}

impl SegmentFiles {
    /// Opens the segments in `data_dir`, which exists, and removes what a crash left unfinished.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn open(data_dir: &Path) -> Result<Self, SegmentError> {
        let layout = Layout::prepare(data_dir).map_err(unavailable)?;
        Ok(Self { layout: Arc::new(layout) })
    }

    /// Runs `work` where it may wait for the disk.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Layout) -> Result<T, SegmentError> + Send + 'static,
    ) -> Result<T, SegmentError> {
        let layout = Arc::clone(&self.layout);
        tokio::task::spawn_blocking(move || work(&layout))
            .await
            .unwrap_or_else(|_| Err(SegmentError::Unavailable("the program is ending".to_owned())))
    }
}

#[async_trait]
impl SegmentStore for SegmentFiles {
    async fn put(&self, key: SegmentKey, columns: Vec<EncodedColumn>) -> Result<(), SegmentError> {
        self.on_disk(move |layout| put(layout, key, &columns)).await
    }

    async fn latest(
        &self,
        project: ProjectId,
        day: Day,
        generation: Generation,
    ) -> Result<Option<SegmentKey>, SegmentError> {
        self.on_disk(move |layout| {
            let segments = layout.segments(project, day).map_err(unavailable)?;
            Ok(segments.into_iter().filter(|key| key.generation == generation).max_by_key(|key| key.version))
        })
        .await
    }

    async fn column_names(&self, key: SegmentKey) -> Result<Vec<String>, SegmentError> {
        self.on_disk(move |layout| {
            let file = open(layout, key)?;
            let places = format::read_directory(&file).map_err(|error| unreadable(key, error))?;
            Ok(places.into_iter().map(|place| place.name).collect())
        })
        .await
    }

    async fn read_columns(&self, key: SegmentKey, names: &[String]) -> Result<Vec<Option<Bytes>>, SegmentError> {
        let names = names.to_vec();
        self.on_disk(move |layout| {
            let file = open(layout, key)?;
            let places = format::read_directory(&file).map_err(|error| unreadable(key, error))?;
            let read = |name: &String| {
                let place = places.iter().find(|place| place.name == *name)?;
                Some(format::read_column(&file, place).map_err(|error| unreadable(key, error)))
            };
            names.iter().map(|name| read(name).transpose()).collect()
        })
        .await
    }

    async fn remove_before(&self, keep: SegmentKey) -> Result<(), SegmentError> {
        self.on_disk(move |layout| {
            let segments = layout.segments(keep.project, keep.day).map_err(unavailable)?;
            let is_older = |key: &SegmentKey| key.generation != keep.generation || key.version < keep.version;
            segments.into_iter().filter(is_older).try_for_each(|key| remove(&layout.file(key)))
        })
        .await
    }
}

fn put(layout: &Layout, key: SegmentKey, columns: &[EncodedColumn]) -> Result<(), SegmentError> {
    let preamble = format::preamble(columns).map_err(|format::NameTooLong| {
        SegmentError::Corrupt("the name of a column is longer than 65,535 bytes".to_owned())
    })?;
    let (path, mut file) = layout.begin().map_err(unavailable)?;
    let written = format::write(&mut file, &preamble, columns)
        .and_then(|()| file.sync_all())
        .and_then(|()| layout.finish(&path, key));
    written.map_err(|error| {
        // On a full disk the part that was written is in the way of everybody. If it cannot be removed now, the next start does.
        let _ = fs::remove_file(&path);
        unavailable(error)
    })
}

fn open(layout: &Layout, key: SegmentKey) -> Result<File, SegmentError> {
    File::open(layout.file(key)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SegmentError::Gone,
        _ => unavailable(error),
    })
}

/// Another compaction may have removed it first.
fn remove(path: &Path) -> Result<(), SegmentError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unavailable(error)),
        _ => Ok(()),
    }
}

fn unreadable(key: SegmentKey, error: ReadError) -> SegmentError {
    match error {
        ReadError::Io(error) => unavailable(error),
        ReadError::Damaged(what) => SegmentError::Corrupt(format!(
            "project {}, day {}, generation {}, version {}: {what}",
            key.project.0, key.day, key.generation.0, key.version.0
        )),
    }
}

fn unavailable(error: io::Error) -> SegmentError {
    SegmentError::Unavailable(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk that holds the data directory is full: free space on it, nothing else is needed".to_owned()
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "the data directory cannot be written: check its owner and permissions, and that its disk is not mounted read-only".to_owned()
        }
        _ => format!("the data directory cannot be used: {error}"),
    })
}
