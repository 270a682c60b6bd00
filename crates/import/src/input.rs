//! Files and standard input, plain or gzip, as lines.

mod lines;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;

pub(crate) use lines::{Line, Lines};

use crate::{ImportError, Progress};

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BUFFER_BYTES: usize = 64 * 1024;
/// Between two reports of progress.
const REPORT_BYTES: u64 = 1024 * 1024;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The input's position among the inputs.
    pub(crate) input: u32,
    /// The line's number, from 1.
    pub(crate) line: u64,
}

/// The inputs of an import, in the order in which they were named. `-` is standard input.
pub(crate) struct Inputs {
    paths: Vec<PathBuf>,
    total_bytes: Option<u64>,
}

impl Inputs {
    /// Looks at every file, so that a mistyped name is told before anything is read.
    pub(crate) fn new(paths: Vec<PathBuf>) -> Result<Self, ImportError> {
        let mut total_bytes = Some(0);
        for path in &paths {
            if is_stdin(path) {
                total_bytes = None;
                continue;
            }
            // Not opened here: a pipe can be opened only once.
            let metadata = std::fs::metadata(path).map_err(|cause| unreadable(path, cause))?;
            if metadata.is_dir() {
                return Err(unreadable(path, io::ErrorKind::IsADirectory.into()));
            }
            // A pipe has no length.
            total_bytes = total_bytes.filter(|_| metadata.is_file()).map(|total: u64| total + metadata.len());
        }
        Ok(Self { paths, total_bytes })
    }

    /// `FILE:LINE`, as people and editors write it.
    pub(crate) fn place(&self, place: Place) -> String {
        let path = self.paths.get(place.input as usize).map_or_else(String::new, |path| name_of(path));
        format!("{path}:{}", place.line)
    }

    /// Gives every line of every input to `take`, and reports the bytes read. Lines longer than `max_line_bytes` come without content.
    /// Returns a hash of each input's content, not compressed.
    pub(crate) fn for_each_line(
        &self,
        max_line_bytes: usize,
        progress: &dyn Progress,
        mut take: impl FnMut(Place, Line<'_>) -> Result<(), ImportError>,
    ) -> Result<Vec<[u8; 32]>, ImportError> {
        let mut contents = Vec::with_capacity(self.paths.len());
        let read_bytes = Arc::new(AtomicU64::new(0));
        let mut reported = 0;
        for (index, path) in self.paths.iter().enumerate() {
            let input = u32::try_from(index).unwrap_or(u32::MAX);
            let mut lines = Lines::new(open(path, &read_bytes)?, max_line_bytes);
            let mut line = 0;
            while let Some(content) = lines.next_line().map_err(|cause| unreadable(path, cause))? {
                line += 1;
                take(Place { input, line }, content)?;
                let bytes = read_bytes.load(Ordering::Relaxed);
                if bytes >= reported + REPORT_BYTES {
                    reported = bytes;
                    progress.reading(bytes, self.total_bytes);
                }
            }
            contents.push(lines.digest());
        }
        progress.reading(read_bytes.load(Ordering::Relaxed), self.total_bytes);
        Ok(contents)
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn name_of(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn unreadable(path: &Path, cause: io::Error) -> ImportError {
    let cause = match cause.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("its gzip data ends too early: the file is incomplete"),
        _ => cause,
    };
    ImportError::Read { path: name_of(path), cause }
}

fn open(path: &Path, read_bytes: &Arc<AtomicU64>) -> Result<Box<dyn BufRead>, ImportError> {
    let source: Box<dyn Read> = if is_stdin(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|cause| unreadable(path, cause))?)
    };
    let counted = Counted { source, read_bytes: read_bytes.clone() };
    decompressed(counted).map_err(|cause| unreadable(path, cause))
}

/// What it is, not what it is named, decides: rotated logs have all kinds of names.
fn decompressed(source: impl Read + 'static) -> io::Result<Box<dyn BufRead>> {
    let mut source = BufReader::with_capacity(BUFFER_BYTES, source);
    if source.fill_buf()?.starts_with(&GZIP_MAGIC) {
        // Logs that were compressed piece by piece consist of several members.
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(source))));
    }
    Ok(Box::new(source))
}

/// Counts the bytes that were read, compressed ones as such: that is what the size of a file tells.
struct Counted<R> {
    source: R,
    read_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::progress;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn lines_of(files: &[&[u8]]) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
        let directory = tempfile::tempdir().unwrap();
        let paths = files.iter().enumerate().map(|(index, content)| {
            let path = directory.path().join(format!("{index}.log"));
            std::fs::write(&path, content).unwrap();
            path
        });
        let inputs = Inputs::new(paths.collect()).unwrap();
        let mut lines = Vec::new();
        inputs.for_each_line(1024, progress::silent().as_ref(), |place, line| {
            let name = inputs.place(place).rsplit('/').next().unwrap().to_owned();
            let Line::Whole(content) = line else { panic!("a line is too long") };
            lines.push((name, content.to_vec()));
            Ok(())
        })?;
        Ok(lines)
    }

    #[test]
    fn plain_and_gzip_with_several_members_are_read_by_their_first_bytes() {
        let compressed = [gzip(b"b\nc"), gzip(b"c\nd\n")].concat();
        let lines = lines_of(&[b"a\n", &compressed, b""]).unwrap();
        let expected = [("0.log:1", "a"), ("1.log:1", "b"), ("1.log:2", "cc"), ("1.log:3", "d")];
        let expected = expected.map(|(place, content)| (place.to_owned(), content.as_bytes().to_vec()));
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_truncated_file_is_told_by_name() {
        let whole = gzip(b"a line\nanother\n");
        let error = lines_of(&[&whole[..whole.len() - 6]]).unwrap_err().to_string();
        assert!(error.contains("0.log") && error.contains("incomplete"), "{error}");
    }

    #[test]
    fn a_missing_file_and_a_directory_are_told_before_reading() {
        let directory = tempfile::tempdir().unwrap();
        for path in [directory.path().join("missing.log"), directory.path().to_owned()] {
            let error = Inputs::new(vec![path.clone()]).err().unwrap().to_string();
            assert!(error.contains(&path.display().to_string()), "{error}");
        }
    }
}
