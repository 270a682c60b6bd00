//! Redis killed, hung and full.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use analytics_domain::ports::{AckLevel, EventLog, LogError};
use analytics_stream::redis::RedisLog;
use analytics_testkit::servers::PrivateRedis;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    processors::{ProcessorProcess, Store},
    world::{COMMITTED, World, append, entry, until, until_empty, within},
};

/// What appenders sent, and what they were told.
#[derive(Debug, Default)]
struct Ledger {
    next_id: AtomicU32,
    unknown: AtomicU32,
    acknowledged: Mutex<BTreeSet<i64>>,
}

impl Ledger {
    fn acknowledged(&self) -> usize {
        self.acknowledged.lock().expect("no panic").len()
    }

    /// Sends one entry after the other, each until it is acknowledged.
    async fn append(self: Arc<Self>, log: RedisLog, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let id = self.next_id.fetch_add(1, Ordering::SeqCst);
            while log.append(entry(i64::from(id % 20), id, 2), AckLevel::Durable).await.is_err() {
                self.unknown.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
            self.acknowledged.lock().expect("no panic").insert(i64::from(id));
        }
    }

    async fn until_more_are_acknowledged(&self) {
        let enough = self.acknowledged() + 200;
        until("acknowledged entries", || async { self.acknowledged() >= enough }).await;
    }
}

/// Kills the server under load, first while nobody reads, then while a processor does. Returns the acknowledged entries that were
/// never delivered.
async fn lost_over_kills(arguments: &[&str]) -> BTreeSet<i64> {
    let mut redis = PrivateRedis::start(arguments);
    let world = World::at(redis.url(), 4);
    let (log, store, enough) = (world.log().await, Store::default(), CancellationToken::new());
    let ledger = Arc::<Ledger>::default();
    let mut appenders = JoinSet::new();
    for _ in 0..8 {
        appenders.spawn(Arc::clone(&ledger).append(log.clone(), enough.clone()));
    }
    ledger.until_more_are_acknowledged().await;
    redis.restart();
    ledger.until_more_are_acknowledged().await;
    let mut processor = ProcessorProcess::start(&world, &store);
    for _ in 0..4 {
        let stored = store.stored().len();
        ledger.until_more_are_acknowledged().await;
        until("deliveries", || async { store.stored().len() > stored }).await;
        redis.restart();
    }
    ledger.until_more_are_acknowledged().await;
    enough.cancel();
    within("the appenders", appenders.join_all()).await;
    until_empty(&log).await;
    processor.stop().await;

    assert!(ledger.unknown.load(Ordering::SeqCst) > 0, "no kill hit an append");
    let sent = i64::from(ledger.next_id.load(Ordering::SeqCst));
    let stored = store.stored();
    assert!(stored.keys().all(|id| (0..sent).contains(id)), "something was made up");
    let acknowledged = ledger.acknowledged.lock().expect("no panic").clone();
    acknowledged.into_iter().filter(|id| !stored.contains_key(id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_that_was_acknowledged() {
    assert_eq!(lost_over_kills(PrivateRedis::DURABLE).await, BTreeSet::new());
}

/// The control of the test above: it sees losses where there are some.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_without_a_file_is_seen_to_lose() {
    assert!(lost_over_kills(PrivateRedis::EPHEMERAL).await.len() >= 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hung_server_is_waited_for_within_bounds_and_used_again() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let mut world = World::at(redis.url(), 1);
    world.options.max_wait = Duration::from_millis(500);
    let (log, store) = (world.log().await, Store::default());
    let mut processor = ProcessorProcess::start(&world, &store);
    append(&log, entry(1, 1, 1)).await;
    until_empty(&log).await;

    redis.pause();
    let refused = within("a refusal", log.append(entry(1, 2, 1), COMMITTED)).await;
    assert!(matches!(refused, Err(LogError::Unavailable { .. })), "{refused:?}");
    redis.resume();
    until("an append", || async { log.append(entry(1, 3, 1), AckLevel::Durable).await.is_ok() }).await;
    until("its delivery", || async { store.stored().contains_key(&3) }).await;
    until_empty(&log).await;
    processor.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_server_hangs_no_more_waits_for_it_than_there_is_room_for() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let mut world = World::at(redis.url(), 1);
    // Some ten entries of 20 small events.
    world.options.max_appending_bytes = 20 << 10;
    let log = world.log().await;
    append(&log, entry(1, 0, 1)).await;
    redis.pause();
    let mut appends = JoinSet::new();
    for id in 1..100 {
        let log = log.clone();
        appends.spawn(async move { log.append(entry(1, id, 20), AckLevel::Durable).await });
    }
    let mut refused = 0;
    while refused < 70 {
        let Err(LogError::Unavailable { reason, .. }) =
            within("a refusal", appends.join_next()).await.expect("99 appends").expect("no panic")
        else {
            panic!("the server hangs")
        };
        assert_eq!(reason, "it is slow, and too much waits for it already");
        refused += 1;
    }
    redis.resume();
    let mut appended = 0;
    while let Some(append) = within("the others", appends.join_next()).await {
        appended += usize::from(append.expect("no panic").is_ok());
    }
    assert!((5..30).contains(&appended), "{appended}");
    until("as many", || async { log.backlog().await.is_ok_and(|backlog| backlog.entries == appended as u64 + 1) })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_memory_refuses_what_is_new_and_is_drained() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let world = World::at(redis.url(), 2);
    let (log, store) = (world.log().await, Store::default());
    for id in 0..10 {
        append(&log, entry(i64::from(id), id, 1)).await;
    }
    let set_max_memory = |bytes: u32| {
        let set = redis::cmd("CONFIG").arg("SET").arg("maxmemory").arg(bytes).query(&mut world.prefix.connection());
        let () = set.expect("the server answers");
    };
    set_max_memory(1);
    let refused = log.append(entry(1, 99, 1), AckLevel::Durable).await;
    let Err(LogError::Unavailable { reason, .. }) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("takes no writes now (OOM)"), "{reason}");
    assert!(log.check().await.is_err_and(|error| error.is_temporary()));

    let mut processor = ProcessorProcess::start(&world, &store);
    until_empty(&log).await;
    assert_eq!(store.stored().into_keys().collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    set_max_memory(0);
    append(&log, entry(1, 10, 1)).await;
    until("its delivery", || async { store.stored().contains_key(&10) }).await;
    processor.stop().await;
}
