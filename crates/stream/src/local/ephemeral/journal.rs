//! An append-only file of checked frames. It survives the process, not the machine: a written frame is in the kernel's memory,
//! and nothing is ever synced.
//!
//! Layout: [`MAGIC`], then frames of a length and a CRC-32 (both 32 bits, little-endian) and the payload.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::OpenError;

/// Names the format and its version.
const MAGIC: &[u8; 8] = b"aneph\0\0\x01";
const FRAME_HEADER_BYTES: usize = 8;
/// Below this, rewriting is not worth it.
const MIN_REWRITE_BYTES: u64 = 1 << 20;

pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Up to where the file is whole.
    len_bytes: u64,
    rewritten_len_bytes: u64,
    /// The file holds what must be gone, or a half-written frame: nothing may be appended before it was rewritten.
    must_rewrite: bool,
    /// Held for its lock.
    _lock: File,
}

impl Journal {
    /// Takes the directory for this process alone and reads the journal in it: each whole frame goes to `replay`, which says
    /// whether it understood it. The frames end where one is torn. The caller must then rewrite it.
    pub(super) fn open(directory: &Path, mut replay: impl FnMut(&[u8]) -> bool) -> Result<Self, OpenError> {
        let lock_path = directory.join("ephemeral.lock");
        let lock = private().create(true).append(true).open(&lock_path).map_err(OpenError::io(&lock_path))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse { directory: directory.to_owned() },
            TryLockError::Error(source) => OpenError::Io { path: lock_path.clone(), source },
        })?;
        let path = directory.join("ephemeral.journal");
        let file = private().create(true).read(true).append(true).open(&path).map_err(OpenError::io(&path))?;
        let bytes = Zeroizing::new(fs::read(&path).map_err(OpenError::io(&path))?);
        if !bytes.is_empty() {
            let unreadable = || OpenError::Unreadable { path: path.clone() };
            // A process that died while it made the file left a part of the magic.
            let frames = match bytes.strip_prefix(MAGIC.as_slice()) {
                Some(frames) => frames,
                None if MAGIC.starts_with(&bytes) => &[],
                None => return Err(unreadable()),
            };
            let mut rest = frames;
            while let Some((payload, after)) = split_frame(rest) {
                if !replay(payload) {
                    return Err(unreadable());
                }
                rest = after;
            }
            if !rest.is_empty() {
                tracing::warn!(path = %path.display(), bytes = rest.len(), "the end of the journal is torn and was left out");
            }
        }
        Ok(Self { path, file, len_bytes: 0, rewritten_len_bytes: 0, must_rewrite: true, _lock: lock })
    }

    /// Adds a frame by one write, or nothing.
    pub(super) fn append(&mut self, payload: &[u8]) -> io::Result<()> {
        let mut frame = Zeroizing::new(Vec::with_capacity(FRAME_HEADER_BYTES + payload.len()));
        push_frame(&mut frame, payload)?;
        match self.file.write_all(&frame) {
            Ok(()) => {
                self.len_bytes += frame.len() as u64;
                Ok(())
            }
            Err(error) => {
                // What follows a torn frame would never be read.
                if self.file.set_len(self.len_bytes).is_err() {
                    self.must_rewrite = true;
                }
                Err(self.describe(error))
            }
        }
    }

    /// Whether the file must be rewritten before anything is appended, or is mostly garbage.
    pub(super) fn wants_rewrite(&self) -> bool {
        self.must_rewrite || self.len_bytes > MIN_REWRITE_BYTES.max(2 * self.rewritten_len_bytes)
    }

    /// From now on nothing is appended before a rewrite has succeeded.
    pub(super) fn require_rewrite(&mut self) {
        self.must_rewrite = true;
    }

    /// Whether the next start would find the file.
    pub(super) fn is_in_place(&self) -> bool {
        self.path.exists()
    }

    pub(super) fn must_rewrite(&self) -> bool {
        self.must_rewrite
    }

    /// Replaces the file by one that holds these frames alone. The old file's pages are freed at once, and on a file system in
    /// memory nothing can read them again.
    pub(super) fn rewrite(&mut self, payloads: impl Iterator<Item = Zeroizing<Vec<u8>>>) -> io::Result<()> {
        let aside = self.path.with_extension("aside");
        let written = write_aside(&aside, payloads).and_then(|written| {
            fs::rename(&aside, &self.path)?;
            Ok(written)
        });
        match written {
            Ok((file, len_bytes)) => {
                self.file = file;
                self.len_bytes = len_bytes;
                self.rewritten_len_bytes = len_bytes;
                self.must_rewrite = false;
                Ok(())
            }
            Err(error) => {
                // It may hold salts, and the space is wanted; what cannot be removed is replaced next time.
                drop(fs::remove_file(&aside));
                Err(self.describe(error))
            }
        }
    }

    fn describe(&self, error: io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("writing {} failed: {error}", self.path.display()))
    }
}

/// Options for files that only this user may read or write.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn write_aside(aside: &Path, payloads: impl Iterator<Item = Zeroizing<Vec<u8>>>) -> io::Result<(File, u64)> {
    match fs::remove_file(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = private().create_new(true).append(true).open(aside)?;
    let mut writer = BufWriter::with_capacity(1 << 16, &file);
    writer.write_all(MAGIC)?;
    let mut len_bytes = MAGIC.len() as u64;
    for payload in payloads {
        let mut frame = Zeroizing::new(Vec::with_capacity(FRAME_HEADER_BYTES + payload.len()));
        push_frame(&mut frame, &payload)?;
        writer.write_all(&frame)?;
        len_bytes += frame.len() as u64;
    }
    writer.flush()?;
    drop(writer);
    Ok((file, len_bytes))
}

fn push_frame(frame: &mut Vec<u8>, payload: &[u8]) -> io::Result<()> {
    let len = u32::try_from(payload.len()).map_err(|_| io::Error::other("a record has more than 4 GiB"))?;
    frame.extend_from_slice(&len.to_le_bytes());
    frame.extend_from_slice(&crc32fast::hash(payload).to_le_bytes());
    frame.extend_from_slice(payload);
    Ok(())
}

/// The first frame's payload and what follows; none when it is torn.
fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (checksum, rest) = rest.split_first_chunk::<4>()?;
    let (payload, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    (crc32fast::hash(payload) == u32::from_le_bytes(*checksum)).then_some((payload, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(text: &str) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(text.as_bytes().to_vec())
    }

    fn open(directory: &Path) -> (Journal, Vec<Vec<u8>>) {
        let mut payloads = Vec::new();
        let journal = Journal::open(directory, |payload| {
            payloads.push(payload.to_vec());
            true
        });
        (journal.expect("it opens"), payloads)
    }

    #[test]
    fn after_a_failed_write_nothing_is_appended_before_a_rewrite() {
        let directory = tempfile::tempdir().expect("a directory");
        let (mut journal, _) = open(directory.path());
        journal.rewrite([payload("kept")].into_iter()).expect("there is space");
        assert!(!journal.must_rewrite());
        // A handle that cannot write fails as a full file system does.
        journal.file = File::open(&journal.path).expect("the journal");
        let failed = journal.append(b"lost").expect_err("it cannot write");
        assert!(failed.to_string().contains("ephemeral.journal"), "{failed}");
        assert!(journal.must_rewrite(), "it could not be cut back either");
        journal.rewrite([payload("kept")].into_iter()).expect("there is space");
        journal.append(b"added").expect("there is space");
        drop(journal);
        assert_eq!(open(directory.path()).1, [b"kept".to_vec(), b"added".to_vec()]);
    }
}
