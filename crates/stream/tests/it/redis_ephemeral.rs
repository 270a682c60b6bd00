//! The ephemeral store on Redis against the suite of its port, and what only it promises.

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    Clock, Day, DurationMs, ManualClock, Millis, ProjectId, VisitorHash,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use analytics_stream::redis::{RedisEphemeralOptions, RedisEphemeralStore};
use analytics_testkit::{ephemeral_store::EphemeralFixture, servers::ephemeral_redis_url};
use async_trait::async_trait;

use crate::redis_servers::{FreshPrefix, server};

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
pub(crate) const TIMEOUT: DurationMs = DurationMs(30 * 60 * 1000);
pub(crate) const DAY: Day = Day(20_000);
const PROJECT: ProjectId = ProjectId(7);
pub(crate) const LIVE: SaltScope = SaltScope::Live(PROJECT);
/// The first instant of [`DAY`].
pub(crate) const NOW: Millis = Millis(20_000 * DAY_MS);
pub(crate) const DESTROY_AT: Millis = Millis(NOW.0 + 2 * DAY_MS);

/// Nobody waits for the copies of others.
pub(crate) const AT_ONCE: RedisEphemeralOptions = RedisEphemeralOptions { wipe_grace: Duration::ZERO };

/// Keys of one's own, and the time.
pub(crate) struct World {
    prefix: FreshPrefix,
    clock: Arc<ManualClock>,
}

impl World {
    fn new(clock: Arc<ManualClock>) -> Self {
        Self { prefix: FreshPrefix::on(ephemeral_redis_url()), clock }
    }

    pub(crate) fn at_now() -> Self {
        Self::new(Arc::new(ManualClock::new(NOW.to_micros())))
    }

    /// The store of a process: it has a connection of its own.
    pub(crate) fn open(&self) -> RedisEphemeralStore {
        let clock: Arc<dyn Clock> = self.clock.clone();
        RedisEphemeralStore::new(server(&ephemeral_redis_url()).shared(), self.prefix.as_str(), AT_ONCE, clock)
    }

    /// How many milliseconds until Redis itself destroys a key.
    fn lifetime_ms(&self, key: &str) -> i64 {
        let key = format!("{}:{key}", self.prefix.as_str());
        redis::cmd("PTTL").arg(key).query(&mut self.prefix.connection()).expect("the server answers")
    }

    fn keys(&self) -> Vec<String> {
        let skip = self.prefix.as_str().len() + 1;
        // The epoch holds nothing and lives as long as the server.
        self.prefix.keys().into_iter().map(|key| key[skip..].to_owned()).filter(|key| key != "epoch").collect()
    }
}

#[async_trait]
impl EphemeralFixture for World {
    async fn store(&self) -> Arc<dyn EphemeralStore> {
        Arc::new(self.open())
    }

    /// Each handle is one of a new process: nothing is kept but in Redis.
    async fn kill(&self) {}
}

async fn fresh_store(clock: Arc<ManualClock>) -> World {
    World::new(clock)
}

analytics_testkit::ephemeral_store_suite!(fresh_store);

pub(crate) async fn make_nonce(store: &RedisEphemeralStore, scope: &SaltScope, day: Day) -> VisitorDayNonce {
    let nonce = store.nonce(scope, day, NoncePolicy::CreateUntil(DESTROY_AT)).await;
    nonce.expect("it works").expect("its time is not over")
}

pub(crate) async fn assign(store: &RedisEphemeralStore, scope: &SaltScope, probes: &[VisitorProbe]) -> Vec<usize> {
    store.assign_visitor_days(scope, probes, TIMEOUT).await.expect("it works")
}

pub(crate) fn probe(days: &[Day], visitor: i64, time: Millis) -> VisitorProbe {
    VisitorProbe { candidates: days.iter().map(|day| (*day, VisitorHash(visitor))).collect(), time }
}

fn import_key(id: &str) -> ImportKey {
    ImportKey { project: PROJECT, import: id.parse().expect("a valid id") }
}

pub(crate) async fn open_import(store: &RedisEphemeralStore, id: &str, expire_time: Millis) -> SaltScope {
    let running = RunningImport { include_bots: false, create_time: NOW, expire_time };
    store.open_import(&import_key(id), running).await.expect("it works");
    SaltScope::Import(import_key(id))
}

