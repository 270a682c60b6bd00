//! Segment files that a crash or a disk damaged.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{FileExt, PermissionsExt},
    path::PathBuf,
};

use analytics_domain::{
    Day, Generation, ProjectId, Version,
    ports::{EncodedColumn, SegmentError, SegmentKey, SegmentStore},
};
use analytics_storage::segment_files::SegmentFiles;
use tempfile::TempDir;

const KEY: SegmentKey =
    SegmentKey { project: ProjectId(3), day: Day(16_572), generation: Generation(1), version: Version(2) };

fn columns() -> Vec<EncodedColumn> {
    let column = |name: &str, bytes: &'static [u8]| EncodedColumn { name: name.to_owned(), bytes: bytes.into() };
    vec![column("time", b"\x01\x02\x03"), column("page", b"/a")]
}

struct OneSegment {
    directory: TempDir,
    store: SegmentFiles,
}

impl OneSegment {
    async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let store = SegmentFiles::open(directory.path()).unwrap();
        store.put(KEY, columns()).await.unwrap();
        Self { directory, store }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("segments/p3/2015-05-17/g1-v2.seg")
    }

    async fn read(&self) -> Result<Vec<Option<bytes::Bytes>>, SegmentError> {
        self.store.read_columns(KEY, &["time".to_owned(), "page".to_owned()]).await
    }
}

/// A change here breaks the reading of files that exist: raise the version of the format instead.
#[tokio::test]
async fn the_file_is_what_the_format_says() {
    let segment = OneSegment::new().await;
    let file = fs::read(segment.file()).unwrap();
    let mut expected = b"ANLYSEG\n".to_vec();
    expected.extend([1, 0, 0, 0, 52, 0, 0, 0]);
    expected.extend(crc32fast::hash(&file[20..72]).to_le_bytes());
    expected.extend(b"\x04\x00time\x48\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x1d\x80\xbc\x55");
    expected.extend(b"\x04\x00page\x4b\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0");
    expected.extend(crc32fast::hash(b"/a").to_le_bytes());
    expected.extend(b"\x01\x02\x03/a");
    assert_eq!(file, expected);
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_noticed() {
    let segment = OneSegment::new().await;
    let length = fs::metadata(segment.file()).unwrap().len();
    let file = OpenOptions::new().read(true).write(true).open(segment.file()).unwrap();
    for offset in 0..length {
        for bit in 0..8 {
            let mut byte = [0];
            file.read_exact_at(&mut byte, offset).unwrap();
            file.write_all_at(&[byte[0] ^ 1 << bit], offset).unwrap();
            let read = segment.read().await;
            assert!(matches!(read, Err(SegmentError::Corrupt(_))), "bit {bit} of byte {offset}: {read:?}");
            file.write_all_at(&byte, offset).unwrap();
        }
    }
    assert!(segment.read().await.is_ok());
}

#[tokio::test]
async fn a_file_that_is_cut_off_anywhere_is_noticed() {
    let segment = OneSegment::new().await;
    let whole = fs::read(segment.file()).unwrap();
    for length in 0..whole.len() {
        fs::write(segment.file(), &whole[..length]).unwrap();
        let read = segment.read().await;
        assert!(matches!(read, Err(SegmentError::Corrupt(_))), "after {length} bytes: {read:?}");
    }
}

#[tokio::test]
async fn damage_is_told_by_segment_and_gone_with_the_next_put() {
    let segment = OneSegment::new().await;
    fs::write(segment.file(), "").unwrap();
    let Err(SegmentError::Corrupt(text)) = segment.read().await else { panic!("the damage was not noticed") };
    assert!(text.contains("project 3, day 2015-05-17, generation 1, version 2"), "{text}");
    segment.store.put(KEY, columns()).await.unwrap();
    assert!(segment.read().await.is_ok());
}

#[tokio::test]
async fn what_a_crash_left_unfinished_is_removed_and_whole_segments_stay() {
    let segment = OneSegment::new().await;
    let leftover = segment.directory.path().join("segments/unfinished/0");
    fs::write(&leftover, "half").unwrap();
    let store = SegmentFiles::open(segment.directory.path()).unwrap();
    assert!(!leftover.exists());
    assert_eq!(store.latest(KEY.project, KEY.day, KEY.generation).await, Ok(Some(KEY)));
    assert!(segment.read().await.is_ok());
}

#[tokio::test]
async fn files_are_closed_to_other_users_and_strangers_are_left_alone() {
    let segment = OneSegment::new().await;
    assert_eq!(fs::metadata(segment.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let stranger = segment.file().with_file_name("g1-v9.seg.bak");
    fs::write(&stranger, "").unwrap();
    assert_eq!(segment.store.latest(KEY.project, KEY.day, KEY.generation).await, Ok(Some(KEY)));
    segment.store.remove_before(SegmentKey { version: Version(10), ..KEY }).await.unwrap();
    assert!(stranger.exists());
    assert!(!segment.file().exists());
}
