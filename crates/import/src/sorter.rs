//! Sorts what was read by time, in memory or, when that is too little, in runs on disk.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    env,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use crate::{ImportError, input::Place};

/// Records held in memory before they are written to disk as a sorted run: about a million lines of a log.
const RUN_BYTES: usize = 256 * 1024 * 1024;

/// Something to send, not yet taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// When it happened, in microseconds since 1970.
    pub(crate) time_micros: i64,
    /// Where it was read.
    pub(crate) place: Place,
    /// What was read.
    pub(crate) content: Box<[u8]>,
}

/// Collects records and gives them back by time; those of the same time in the order in which they came.
pub(crate) struct Sorter {
    run_bytes: usize,
    directory: PathBuf,
    held: Vec<Record>,
    held_bytes: usize,
    runs: Vec<File>,
    count: u64,
}

impl Sorter {
    pub(crate) fn new() -> Self {
        Self::with_runs(RUN_BYTES, spill_directory())
    }

    fn with_runs(run_bytes: usize, directory: PathBuf) -> Self {
        Self { run_bytes, directory, held: Vec::new(), held_bytes: 0, runs: Vec::new(), count: 0 }
    }

    /// How many records were pushed.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn push(&mut self, record: Record) -> Result<(), ImportError> {
        self.count += 1;
        self.held_bytes += size_of::<Record>() + record.content.len();
        self.held.push(record);
        if self.held_bytes >= self.run_bytes {
            let run = self.spill().map_err(|cause| unsorted(&self.directory, cause))?;
            self.runs.push(run);
        }
        Ok(())
    }

    /// Writes what is held to a file that has no name, so that it goes with the process, however that ends.
    fn spill(&mut self) -> io::Result<File> {
        self.held.sort_by_key(|record| record.time_micros);
        let mut writer = BufWriter::new(tempfile::tempfile_in(&self.directory)?);
        for record in self.held.drain(..) {
            writer.write_all(&record.time_micros.to_le_bytes())?;
            writer.write_all(&record.place.input.to_le_bytes())?;
            writer.write_all(&record.place.line.to_le_bytes())?;
            writer.write_all(&(record.content.len() as u64).to_le_bytes())?;
            writer.write_all(&record.content)?;
        }
        self.held_bytes = 0;
        let mut run = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        run.seek(SeekFrom::Start(0))?;
        Ok(run)
    }

    /// Gives every record to `take`, by time.
    pub(crate) fn for_each(
        mut self,
        mut take: impl FnMut(Record) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        self.held.sort_by_key(|record| record.time_micros);
        let on_disk = self.runs.drain(..).map(|run| Run::OnDisk(BufReader::new(run)));
        // What is held came last.
        let mut runs: Vec<Run> = on_disk.chain([Run::Held(self.held.into_iter())]).collect();
        let directory = self.directory;
        let mut heads: Vec<Option<Record>> = Vec::with_capacity(runs.len());
        let mut order = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            let head = run.next().map_err(|cause| unsorted(&directory, cause))?;
            order.extend(head.as_ref().map(|record| Reverse((record.time_micros, index))));
            heads.push(head);
        }
        // Of equal times the earlier run comes first, which keeps the order in which records came.
        while let Some(Reverse((_, index))) = order.pop() {
            let next = runs[index].next().map_err(|cause| unsorted(&directory, cause))?;
            order.extend(next.as_ref().map(|record| Reverse((record.time_micros, index))));
            if let Some(record) = std::mem::replace(&mut heads[index], next) {
                take(record)?;
            }
        }
        Ok(())
    }
}

/// One sorted part.
enum Run {
    OnDisk(BufReader<File>),
    Held(std::vec::IntoIter<Record>),
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Record>> {
        match self {
            Self::Held(records) => Ok(records.next()),
            Self::OnDisk(reader) => read_record(reader),
        }
    }
}

fn read_record(reader: &mut BufReader<File>) -> io::Result<Option<Record>> {
    let mut time = [0; 8];
    match reader.read_exact(&mut time) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let (mut input, mut line, mut length) = ([0; 4], [0; 8], [0; 8]);
    reader.read_exact(&mut input)?;
    reader.read_exact(&mut line)?;
    reader.read_exact(&mut length)?;
    // Written by this process; it was in memory before.
    let mut content = vec![0; u64::from_le_bytes(length) as usize];
    reader.read_exact(&mut content)?;
    Ok(Some(Record {
        time_micros: i64::from_le_bytes(time),
        place: Place { input: u32::from_le_bytes(input), line: u64::from_le_bytes(line) },
        content: content.into_boxed_slice(),
    }))
}

/// `/tmp` is in memory on many systems, which is what is short here; `/var/tmp` is not.
fn spill_directory() -> PathBuf {
    let large = Path::new("/var/tmp");
    if env::var_os("TMPDIR").is_none() && large.is_dir() { large.to_owned() } else { env::temp_dir() }
}

fn unsorted(directory: &Path, cause: io::Error) -> ImportError {
    ImportError::Sort { directory: directory.to_owned(), cause }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(run_bytes: usize, records: &[Record]) -> (Vec<Record>, usize) {
        let directory = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::with_runs(run_bytes, directory.path().to_owned());
        for record in records {
            sorter.push(record.clone()).unwrap();
        }
        let runs = sorter.runs.len();
        let mut sorted = Vec::new();
        sorter
            .for_each(|record| {
                sorted.push(record);
                Ok(())
            })
            .unwrap();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "runs have no names");
        (sorted, runs)
    }

    proptest! {
        #[test]
        fn runs_on_disk_give_what_memory_gives(times in prop::collection::vec((-3i64..3, 0usize..40), 0..200)) {
            let records: Vec<Record> = times
                .iter()
                .enumerate()
                .map(|(index, (time, length))| Record {
                    time_micros: *time,
                    place: Place { input: 0, line: index as u64 },
                    content: vec![index as u8; *length].into_boxed_slice(),
                })
                .collect();
            let (in_memory, none) = sorted(usize::MAX, &records);
            let (in_runs, runs) = sorted(300, &records);
            prop_assert_eq!(none, 0);
            prop_assert!(records.len() < 20 || runs > 1, "{} records in {} runs", records.len(), runs);
            prop_assert_eq!(&in_memory, &in_runs);
            let mut expected = records;
            expected.sort_by_key(|record| (record.time_micros, record.place.line));
            prop_assert_eq!(in_runs, expected);
        }
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_named() {
        let mut sorter = Sorter::with_runs(1, PathBuf::from("/nonexistent"));
        let record = Record { time_micros: 0, place: Place { input: 0, line: 1 }, content: Box::default() };
        let error = sorter.push(record).unwrap_err().to_string();
        assert!(error.contains("/nonexistent") && error.contains("TMPDIR"), "{error}");
    }
}
