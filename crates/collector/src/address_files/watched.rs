//! A file that is read again when it changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::SystemTime,
};

use super::AddressFileError;

/// What is made of a file.
pub(super) trait FileContent: Sized + Send + Sync + 'static {
    /// Makes it of the file's bytes.
    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, AddressFileError>;
}

/// By what a file is told from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// The content of a file as it was last good.
pub(super) struct Watched<T> {
    path: PathBuf,
    current: Arc<RwLock<Arc<T>>>,
    /// Of the file that was last tried.
    stamp: Mutex<Stamp>,
}

impl<T: FileContent> Watched<T> {
    pub(super) fn open(path: PathBuf) -> Result<Self, AddressFileError> {
        // Before its content: a file that is replaced meanwhile is read once too often.
        let stamp = stamp_of(&path)?;
        let content = read(&path)?;
        Ok(Self { path, current: Arc::new(RwLock::new(Arc::new(content))), stamp: Mutex::new(stamp) })
    }

    pub(super) fn current(&self) -> Arc<T> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the file as it is now, if it changed and is good.
    pub(super) async fn refresh(&self) {
        let stamp = match stamp_of(&self.path) {
            Ok(stamp) => stamp,
            // In the middle of being replaced, or gone: what is known stays.
            Err(_) => return,
        };
        if std::mem::replace(&mut *self.stamp.lock().unwrap_or_else(PoisonError::into_inner), stamp) == stamp {
            return;
        }
        let (path, current) = (self.path.clone(), self.current.clone());
        // Of the size of a database of cities this takes a while.
        let read = tokio::task::spawn_blocking(move || {
            let content = read::<T>(&path)?;
            *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(content);
            Ok::<(), AddressFileError>(())
        });
        match read.await {
            Ok(Ok(())) => tracing::info!(path = %self.path.display(), "a changed file was read again"),
            Ok(Err(error)) => tracing::warn!(%error, "a changed file is not used: what was read before stays in use"),
            Err(error) => tracing::warn!(%error, "a changed file could not be read: what was read before stays in use"),
        }
    }
}

fn stamp_of(path: &Path) -> Result<Stamp, AddressFileError> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    Ok(Stamp { modified: metadata.modified().ok(), bytes: metadata.len() })
}

fn read<T: FileContent>(path: &Path) -> Result<T, AddressFileError> {
    T::of(path, fs::read(path).map_err(|error| unreadable(path, &error))?)
}

fn unreadable(path: &Path, error: &std::io::Error) -> AddressFileError {
    AddressFileError::Unreadable { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{super::datacenters::Datacenters, *};

    #[tokio::test]
    async fn a_changed_file_is_read_again_and_a_bad_one_is_not_used() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("list.txt");
        fs::write(&path, "198.51.100.0/24\n").expect("written");
        let watched: Watched<Datacenters> = Watched::open(path.clone()).expect("a good file");
        let knows = |address: &str| watched.current().contains(address.parse().expect("an address"));
        assert!(knows("198.51.100.1") && !knows("203.0.113.1"));

        fs::write(&path, "198.51.100.0/24\n203.0.113.0/24\n").expect("written");
        assert!(!knows("203.0.113.1"), "nobody looked yet");
        watched.refresh().await;
        assert!(knows("198.51.100.1") && knows("203.0.113.1"));

        fs::write(&path, "no network").expect("written");
        watched.refresh().await;
        assert!(knows("203.0.113.1"));
        fs::remove_file(&path).expect("removed");
        watched.refresh().await;
        assert!(knows("203.0.113.1"));

        fs::write(&path, "192.0.2.0/24\n").expect("written");
        watched.refresh().await;
        assert!(knows("192.0.2.1") && !knows("203.0.113.1"));
    }
}
