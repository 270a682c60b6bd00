//! What every segment store does.

use std::sync::Arc;

use analytics_domain::{
    Generation, ProjectId, Version,
    ports::{EncodedColumn, SegmentError, SegmentKey, SegmentStore},
};
use bytes::Bytes;

use crate::{fresh::suite, sample::DAY};

suite! {
    $
    /// Runs the segment store suite. Takes the path of an `async fn() -> Fresh<dyn SegmentStore>`.
    segment_store_suite of segment_store:
    columns_are_read_back_by_name,
    a_segment_may_be_empty_or_large,
    the_same_key_again_replaces_the_segment,
    the_latest_is_the_highest_version_of_its_generation,
    an_older_segment_stays_readable_beside_a_newer_one,
    removing_leaves_the_kept_segment_newer_ones_and_other_days,
    a_segment_that_is_not_there_is_gone,
    readers_see_a_replaced_segment_whole,
}

/// The store under test.
type Store = Arc<dyn SegmentStore>;

const KEY: SegmentKey = SegmentKey { project: ProjectId(7), day: DAY, generation: Generation(1), version: Version(1) };

fn key(generation: i64, version: i64) -> SegmentKey {
    SegmentKey { generation: Generation(generation), version: Version(version), ..KEY }
}

fn column(name: &str, bytes: impl Into<Bytes>) -> EncodedColumn {
    EncodedColumn { name: name.to_owned(), bytes: bytes.into() }
}

async fn put(store: &Store, key: SegmentKey, columns: Vec<EncodedColumn>) {
    store.put(key, columns).await.expect("the store works");
}

async fn read(store: &Store, key: SegmentKey, names: &[&str]) -> Result<Vec<Option<Bytes>>, SegmentError> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    store.read_columns(key, &names).await
}

/// In the order asked for, a name twice, none where there is no such column.
pub async fn columns_are_read_back_by_name(store: &Store) {
    let columns = [("visitor", &b"\x00\xff"[..]), ("properties.\u{e4} b/../c", b"2"), ("", b"3")];
    put(store, KEY, columns.iter().map(|(name, bytes)| column(name, *bytes)).collect()).await;
    assert_eq!(store.column_names(KEY).await, Ok(columns.map(|(name, _)| name.to_owned()).to_vec()));
    let read = read(store, KEY, &["", "absent", "visitor", "", "properties.\u{e4} b/../c"]).await;
    let bytes = |text: &'static [u8]| Some(Bytes::from_static(text));
    assert_eq!(read, Ok(vec![bytes(b"3"), None, bytes(b"\x00\xff"), bytes(b"3"), bytes(b"2")]));
}

/// Without columns, without bytes, with many of both.
pub async fn a_segment_may_be_empty_or_large(store: &Store) {
    put(store, key(1, 1), vec![]).await;
    assert_eq!(store.column_names(key(1, 1)).await, Ok(vec![]));
    assert_eq!(read(store, key(1, 1), &["a"]).await, Ok(vec![None]));
    put(store, key(1, 2), vec![column("a", "")]).await;
    assert_eq!(read(store, key(1, 2), &["a"]).await, Ok(vec![Some(Bytes::new())]));

    let large: Bytes = (0..5_000_000_u32).map(|index| (index % 251) as u8).collect();
    let mut columns: Vec<_> =
        (0..2_000_u32).map(|index| column(&format!("c{index}"), index.to_le_bytes().to_vec())).collect();
    columns.push(column("large", large.clone()));
    put(store, key(1, 3), columns).await;
    let expected = vec![Some(large), Some(1_999_u32.to_le_bytes().to_vec().into())];
    assert_eq!(read(store, key(1, 3), &["large", "c1999"]).await, Ok(expected));
}

/// Columns included.
pub async fn the_same_key_again_replaces_the_segment(store: &Store) {
    put(store, KEY, vec![column("a", "old"), column("b", "old")]).await;
    put(store, KEY, vec![column("a", "new")]).await;
    assert_eq!(store.column_names(KEY).await, Ok(vec!["a".to_owned()]));
    assert_eq!(read(store, KEY, &["a", "b"]).await, Ok(vec![Some("new".into()), None]));
}

