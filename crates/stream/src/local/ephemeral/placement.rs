//! Where the journal may lie: in a directory of ours, on a file system that is memory.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::OpenError;

/// On which file systems the journal may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JournalPlacement {
    /// Only on tmpfs or ramfs: nothing outlives the machine, and no backup of disks holds it. Swapped pages do reach the swap
    /// device: it should be encrypted or absent.
    #[default]
    MemoryOnly,
    /// Anywhere. **Salts then reach a disk and its backups**: whoever gets these and the configuration can link visitors of the
    /// past, even after the salts were destroyed. For development on machines without tmpfs.
    AllowDisk,
}

/// Makes the directory if it is missing, and refuses one in which others could interfere.
pub(super) fn prepare_directory(directory: &Path, placement: JournalPlacement) -> Result<(), OpenError> {
    if placement == JournalPlacement::MemoryOnly {
        let existing = nearest_existing(directory);
        if !is_memory(&existing).map_err(OpenError::io(&existing))? {
            return Err(OpenError::OnDisk { directory: directory.to_owned() });
        }
    }
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(OpenError::io(directory))?;
    // The parent is usually writable by everyone, so somebody else may have made the directory, or a link in its place, first.
    let found = fs::symlink_metadata(directory).map_err(OpenError::io(directory))?;
    let is_ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0;
    if is_ours { Ok(()) } else { Err(OpenError::NotOurs { directory: directory.to_owned() }) }
}

fn nearest_existing(directory: &Path) -> PathBuf {
    let found = directory.ancestors().find(|ancestor| ancestor.exists());
    match found {
        Some(existing) if !existing.as_os_str().is_empty() => existing.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(target_os = "linux")]
fn is_memory(path: &Path) -> io::Result<bool> {
    const TMPFS_MAGIC: u32 = 0x0102_1994;
    const RAMFS_MAGIC: u32 = 0x8584_58f6;
    // The kind has 32 bits in a wider, sometimes signed, field.
    let kind = rustix::fs::statfs(path)?.f_type as u32;
    Ok(kind == TMPFS_MAGIC || kind == RAMFS_MAGIC)
}

/// Other systems have no file system in memory that we know how to recognise.
#[cfg(not(target_os = "linux"))]
fn is_memory(_path: &Path) -> io::Result<bool> {
    Ok(false)
}
