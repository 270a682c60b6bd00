//! Salts, running sessions and running imports in memory, with a journal in a file that is memory too.
//!
//! The journal lets them survive the process (an update, a kill), not the machine. What is destroyed is destroyed in both: the
//! journal is rewritten without it before the call returns.

mod journal;
mod placement;
mod record;
mod state;
mod store;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use placement::JournalPlacement;
pub use store::{EphemeralOptions, LocalEphemeralStore};

/// Why the ephemeral store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory lies on a disk.
    #[error(
        "{} is not on a file system in memory (tmpfs or ramfs): salts must never reach a disk. Choose a directory below one, such \
         as /dev/shm, or allow a disk explicitly if this machine's visitors need no protection",
        directory.display()
    )]
    OnDisk {
        /// The directory that was to be used.
        directory: PathBuf,
    },
    /// Somebody else owns the directory or may write to it, or it is a symbolic link.
    #[error(
        "{} is not a directory of this user that only this user can write to: remove it, or choose another",
        directory.display()
    )]
    NotOurs {
        /// The directory that was to be used.
        directory: PathBuf,
    },
    /// Another process uses the directory.
    #[error("{} is in use by another process: stop that one, or choose another directory", directory.display())]
    InUse {
        /// The directory that was to be used.
        directory: PathBuf,
    },
    /// The journal was written by something else.
    #[error(
        "{} was not written by this version: remove it to go on (visitors of today are then counted anew)",
        path.display()
    )]
    Unreadable {
        /// The journal.
        path: PathBuf,
    },
    /// The environment fails.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What failed.
        source: io::Error,
    },
}

impl OpenError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
