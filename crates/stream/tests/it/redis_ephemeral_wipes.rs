//! What becomes of salts, sessions and imports when their Redis loses everything.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use analytics_domain::{
    Clock, Day, ManualClock, Millis, ProjectId,
    ports::{EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope},
};
use analytics_stream::redis::{RedisEphemeralOptions, RedisEphemeralStore};
use analytics_testkit::{
    ephemeral_store::{self, CollectorsFixture, Wipe},
    servers::{PrivateRedis, ephemeral_redis_url},
};
use async_trait::async_trait;

use crate::{
    redis_ephemeral::{AT_ONCE, DAY, DAY_MS, DESTROY_AT, LIVE, NOW, TIMEOUT, assign, make_nonce, open_import, probe},
    redis_servers::{FreshPrefix, server, soon},
};

const CREATE: NoncePolicy = NoncePolicy::CreateUntil(DESTROY_AT);

struct World {
    prefix: FreshPrefix,
    clock: Arc<ManualClock>,
}

impl World {
    fn new() -> Self {
        Self { prefix: FreshPrefix::on(ephemeral_redis_url()), clock: Arc::new(ManualClock::new(NOW.to_micros())) }
    }

    /// The store of another process.
    fn open(&self) -> RedisEphemeralStore {
        self.open_with(AT_ONCE)
    }

    fn open_with(&self, options: RedisEphemeralOptions) -> RedisEphemeralStore {
        let clock: Arc<dyn Clock> = self.clock.clone();
        RedisEphemeralStore::new(server(&ephemeral_redis_url()).shared(), self.prefix.as_str(), options, clock)
    }
}

#[tokio::test]
async fn a_surviving_and_a_restarted_process_agree_after_a_wipe() {
    let world = World::new();
    let (survivor, restarted) = (world.open(), world.open());
    let nonces = [make_nonce(&survivor, &LIVE, DAY).await, make_nonce(&survivor, &LIVE, DAY.plus_days(1)).await];
    world.prefix.wipe();
    // Asking for one day brings that back; looking after the store brings back all.
    assert_eq!(make_nonce(&survivor, &LIVE, DAY).await, nonces[0]);
    assert_eq!(restarted.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await, Ok(Some(nonces[0])));
    survivor.check().await.expect("it works");
    assert_eq!(make_nonce(&restarted, &LIVE, DAY.plus_days(1)).await, nonces[1]);
    world.prefix.wipe();
    restarted.sweep(NOW).await.expect("it works");
    for (day, nonce) in [(DAY, nonces[0]), (DAY.plus_days(1), nonces[1])] {
        assert_eq!(make_nonce(&world.open(), &LIVE, day).await, nonce, "whoever learned it keeps it for the others");
    }
}

#[tokio::test]
async fn what_another_process_made_first_after_a_wipe_wins() {
    let world = World::new();
    let (survivor, other) = (world.open(), world.open());
    let lost = make_nonce(&survivor, &LIVE, DAY).await;
    world.prefix.wipe();
    let made = make_nonce(&other, &LIVE, DAY).await;
    assert_ne!(made, lost);
    for store in [&survivor, &other, &world.open()] {
        assert_eq!(make_nonce(store, &LIVE, DAY).await, made);
    }
    survivor.check().await.expect("it works");
    assert_eq!(make_nonce(&survivor, &LIVE, DAY).await, made);
}

#[tokio::test]
async fn a_process_without_a_copy_gives_the_others_time_to_bring_theirs_back() {
    let world = World::new();
    let survivor = world.open();
    let nonce = make_nonce(&survivor, &LIVE, DAY).await;
    let import = open_import(&survivor, "log-1", DESTROY_AT).await;
    let of_import = make_nonce(&survivor, &import, DAY).await;
    world.prefix.wipe();
    let patient = world.open_with(RedisEphemeralOptions { wipe_grace: Duration::from_secs(2) });
    let key = ImportKey { project: ProjectId(7), import: "log-1".parse().expect("a valid id") };
    let running = RunningImport { include_bots: true, create_time: NOW, expire_time: DESTROY_AT };
    let asked = AtomicBool::new(false);
    let late = async {
        patient.check().await.expect("it works");
        asked.store(true, Ordering::SeqCst);
        let (live, opened) = tokio::join!(make_nonce(&patient, &LIVE, DAY), patient.open_import(&key, running));
        (live, opened)
    };
    let watch = async {
        while !asked.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        survivor.check().await.expect("it works");
    };
    let ((live, opened), ()) = tokio::join!(late, watch);
    assert_eq!(live, nonce);
    let (import_running, runs) = opened.expect("it works");
    assert!(runs && !import_running.include_bots, "it is the one that ran before");
    assert_eq!(make_nonce(&patient, &import, DAY).await, of_import);
}

