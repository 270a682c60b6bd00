//! Somebody else deletes in Redis: what can be saved is, and the rest is said.

use std::collections::BTreeSet;

use redis::Commands;
use tokio_util::sync::CancellationToken;

use super::world::{Counters, World, append, commit, entry, gather, next, seen, until, until_empty};

#[tokio::test]
async fn a_deleted_stream_is_made_again_and_read_from_its_beginning() {
    let counters = Counters::new();
    let _recorded = counters.record();
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    append(&log, entry(1, 0, 1)).await;
    let held = next(&mut consumer, 100).await;
    append(&log, entry(1, 1, 1)).await;
    let stream = world.shard_key(0, "entries");
    let deleted: u32 = world.prefix.connection().del(&stream).expect("the server answers");
    assert_eq!(deleted, 1);
    append(&log, entry(1, 2, 1)).await;

    assert_eq!(seen(&next(&mut consumer, 100).await), [(2, 0)]);
    let backlog = log.backlog().await.expect("the server is there");
    assert_eq!((backlog.entries, backlog.events), (1, 1), "what was deleted is not counted any more");
    commit(&mut consumer, &held[0]).await;
    append(&log, entry(1, 3, 1)).await;
    let last = next(&mut consumer, 100).await;
    assert_eq!(seen(&last), [(3, 0)]);
    assert_eq!(counters.value("analytics_log_lost_groups_total"), 1);
    assert_eq!(counters.value("analytics_log_lost_entries_total"), 1, "one of the two was at the processor");
}

#[tokio::test]
async fn a_deleted_group_is_made_again_and_gets_everything() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    for id in 0..3 {
        append(&log, entry(1, id, 1)).await;
    }
    let held = next(&mut consumer, 1).await;
    assert_eq!(seen(&held), [(0, 0)]);
    let stream = world.shard_key(0, "entries");
    let destroyed: bool = world.prefix.connection().xgroup_destroy(&stream, "processors").expect("the server answers");
    assert!(destroyed);
    commit(&mut consumer, &held[0]).await;
    let mut again = BTreeSet::new();
    while again.len() < 3 {
        for delivery in next(&mut consumer, 100).await {
            again.insert(delivery.entry.id.0);
            commit(&mut consumer, &delivery).await;
        }
    }
    assert_eq!(again, BTreeSet::from([0, 1, 2]));
    until_empty(&log).await;
}

#[derive(Clone, Copy, PartialEq)]
enum Deleted {
    Unread,
    Held,
    AtNobody,
}

#[tokio::test]
async fn entries_deleted_before_they_are_stored_are_counted_and_take_no_room() {
    for deleted in [Deleted::Unread, Deleted::Held, Deleted::AtNobody] {
        let counters = Counters::new();
        let _recorded = counters.record();
        let world = World::new(1);
        let (log, stop) = (world.log().await, CancellationToken::new());
        let mut shards = world.shards(&stop).await;
        let mut consumer = world.consumer(&mut shards).await;
        for id in 0..3 {
            append(&log, entry(1, id, 1)).await;
        }
        let trim = || {
            let limit = redis::streams::StreamMaxlen::Equals(1);
            world.prefix.connection().xtrim::<_, u32>(world.shard_key(0, "entries"), limit).expect("the server answers")
        };
        if deleted == Deleted::Unread {
            assert_eq!(trim(), 2);
        } else {
            gather(&mut consumer, 3).await;
            if deleted == Deleted::Held {
                assert_eq!(trim(), 2);
            }
            drop(consumer);
            consumer = world.consumer(&mut shards).await;
            if deleted == Deleted::AtNobody {
                assert_eq!(trim(), 2);
            }
        }
        let rest = next(&mut consumer, 100).await;
        assert_eq!(seen(&rest), [(2, u32::from(deleted != Deleted::Unread))]);
        commit(&mut consumer, &rest[0]).await;
        until_empty(&log).await;
        assert_eq!(counters.value("analytics_log_lost_entries_total"), 2);
    }
}

#[tokio::test]
async fn an_emptied_log_goes_on() {
    let counters = Counters::new();
    let _recorded = counters.record();
    let world = World::new(2);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumers = [world.consumer(&mut shards).await, world.consumer(&mut shards).await];
    append(&log, entry(1, 0, 1)).await;
    world.prefix.wipe();
    // Projects 1 and 2 are in different shards.
    for (project, id) in [(1, 1), (2, 2)] {
        append(&log, entry(project, id, 1)).await;
    }
    for consumer in &mut consumers {
        let batch = next(consumer, 100).await;
        assert!(matches!(seen(&batch)[..], [(1 | 2, 0)] | [(0, _), (1, 0)]), "{batch:?}");
        for delivery in &batch {
            commit(consumer, delivery).await;
        }
    }
    until_empty(&log).await;
    until("the alarm", || async { counters.value("analytics_log_emptied_total") == 1 }).await;
    assert!(world.prefix.keys().contains(&format!("{}:log:shards", world.prefix.as_str())));
}