#[tokio::test]
async fn what_ended_leaves_no_key() {
    let world = World::at_now();
    let store = world.open();
    let days = [DAY, DAY.plus_days(1)];
    let idle = open_import(&store, "log-idle", Millis(NOW.0 + DAY_MS)).await;
    let finished = open_import(&store, "log-finished", DESTROY_AT).await;
    let other = open_import(&store, "log-other", Millis(DESTROY_AT.0 + 1)).await;
    let all = [&idle, &finished, &other, &LIVE];
    for scope in all {
        for day in days {
            make_nonce(&store, scope, day).await;
            assign(&store, scope, &[probe(&[day], 1, NOW)]).await;
        }
    }
    let later = NoncePolicy::CreateUntil(Millis(DESTROY_AT.0 + 1));
    store.nonce(&LIVE, DAY.plus_days(2), later).await.expect("it works");
    let of_other = ["nonces", "sessions", "state"].map(|part| format!("{{p7}}:import:log-other:{part}"));
    let of_later = "{p7}:live:20002:nonce".to_owned();
    let of_live =
        ["20000:nonce", "20000:sessions", "20001:nonce", "20001:sessions"].map(|key| format!("{{p7}}:live:{key}"));
    let all_of_import =
        |id: &str| ["nonces", "sessions", "state"].map(|part| format!("{{p7}}:import:{id}:{part}")).to_vec();

    let everything = [
        all_of_import("log-finished"),
        all_of_import("log-idle"),
        of_other.to_vec(),
        of_live.to_vec(),
        vec![of_later.clone()],
    ]
    .concat();
    assert_eq!(world.keys(), everything);

    store.close_import(&import_key("log-finished")).await.expect("it works");
    store.sweep(Millis(NOW.0 + DAY_MS - 1)).await.expect("it works");
    assert_eq!(world.keys(), everything[3..], "nothing else was due");
    store.sweep(Millis(NOW.0 + DAY_MS)).await.expect("it works");
    assert_eq!(world.keys(), everything[6..]);
    store.sweep(DESTROY_AT).await.expect("it works");
    assert_eq!(world.keys(), [of_other.to_vec(), vec![of_later]].concat());
    store.sweep(Millis(DESTROY_AT.0 + 1)).await.expect("it works");
    assert_eq!(world.keys(), [""; 0]);
}

#[tokio::test]
async fn sessions_whose_nonce_is_gone_are_swept() {
    let world = World::at_now();
    let store = world.open();
    make_nonce(&store, &LIVE, DAY).await;
    assign(&store, &LIVE, &[probe(&[DAY], 1, NOW)]).await;
    let nonce = format!("{}:{{p7}}:live:20000:nonce", world.prefix.as_str());
    let () = redis::cmd("DEL").arg(nonce).query(&mut world.prefix.connection()).expect("the server answers");
    assert_eq!(world.keys(), ["{p7}:live:20000:sessions"]);
    store.sweep(NOW).await.expect("it works");
    assert_eq!(world.keys(), [""; 0]);
}

#[tokio::test]
async fn a_new_nonce_of_a_day_leaves_nothing_of_the_expired_one() {
    let world = World::at_now();
    let store = world.open();
    let expired = make_nonce(&store, &LIVE, DAY).await;
    assign(&store, &LIVE, &[probe(&[DAY], 1, NOW)]).await;
    world.clock.set(DESTROY_AT.to_micros());
    let later = NoncePolicy::CreateUntil(Millis(DESTROY_AT.0 + DAY_MS));
    let other = store.nonce(&LIVE, DAY, later).await.expect("it works");
    assert!(other.is_some_and(|other| other != expired));
    assert_eq!(world.keys(), ["{p7}:live:20000:nonce"], "its sessions are gone, though nothing was swept");
}

#[tokio::test]
async fn redis_destroys_by_itself_what_no_collector_is_left_to_destroy() {
    let world = World::at_now();
    let store = world.open();
    let import = open_import(&store, "log-1", Millis(NOW.0 + 1_000_000)).await;
    for scope in [&LIVE, &import] {
        make_nonce(&store, scope, DAY).await;
        assign(&store, scope, &[probe(&[DAY], 1, NOW)]).await;
    }
    // The clock of the collectors stands still; the one of Redis has gone on a little since.
    let minute = 60_000;
    let within = |key: &str, lifetime_ms: i64| {
        let found = world.lifetime_ms(key);
        assert!((lifetime_ms - minute..=lifetime_ms).contains(&found), "{key} lives {found} ms");
    };
    within("{p7}:live:20000:nonce", 2 * DAY_MS);
    within("{p7}:live:20000:sessions", 2 * DAY_MS + 2 * minute);
    let import_lives = |lifetime_ms: i64| {
        within("{p7}:import:log-1:state", lifetime_ms);
        within("{p7}:import:log-1:nonces", lifetime_ms);
        within("{p7}:import:log-1:sessions", lifetime_ms + 2 * minute);
    };
    import_lives(1_000_000);
    store.touch_import(&import_key("log-1"), Millis(NOW.0 + DAY_MS)).await.expect("it runs");
    import_lives(DAY_MS);
    assert_eq!(world.keys().len(), 5);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_and_nothing_worse() {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(NOW.to_micros()));
    let store = RedisEphemeralStore::new(server("redis://:secret@127.0.0.1:1").shared(), "test", AT_ONCE, clock);
    store.check().await.expect_err("nobody listens there");
    let import = import_key("log-1");
    let running = RunningImport { include_bots: false, create_time: NOW, expire_time: DESTROY_AT };
    let answers = [
        store.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await.map(drop),
        store.assign_visitor_days(&LIVE, &[probe(&[DAY], 1, NOW)], TIMEOUT).await.map(drop),
        store.open_import(&import, running).await.map(drop),
        store.touch_import(&import, DESTROY_AT).await.map(drop),
        store.close_import(&import).await,
        store.sweep(NOW).await,
    ];
    for answer in answers {
        let Err(EphemeralError::Unavailable(why)) = &answer else { panic!("{answer:?}") };
        assert!(why.contains("127.0.0.1:1") && !why.contains("secret"), "{why}");
    }
    assert!(!format!("{store:?}").contains("secret"));
}