/// By number, not by text, and whatever came last.
pub async fn the_latest_is_the_highest_version_of_its_generation(store: &Store) {
    let latest = async |generation| store.latest(KEY.project, KEY.day, Generation(generation)).await;
    assert_eq!(latest(1).await, Ok(None));
    for (generation, version) in [(1, 9), (1, 10), (1, 2), (2, 3), (10, 1)] {
        put(store, key(generation, version), vec![]).await;
    }
    put(store, SegmentKey { project: ProjectId(8), ..key(1, 99) }, vec![]).await;
    put(store, SegmentKey { day: DAY.plus_days(1), ..key(1, 99) }, vec![]).await;
    assert_eq!(latest(1).await, Ok(Some(key(1, 10))));
    assert_eq!(latest(2).await, Ok(Some(key(2, 3))));
    assert_eq!(latest(3).await, Ok(None));
}

/// Until it is removed.
pub async fn an_older_segment_stays_readable_beside_a_newer_one(store: &Store) {
    put(store, key(1, 1), vec![column("a", "1")]).await;
    put(store, key(1, 2), vec![column("a", "2")]).await;
    put(store, key(2, 2), vec![column("a", "3")]).await;
    for (key, bytes) in [(key(1, 1), "1"), (key(1, 2), "2"), (key(2, 2), "3")] {
        assert_eq!(read(store, key, &["a"]).await, Ok(vec![Some(bytes.into())]));
    }
}

/// Removing again changes nothing, nor does it where nothing is.
pub async fn removing_leaves_the_kept_segment_newer_ones_and_other_days(store: &Store) {
    let other_day = SegmentKey { day: DAY.plus_days(1), ..key(1, 1) };
    let other_project = SegmentKey { project: ProjectId(70), ..key(1, 1) };
    let kept = [key(2, 5), key(2, 6), other_day, other_project];
    let removed = [key(1, 1), key(1, 7), key(2, 4), key(3, 5)];
    for key in kept.into_iter().chain(removed) {
        put(store, key, vec![column("a", "1")]).await;
    }
    for _ in 0..2 {
        store.remove_before(key(2, 5)).await.expect("the store works");
    }
    for key in kept {
        assert_eq!(read(store, key, &["a"]).await, Ok(vec![Some("1".into())]), "{key:?}");
    }
    for key in removed {
        assert_eq!(read(store, key, &["a"]).await, Err(SegmentError::Gone), "{key:?}");
    }
    let nowhere = SegmentKey { project: ProjectId(71), ..KEY };
    assert_eq!(store.remove_before(nowhere).await, Ok(()));
}

/// Whether it was removed or never stored.
pub async fn a_segment_that_is_not_there_is_gone(store: &Store) {
    assert_eq!(read(store, KEY, &["a"]).await, Err(SegmentError::Gone));
    assert_eq!(store.column_names(KEY).await, Err(SegmentError::Gone));
    put(store, key(1, 2), vec![column("a", "1")]).await;
    assert_eq!(read(store, KEY, &[]).await, Err(SegmentError::Gone));
}

/// The old one or the new one, never a mixture, never nothing.
pub async fn readers_see_a_replaced_segment_whole(store: &Store) {
    let columns = |round: u8| vec![column("a", vec![round; 100_000]), column("b", vec![round; 10])];
    put(store, KEY, columns(0)).await;
    let writer = {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for round in 1..=50 {
                put(&store, KEY, columns(round)).await;
            }
        })
    };
    let mut seen = 0;
    while seen < 50 {
        let read = read(store, KEY, &["a", "b"]).await.expect("the store works");
        let [Some(a), Some(b)] = read.as_slice() else { panic!("a column is missing") };
        let round = a[0];
        assert!(round >= seen, "an older segment came back");
        assert!(a.len() == 100_000 && a.iter().chain(b).all(|byte| *byte == round), "a mixture was read");
        seen = round;
    }
    writer.await.expect("the writer ends");
}
