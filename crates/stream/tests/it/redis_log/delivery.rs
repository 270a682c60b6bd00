//! What becomes of entries when something is wrong with them, with the store or with whoever waits.

use std::time::Duration;

use analytics_domain::{
    DurationMs,
    ports::{
        AckLevel, Awaited, DeliveryOutcome, EventLog, EventOutcome, LogConsumer, LogEntry, LogError, Receipt,
        UnreadableCause, UnreadableDelivery,
    },
};
use analytics_stream::redis::{LogOpenError, RedisConsumer, RedisLog, RedisLogOptions, RedisShards};
use analytics_testkit::servers::PrivateRedis;
use tokio_util::sync::CancellationToken;

use super::world::{
    COMMITTED, Counters, World, append, commit, entry, gather, next, next_or_none, seen, until, until_empty, within,
};

fn failed(retry_after_ms: i64) -> DeliveryOutcome {
    DeliveryOutcome::Failed { reason: "the disk is full".to_owned(), retry_after: DurationMs(retry_after_ms) }
}

#[tokio::test]
async fn a_project_that_fails_waits_in_order_while_others_go_on() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    append(&log, entry(1, 0, 1)).await;
    let first = next(&mut consumer, 100).await;
    assert_eq!(seen(&first), [(0, 0)]);
    consumer.acknowledge(first[0].token, failed(400)).await.expect("it never fails");
    for (project, id) in [(1, 1), (2, 2), (1, 3), (2, 4)] {
        append(&log, entry(project, id, 1)).await;
    }
    let others = gather(&mut consumer, 2).await;
    assert_eq!(seen(&others), [(2, 0), (4, 0)]);
    for delivery in &others {
        commit(&mut consumer, delivery).await;
    }
    let again = next(&mut consumer, 100).await;
    assert_eq!(seen(&again), [(0, 1), (1, 0), (3, 0)]);
    for delivery in &again {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
}

