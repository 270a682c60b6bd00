//! The data directory: made, and held by one process.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::OpenError;

const LOCK_FILE: &str = "analytics.lock";
const DATABASE_FILE: &str = "analytics.sqlite3";

/// A data directory that this process holds until the value is dropped.
pub(super) struct DataDir {
    path: PathBuf,
    /// The kernel releases the lock with the last descriptor, also after a kill.
    lock: File,
}

impl Drop for DataDir {
    fn drop(&mut self) {
        // Closing alone would leave it to a child process that was forked and has not yet begun its program. If this fails, closing
        // does it nevertheless.
        let _ = self.lock.unlock();
    }
}

impl DataDir {
    /// Makes the directory if need be, closed to other users, and takes hold of it.
    pub(super) fn hold(path: &Path) -> Result<Self, OpenError> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| unusable(path, &error))?;
        let lock_path = path.join(LOCK_FILE);
        let lock = open_private(&lock_path).map_err(|error| unusable(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { directory: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(unusable(&lock_path, &error)),
        }
    }

    /// The path of the database file. Made here when missing, so that it and the files that SQLite puts beside it with the same
    /// permissions are closed to other users.
    pub(super) fn database_file(&self) -> Result<PathBuf, OpenError> {
        let path = self.path.join(DATABASE_FILE);
        open_private(&path).map_err(|error| unusable(&path, &error))?;
        Ok(path)
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn unusable(path: &Path, error: &io::Error) -> OpenError {
    OpenError::Unusable { path: path.to_owned(), reason: error.to_string() }
}
