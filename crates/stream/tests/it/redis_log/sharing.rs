//! Several processors on one log.

use std::{cell::Cell, collections::BTreeMap, sync::mpsc, thread, time::Duration};

use analytics_domain::ports::LogConsumer;
use analytics_stream::redis::RedisLog;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    processors::{ProcessorProcess, Store},
    world::{World, append, commit, entry, gather, next, seen, until, until_empty, within},
};

/// Appends entries of many projects until it is told to stop, and returns how many.
fn load(log: &RedisLog, stop: &CancellationToken) -> JoinHandle<u32> {
    let (log, stop) = (log.clone(), stop.clone());
    tokio::spawn(async move {
        let mut id = 0;
        while !stop.is_cancelled() {
            append(&log, entry(i64::from(id % 40), id, 1 + id % 3)).await;
            id += 1;
        }
        id
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processors_share_the_shards_and_hand_them_over_without_loss_or_repetition() {
    let world = World::new(8);
    let (log, store, enough) = (world.log().await, Store::default(), CancellationToken::new());
    let appended = load(&log, &enough);

    let mut first = ProcessorProcess::start(&world, &store);
    until("all shards at one", || async { first.shards() == 8 }).await;
    let second = ProcessorProcess::start(&world, &store);
    until("halves", || async { first.shards() == 4 && second.shards() == 4 }).await;
    let third = ProcessorProcess::start(&world, &store);
    until("thirds", || async {
        let shards = [first.shards(), second.shards(), third.shards()];
        shards.iter().all(|shards| (2..=3).contains(shards)) && shards.iter().sum::<usize>() == 8
    })
    .await;
    first.stop().await;
    until("halves again", || async { second.shards() == 4 && third.shards() == 4 }).await;

    enough.cancel();
    let appended = appended.await.expect("no panic");
    until_empty(&log).await;
    assert!(appended > 100, "{appended}");
    assert_eq!(store.stored(), (0..i64::from(appended)).map(|id| (id, 1)).collect::<BTreeMap<_, _>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_processor_read_is_stored_by_another() {
    let world = World::new(4);
    let (log, store, enough) = (world.log().await, Store::default(), CancellationToken::new());
    let appended = load(&log, &enough);
    let killed = ProcessorProcess::start(&world, &store);
    until("all shards at one", || async { killed.shards() == 4 }).await;
    let other = ProcessorProcess::start(&world, &store);
    until("halves", || async { killed.shards() == 2 && other.shards() == 2 }).await;
    killed.kill();
    until("all shards at the other", || async { other.shards() == 4 }).await;
    enough.cancel();
    let appended = appended.await.expect("no panic");
    until_empty(&log).await;
    assert_eq!(store.stored().into_keys().collect::<Vec<_>>(), (0..i64::from(appended)).collect::<Vec<_>>());
}

#[tokio::test]
async fn entries_of_a_killed_consumer_are_delivered_again_with_their_count() {
    let world = World::new(1);
    let log = world.log().await;
    for id in 0..5 {
        append(&log, entry(1, id, 1)).await;
    }
    for kills in 0..3 {
        let killed = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("one");
        let (server, options) = (world.server.clone(), world.options.clone());
        let read = killed.spawn(async move {
            let opened = analytics_stream::redis::RedisShards::open(&server, options, CancellationToken::new());
            let mut shards = opened.await.expect("the server is there");
            let mut consumer = shards.next_shard().await.expect("nobody stopped it");
            (seen(&next(&mut consumer, 100).await), shards, consumer)
        });
        let (batch, shards, consumer) = within("a delivery", read).await.expect("no panic");
        assert_eq!(batch, (0..5).map(|id| (id, kills)).collect::<Vec<_>>());
        killed.shutdown_background();
        // Without a manager that renews it, the lease runs out; leaked, the consumer does not give it back.
        std::mem::forget((shards, consumer));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_owner_finds_its_shard_taken_and_loses_nothing() {
    let world = World::new(1);
    let log = world.log().await;
    for id in 0..3 {
        append(&log, entry(1, id, 1)).await;
    }
    let (paused, has_paused) = mpsc::channel();
    let (resume, resumed) = mpsc::channel::<()>();
    let (server, options) = (world.server.clone(), world.options.clone());
    let owner = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let opened = analytics_stream::redis::RedisShards::open(&server, options, CancellationToken::new());
            let mut shards = opened.await.expect("the server is there");
            let mut consumer = shards.next_shard().await.expect("nobody stopped it");
            let batch = gather(&mut consumer, 3).await;
            paused.send(()).expect("the test waits");
            // Its only thread stands still: nothing is renewed.
            resumed.recv().expect("the test goes on");
            for delivery in &batch {
                commit(&mut consumer, delivery).await;
            }
            let mut seen = seen(&batch);
            while let Some(batch) = within("the end", consumer.next(2)).await.expect("it never fails") {
                seen.extend(super::world::seen(&batch));
            }
            seen
        })
    });
    has_paused.recv().expect("it pauses");

    let stop = CancellationToken::new();
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    let batch = gather(&mut consumer, 3).await;
    assert_eq!(seen(&batch), [(0, 1), (1, 1), (2, 1)]);
    resume.send(()).expect("it waits");
    let seen_by_owner = tokio::task::spawn_blocking(|| owner.join().expect("no panic")).await.expect("no panic");
    assert_eq!(seen_by_owner, [(0, 0), (1, 0), (2, 0)]);
    for delivery in &batch {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
    append(&log, entry(1, 9, 1)).await;
    assert_eq!(seen(&next(&mut consumer, 100).await), [(9, 0)]);
}

#[tokio::test]
async fn an_entry_that_went_to_nobody_is_found() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    append(&log, entry(1, 0, 1)).await;
    assert_eq!(seen(&next(&mut consumer, 100).await), [(0, 0)]);
    append(&log, entry(1, 1, 1)).await;
    // As an owner does that was paused in the middle of a read.
    let read = redis::cmd("XREADGROUP")
        .arg(&["GROUP", "processors", "processor", "STREAMS", &world.shard_key(0, "entries"), ">"])
        .query(&mut world.prefix.connection());
    let taken: redis::Value = read.expect("the server answers");
    assert_ne!(taken, redis::Value::Nil);
    assert_eq!(seen(&next(&mut consumer, 100).await), [(1, 1)]);
}

#[tokio::test]
async fn a_shard_stays_taken_until_its_consumer_is_done() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    append(&log, entry(1, 0, 1)).await;
    let batch = next(&mut consumer, 100).await;
    stop.cancel();
    assert!(within("the end", shards.next_shard()).await.is_none());
    let lease = world.shard_key(0, "lease");
    let rest_ms = || redis::cmd("PTTL").arg(&lease).query::<i64>(&mut world.prefix.connection()).expect("it answers");
    // It only ever falls but for renewals.
    let latest = Cell::new(rest_ms());
    for _ in 0..3 {
        until("a renewal", || async { latest.replace(rest_ms()) < latest.get() }).await;
    }
    commit(&mut consumer, &batch[0]).await;
    assert!(within("the end", consumer.next(100)).await.expect("it never fails").is_none());
    assert_eq!(rest_ms(), -2, "it was given back");
    until_empty(&log).await;
}

#[tokio::test]
async fn a_stop_gives_every_shard_back_at_once() {
    let mut world = World::new(4);
    // So long that nobody could wait for it to run out.
    world.options.lease = Duration::from_secs(120);
    let (log, store) = (world.log().await, Store::default());
    let mut processor = ProcessorProcess::start(&world, &store);
    until("all shards", || async { processor.shards() == 4 }).await;
    append(&log, entry(1, 1, 1)).await;
    until_empty(&log).await;
    processor.stop().await;
    let leases: Vec<_> = world.prefix.keys().into_iter().filter(|key| key.ends_with(":lease")).collect();
    assert!(leases.is_empty(), "{leases:?}");
    world.options.lease = Duration::from_millis(900);
    let next = ProcessorProcess::start(&world, &store);
    until("all shards at the next", || async { next.shards() == 4 }).await;
}