#[tokio::test]
async fn a_running_import_survives_a_wipe_and_a_finished_one_does_not() {
    let world = World::new();
    let (store, other) = (world.open(), world.open());
    let key = |id: &str| ImportKey { project: ProjectId(7), import: id.parse().expect("a valid id") };
    let days = [DAY, DAY.plus_days(1)];
    let running = open_import(&store, "log-running", Millis(NOW.0 + DAY_MS)).await;
    let finished = open_import(&store, "log-finished", DESTROY_AT).await;
    let mut nonces = Vec::new();
    for day in days {
        nonces.push(make_nonce(&store, &running, day).await);
        make_nonce(&store, &finished, day).await;
    }
    store.touch_import(&key("log-running"), DESTROY_AT).await.expect("it runs");
    other.close_import(&key("log-finished")).await.expect("it works");
    store.sweep(NOW).await.expect("it works");

    world.prefix.wipe();
    // By whatever call comes first.
    assert_eq!(assign(&store, &running, &[probe(&days, 1, NOW)]).await, [1]);
    for (day, nonce) in days.into_iter().zip(&nonces) {
        assert_eq!(other.nonce(&running, day, NoncePolicy::OnlyExisting).await, Ok(Some(*nonce)));
    }
    world.prefix.wipe();
    assert_eq!(
        store.touch_import(&key("log-running"), DESTROY_AT).await.map(|import| import.expire_time),
        Ok(DESTROY_AT)
    );
    let gone = store.nonce(&finished, DAY, CREATE).await;
    assert_eq!(gone, Err(EphemeralError::ImportNotRunning(key("log-finished"))));

    store.close_import(&key("log-running")).await.expect("it works");
    world.prefix.wipe();
    store.check().await.expect("it works");
    let ended = store.assign_visitor_days(&running, &[probe(&days, 1, NOW)], TIMEOUT).await;
    assert_eq!(ended, Err(EphemeralError::ImportNotRunning(key("log-running"))));
}

#[tokio::test]
async fn a_copy_is_given_no_longer_than_the_store_gives_it() {
    let world = World::new();
    let store = world.open();
    let import = open_import(&store, "log-1", DESTROY_AT).await;
    make_nonce(&store, &LIVE, DAY).await;
    make_nonce(&store, &import, DAY).await;
    for wiped in [false, true] {
        if wiped {
            world.prefix.wipe();
        }
        world.clock.set(DESTROY_AT.to_micros());
        for _ in ["before it was swept", "after"] {
            for policy in [CREATE, NoncePolicy::OnlyExisting] {
                assert_eq!(store.nonce(&LIVE, DAY, policy).await, Ok(None));
                store.nonce(&import, DAY, policy).await.expect_err("it has expired");
            }
            store.sweep(DESTROY_AT).await.expect("it works");
        }
        store.check().await.expect("it works");
        let kept: Vec<String> = world.prefix.keys().into_iter().filter(|key| !key.ends_with(":epoch")).collect();
        assert_eq!(kept, [""; 0]);
        // Also when the clock goes back: what was swept is gone.
        world.clock.set(NOW.to_micros());
        assert_eq!(store.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await, Ok(None));
    }
}

#[tokio::test]
async fn sessions_within_a_day_go_on_after_a_wipe() {
    let world = World::new();
    let store = world.open();
    make_nonce(&store, &LIVE, DAY).await;
    assign(&store, &LIVE, &[probe(&[DAY], 1, NOW)]).await;
    world.prefix.wipe();
    make_nonce(&store, &LIVE, DAY).await;
    assert_eq!(assign(&store, &LIVE, &[probe(&[DAY.plus_days(-1), DAY], 1, Millis(NOW.0 + 1_000))]).await, [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn salts_survive_the_restart_of_their_server_under_load() {
    let mut redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(NOW.to_micros()));
    let open = || RedisEphemeralStore::new(server(&redis.url()).shared(), "test", AT_ONCE, clock.clone());
    let stores: Vec<_> = (0..3).map(|_| open()).collect();
    let mut nonces = Vec::new();
    for store in &stores {
        for project in 0..20 {
            let scope = SaltScope::Live(ProjectId(project));
            nonces.push(make_nonce(store, &scope, DAY).await);
        }
    }
    assert!(nonces.chunks(20).all(|of_store| of_store == &nonces[..20]), "all agree");
    redis.restart();
    let ask = async |store: &RedisEphemeralStore, project: i64, day: Day| loop {
        if let Ok(nonce) = store.nonce(&SaltScope::Live(ProjectId(project)), day, CREATE).await {
            return nonce.expect("its time is not over");
        }
        tokio::task::yield_now().await;
    };
    soon(async {
        for project in 0..20 {
            let asked = stores.iter().map(|store| ask(store, project, DAY));
            let answers = futures::future::join_all(asked).await;
            assert!(answers.iter().all(|nonce| *nonce == nonces[project as usize]), "project {project}");
        }
    })
    .await;
}

#[async_trait]
impl CollectorsFixture for World {
    async fn collector(&self) -> Arc<dyn EphemeralStore> {
        Arc::new(self.open())
    }

    async fn wipe(&self) -> Wipe {
        self.prefix.wipe();
        Wipe::Wiped
    }
}

#[test]
fn nonces_follow_the_calendar_for_every_collector() {
    let make = async |clock: Arc<ManualClock>| World { prefix: FreshPrefix::on(ephemeral_redis_url()), clock };
    ephemeral_store::nonces_follow_the_calendar_for_every_collector(make, 4);
}
