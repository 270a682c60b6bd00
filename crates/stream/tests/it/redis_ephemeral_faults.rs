//! The ephemeral store while its Redis is full, silent, restarted or watched.

use std::sync::Arc;

use analytics_domain::{
    Clock, Day, DurationMs, ManualClock, Millis, ProjectId, VisitorHash,
    ports::{EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorProbe},
};
use analytics_stream::redis::{RedisEphemeralStore, RedisError};
use analytics_testkit::servers::PrivateRedis;

use crate::{
    redis_ephemeral::AT_ONCE,
    redis_servers::{server, soon},
};

const DAY: Day = Day(20_000);
const NOW: Millis = Millis(20_000 * 24 * 60 * 60 * 1000);
const LIVE: SaltScope = SaltScope::Live(ProjectId(7));
const CREATE: NoncePolicy = NoncePolicy::CreateUntil(Millis(NOW.0 + 60 * 60 * 1000));

fn open(redis: &PrivateRedis) -> RedisEphemeralStore {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(NOW.to_micros()));
    RedisEphemeralStore::new(server(&redis.url()).shared(), "test", AT_ONCE, clock)
}

async fn run<T: redis::FromRedisValue>(redis: &PrivateRedis, command: &str) -> T {
    let mut words = command.split(' ');
    let mut command = redis::cmd(words.next().expect("a command"));
    command.arg(words.collect::<Vec<_>>());
    server(&redis.url()).shared().query(&command).await.expect("the server obeys")
}

async fn assign(store: &RedisEphemeralStore) -> Result<Vec<usize>, EphemeralError> {
    let candidates = vec![(DAY, VisitorHash(1)), (DAY.plus_days(1), VisitorHash(2))];
    store.assign_visitor_days(&LIVE, &[VisitorProbe { candidates, time: NOW }], DurationMs(1)).await
}

async fn open_import(store: &RedisEphemeralStore) -> ImportKey {
    let key = ImportKey { project: ProjectId(7), import: "log-1".parse().expect("a valid id") };
    let running = RunningImport { include_bots: false, create_time: NOW, expire_time: Millis(NOW.0 + 60 * 60 * 1000) };
    store.open_import(&key, running).await.expect("it works");
    key
}

async fn recovery(store: &RedisEphemeralStore) {
    while store.check().await.is_err() {
        tokio::task::yield_now().await;
    }
}

fn assert_unavailable<T: std::fmt::Debug>(answer: Result<T, EphemeralError>, why: &str) {
    match &answer {
        Err(EphemeralError::Unavailable(said)) => assert!(said.contains(why), "{said}"),
        _ => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn a_full_server_takes_nothing_forgets_what_is_due_and_recovers() {
    let redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let store = open(&redis);
    let nonce = store.nonce(&LIVE, DAY, CREATE).await.expect("it works");
    let import = open_import(&store).await;
    let due = NoncePolicy::CreateUntil(Millis(NOW.0 + 30 * 60 * 1000));
    store.nonce(&LIVE, DAY.plus_days(1), due).await.expect("it works");
    assert_eq!(run::<u64>(&redis, "DBSIZE").await, 4, "one is the epoch");

    let () = run(&redis, "CONFIG SET maxmemory 1").await;
    assert!(matches!(store.check().await, Err(RedisError::NotWritable { .. })));
    assert_unavailable(assign(&store).await, "OOM");
    assert_unavailable(store.nonce(&LIVE, DAY.plus_days(2), CREATE).await, "OOM");
    assert_unavailable(store.touch_import(&import, Millis(NOW.0 + 1)).await, "OOM");
    store.sweep(Millis(NOW.0 + 30 * 60 * 1000)).await.expect("forgetting needs no memory");
    store.close_import(&import).await.expect("forgetting needs no memory");
    assert_eq!(run::<u64>(&redis, "DBSIZE").await, 2);

    let () = run(&redis, "CONFIG SET maxmemory 0").await;
    store.check().await.expect("it has memory again");
    assert_eq!(store.nonce(&LIVE, DAY, CREATE).await, Ok(nonce));
    assert_eq!(assign(&store).await, Ok(vec![1]), "what was refused left nothing");
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for_without_end() {
    let redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let store = open(&redis);
    let nonce = store.nonce(&LIVE, DAY, CREATE).await.expect("it works");
    redis.pause();
    // From here on nothing but timers can happen, and they need not be waited for.
    tokio::time::pause();
    assert_unavailable(store.nonce(&LIVE, DAY, CREATE).await, "did not answer");
    tokio::time::resume();
    redis.resume();
    soon(recovery(&store)).await;
    assert_eq!(store.nonce(&LIVE, DAY, CREATE).await, Ok(nonce));
}

#[tokio::test]
async fn a_server_that_lost_its_scripts_is_given_them_again() {
    let mut redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let store = open(&redis);
    let nonce = store.nonce(&LIVE, DAY, CREATE).await.expect("it works");
    let () = run(&redis, "SCRIPT FLUSH").await;
    assert_eq!(store.nonce(&LIVE, DAY, CREATE).await, Ok(nonce));
    redis.restart();
    soon(recovery(&store)).await;
    assert_ne!(
        open(&redis).nonce(&LIVE, DAY.plus_days(1), NoncePolicy::OnlyExisting).await,
        Ok(nonce),
        "it kept nothing"
    );
    assert_eq!(store.nonce(&LIVE, DAY, CREATE).await, Ok(nonce), "the process did");
    assert_eq!(assign(&store).await, Ok(vec![1]));
}

#[tokio::test]
async fn no_nonce_is_left_where_redis_remembers_commands() {
    let redis = PrivateRedis::start(&["--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000"]);
    let store = open(&redis);
    let import = SaltScope::Import(open_import(&store).await);
    let mut nonces = Vec::new();
    for scope in [&LIVE, &import] {
        for policy in [CREATE, NoncePolicy::OnlyExisting] {
            nonces.push(store.nonce(scope, DAY, policy).await.expect("it works").expect("there is one"));
        }
    }
    assert_eq!((nonces[0], nonces[2]), (nonces[1], nonces[3]));
    // What the store loses is brought back.
    let () = run(&redis, "FLUSHALL").await;
    store.check().await.expect("it works");
    assert_eq!(run::<u64>(&redis, "DBSIZE").await, 4, "the nonce, the import with its nonces, and the epoch");
    let remembered = texts(run(&redis, "SLOWLOG GET -1").await);
    assert!(remembered.iter().any(|text| holds(text, b"live:20000:nonce")), "the scan finds what is there");
    for nonce in nonces {
        assert!(!remembered.iter().any(|text| holds(text, &nonce.0[..8])));
    }
}

/// Every text in an answer.
fn texts(value: redis::Value) -> Vec<Vec<u8>> {
    match value {
        redis::Value::Array(values) => values.into_iter().flat_map(texts).collect(),
        redis::Value::BulkString(text) => vec![text],
        _ => Vec::new(),
    }
}

fn holds(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}