#[tokio::test]
async fn failures_are_counted_for_the_next_consumer_and_unread_entries_are_not() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    for id in 0..3 {
        append(&log, entry(1, id, 2)).await;
    }
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    for redeliveries in 0..2 {
        let batch = next(&mut consumer, 2).await;
        assert_eq!(seen(&batch), [(0, redeliveries)]);
        consumer.acknowledge(batch[0].token, failed(0)).await.expect("it never fails");
    }
    drop(consumer);
    let mut consumer = world.consumer(&mut shards).await;
    assert_eq!(seen(&gather(&mut consumer, 3).await), [(0, 2), (1, 0), (2, 0)]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_handed_out_apart_until_it_is_answered() {
    let counters = Counters::new();
    let _recorded = counters.record();
    let mut world = World::new(1);
    // Looks again after each read.
    world.options.reclaim_interval = Duration::from_millis(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    append(&log, entry(1, 0, 1)).await;
    let stream = world.shard_key(0, "entries");
    let foreign: [&[&str]; 3] = [&["n", "1", "b", "no record"], &["n", "many"], &["other", "thing"]];
    for fields in foreign {
        let added = redis::cmd("XADD").arg(&stream).arg("*").arg(fields).query(&mut world.prefix.connection());
        let _id: String = added.expect("the server answers");
    }
    append(&log, entry(1, 1, 1)).await;

    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    let batch = next(&mut consumer, 100).await;
    assert_eq!(seen(&batch), [(0, 0), (1, 0)]);
    for delivery in &batch {
        commit(&mut consumer, delivery).await;
    }
    let refused =
        |retry_after| DeliveryOutcome::Refused { reason: "not yet".to_owned(), retry_after: DurationMs(retry_after) };
    for redeliveries in 0..2 {
        let unreadable = gather_unreadable(&mut consumer, 3).await;
        let records: Vec<&[u8]> = unreadable.iter().map(|delivery| delivery.record.as_slice()).collect();
        assert_eq!(records, [b"no record".as_slice(), b"", b""], "byte for byte");
        for delivery in &unreadable {
            assert_eq!((delivery.redeliveries, delivery.cause), (redeliveries, UnreadableCause::Damaged));
            assert!(delivery.append_time.0 > 1_700_000_000_000, "the time of the server");
            consumer.acknowledge(delivery.token, refused(0)).await.expect("it never fails");
        }
    }
    // Others are read meanwhile.
    for delivery in gather_unreadable(&mut consumer, 3).await {
        consumer.acknowledge(delivery.token, refused(60_000)).await.expect("it never fails");
    }
    for id in 2..5 {
        append(&log, entry(1, id, 1)).await;
        let batch = gather(&mut consumer, 1).await;
        assert_eq!(seen(&batch), [(i64::from(id), 0)]);
        commit(&mut consumer, &batch[0]).await;
    }
    assert_eq!(consumer.unreadable(), []);
    drop(consumer);
    until("three entries", || async { log.backlog().await.is_ok_and(|backlog| backlog.entries == 3) }).await;
    assert_eq!(counters.value("analytics_log_unreadable_entries_total"), 3);
    let mut consumer = world.consumer(&mut shards).await;
    for delivery in gather_unreadable(&mut consumer, 3).await {
        assert_eq!(delivery.redeliveries, 3, "the next consumer knows");
        consumer.acknowledge(delivery.token, DeliveryOutcome::Committed(Vec::new())).await.expect("it never fails");
    }
    assert_eq!(counters.value("analytics_log_unreadable_entries_total"), 6, "once for each consumer");
    until_empty(&log).await;
}

async fn gather_unreadable(consumer: &mut RedisConsumer, count: usize) -> Vec<UnreadableDelivery> {
    let mut gathered = consumer.unreadable();
    while gathered.len() < count {
        assert_eq!(seen(&next_or_none(consumer, 100).await), []);
        gathered.extend(consumer.unreadable());
    }
    gathered
}

#[tokio::test]
async fn an_entry_that_is_refused_waits_alone() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    for id in 0..3 {
        append(&log, entry(1, id, 1)).await;
    }
    let batch = gather(&mut consumer, 3).await;
    let refused = DeliveryOutcome::Refused { reason: "no".to_owned(), retry_after: DurationMs(400) };
    consumer.acknowledge(batch[1].token, refused).await.expect("it never fails");
    for delivery in [&batch[0], &batch[2]] {
        commit(&mut consumer, delivery).await;
    }
    append(&log, entry(1, 3, 1)).await;
    let mut later = gather(&mut consumer, 2).await;
    assert_eq!(seen(&later), [(3, 0), (1, 1)]);
    // While something is out, waiting for more ends after a moment.
    assert_eq!(seen(&next_or_none(&mut consumer, 100).await), []);
    append(&log, entry(1, 4, 1)).await;
    later.extend(gather(&mut consumer, 1).await);
    for delivery in &later {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
}

#[tokio::test]
async fn an_appender_whose_reply_does_not_come_is_told_that_the_entry_is_durable() {
    let mut world = World::new(1);
    let (patient, stop) = (world.log().await, CancellationToken::new());
    world.options.max_wait = Duration::from_millis(300);
    let log = world.log().await;
    // By the log's own bound, and by that of a caller who has less time.
    let receipt = within("a receipt", log.append(entry(1, 1, 1), COMMITTED)).await;
    assert_eq!(receipt, Ok(Receipt::Durable));
    let hurried = AckLevel::Committed { within: DurationMs(300) };
    assert_eq!(patient.append(entry(1, 2, 1), hurried).await, Ok(Receipt::Durable));

    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    let batch = gather(&mut consumer, 2).await;
    assert_eq!(seen(&batch), [(1, 0), (2, 0)]);
    for delivery in &batch {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
}

#[tokio::test]
async fn what_is_at_hand_is_had_without_waiting() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    assert_eq!(consumer.at_hand(10).await.expect("it never fails").len(), 0, "nothing was looked for yet");
    for id in 0..25 {
        append(&log, entry(1, id, 1)).await;
    }
    let mut batches = vec![next(&mut consumer, 10).await];
    loop {
        let batch = within("what is there", consumer.at_hand(10)).await.expect("it never fails");
        if batch.is_empty() {
            break;
        }
        assert!(batch.len() <= 10);
        batches.push(batch);
    }
    let ids: Vec<i64> = batches.iter().flatten().map(|delivery| delivery.entry.id.0).collect();
    assert_eq!(ids, (0..25).collect::<Vec<_>>());
    for delivery in batches.iter().flatten() {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
}

#[tokio::test]
async fn what_arrived_meanwhile_is_had_although_nothing_told_of_it() {
    let world = World::new(1);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    append(&log, entry(1, 0, 1)).await;
    let first = next(&mut consumer, 10).await;
    assert_eq!(consumer.at_hand(10).await.expect("it never fails").len(), 0, "that was all");
    for id in 1..4 {
        append(&log, entry(1, id, 1)).await;
    }
    assert_eq!(consumer.at_hand(10).await.expect("it never fails").len(), 0, "nothing is known of them");
    let arrived = within("what is there", consumer.arrived(10)).await.expect("it never fails");
    let ids: Vec<i64> = arrived.iter().map(|delivery| delivery.entry.id.0).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert!(arrived.iter().all(|delivery| delivery.awaited == Awaited::ByNobody));
    for delivery in first.iter().chain(&arrived) {
        commit(&mut consumer, delivery).await;
    }
    until_empty(&log).await;
}

#[tokio::test]
async fn while_many_wait_for_outcomes_others_are_told_durable_at_once() {
    let mut world = World::new(1);
    world.options.max_waiting = 2;
    let log = world.log().await;
    let waiting: Vec<_> = (0..2)
        .map(|id| {
            let log = log.clone();
            tokio::spawn(async move { log.append(entry(1, id, 1), COMMITTED).await })
        })
        .collect();
    until("two entries", || async { log.backlog().await.is_ok_and(|backlog| backlog.entries == 2) }).await;
    assert_eq!(within("a receipt", log.append(entry(1, 2, 1), COMMITTED)).await, Ok(Receipt::Durable));
    assert!(waiting.iter().all(|append| !append.is_finished()), "they still wait");

    let stop = CancellationToken::new();
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    for delivery in gather(&mut consumer, 3).await {
        commit(&mut consumer, &delivery).await;
    }
    for append in waiting {
        assert_eq!(append.await.expect("no panic"), Ok(Receipt::Committed(vec![EventOutcome::Stored])));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_are_heard_again_after_the_connection_that_brings_them_was_lost() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let mut world = World::at(redis.url(), 1);
    world.options.max_wait = Duration::from_secs(2);
    let (log, stop) = (world.log().await, CancellationToken::new());
    let mut shards = world.shards(&stop).await;
    let mut consumer = world.consumer(&mut shards).await;
    tokio::spawn(async move {
        while let Some(batch) = consumer.next(100).await.expect("it never fails") {
            for delivery in &batch {
                commit(&mut consumer, delivery).await;
            }
        }
    });
    let committed = Ok(Receipt::Committed(vec![EventOutcome::Stored]));
    assert_eq!(log.append(entry(1, 1, 1), COMMITTED).await, committed);
    let kill = redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub").query(&mut world.prefix.connection());
    let killed: u32 = kill.expect("the server answers");
    assert_eq!(killed, 1);
    until("an outcome", || async { log.append(entry(1, 2, 1), COMMITTED).await == committed }).await;
}

#[tokio::test]
async fn a_log_with_another_number_of_shards_is_refused() {
    let world = World::new(3);
    let _log = world.log().await;
    let other = RedisLogOptions { shards: 4, ..world.options.clone() };
    let appender = RedisLog::open(&world.server, other.clone()).await.map(drop);
    let processor = RedisShards::open(&world.server, other, CancellationToken::new()).await.map(drop);
    for refused in [appender, processor] {
        let error = refused.expect_err("the log has 3 shards");
        assert!(matches!(&error, LogOpenError::ShardCount { stored, configured: 4, .. } if stored == "3"), "{error}");
        assert!(!error.is_temporary());
        assert!(error.to_string().contains("use 3, or drain the log and delete"), "{error}");
    }
}

#[tokio::test]
async fn a_log_tells_what_is_in_it_and_whether_it_takes_more() {
    let world = World::new(2);
    let log = world.log().await;
    assert_eq!(log.check().await, Ok(()));
    for id in 0..10 {
        append(&log, entry(i64::from(id), id, 3)).await;
    }
    let backlog = log.backlog().await.expect("the server is there");
    assert_eq!((backlog.entries, backlog.events), (10, 30));
    assert!((300..3_000).contains(&backlog.bytes), "{backlog:?}");
}

#[tokio::test]
async fn a_shard_whose_oldest_entry_waits_too_long_takes_no_others_until_it_is_stored() {
    let mut world = World::new(2);
    world.options.max_age = Duration::from_secs(60 * 60);
    let (log, stop) = (world.log().await, CancellationToken::new());
    for shard in 0..2 {
        append_at(&world, shard, "1-1", entry(1, 1, 2));
    }
    let refused = log.append(entry(1, 2, 1), AckLevel::Durable).await;
    let Err(LogError::Unavailable { reason, .. }) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("waited for more than 1 h (`log_max_age_hours`)"), "{reason}");
    let backlog = log.backlog().await.expect("the server is there");
    assert!(backlog.age_ms > 1_000_000_000_000, "{backlog:?}");

    let mut shards = world.shards(&stop).await;
    let mut consumers = [world.consumer(&mut shards).await, world.consumer(&mut shards).await];
    for consumer in &mut consumers {
        let old = next(consumer, 100).await;
        assert_eq!(seen(&old), [(1, 0)]);
        commit(consumer, &old[0]).await;
    }
    until_empty(&log).await;
    for id in 3..6 {
        append(&log, entry(1, id, 1)).await;
    }
    assert!(log.backlog().await.expect("the server is there").age_ms < 60_000);
}

/// Puts an entry into a shard as if it had been appended at another time.
fn append_at(world: &World, shard: u16, id: &str, entry: LogEntry) {
    let events = entry.events.len();
    let record = analytics_records::encode(entry, "");
    let mut commands = redis::pipe();
    commands.cmd("XADD").arg(world.shard_key(shard, "entries")).arg(id).arg("n").arg(events).arg("b").arg(&record);
    let counters = [("entries", 1), ("events", events), ("bytes", record.len())];
    commands.cmd("HSET").arg(world.shard_key(shard, "pending")).arg(&counters);
    let _done: (String, u32) = commands.query(&mut world.prefix.connection()).expect("the server answers");
}
