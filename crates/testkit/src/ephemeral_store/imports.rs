use std::sync::Arc;

use analytics_domain::{
    ManualClock, Millis,
    ports::{EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope},
};

use super::{
    DAY, DAY_MS, EphemeralFixture, LIVE, MINUTE_MS, TIMEOUT, assign, at, clock, destroy_at, import_key, make_nonce,
    probe, set,
};

fn running_import() -> RunningImport {
    RunningImport { include_bots: false, create_time: at(0), expire_time: at(DAY_MS) }
}

async fn open(store: &dyn EphemeralStore, id: &str) -> (ImportKey, SaltScope) {
    let key = import_key(id);
    let opened = store.open_import(&key, running_import()).await;
    assert_eq!(opened, Ok((running_import(), false)));
    (key.clone(), SaltScope::Import(key))
}

async fn assert_not_running(store: &dyn EphemeralStore, key: &ImportKey) {
    let not_running = EphemeralError::ImportNotRunning(key.clone());
    let scope = SaltScope::Import(key.clone());
    for policy in [NoncePolicy::OnlyExisting, NoncePolicy::CreateUntil(destroy_at(DAY))] {
        assert_eq!(store.nonce(&scope, DAY, policy).await, Err(not_running.clone()));
    }
    let assigned = store.assign_visitor_days(&scope, &[probe(1, at(0))], TIMEOUT).await;
    assert_eq!(assigned, Err(not_running.clone()));
    assert_eq!(store.touch_import(key, at(2 * DAY_MS)).await, Err(not_running));
}

/// Opening an import that runs gives the one that runs, as it was opened and last touched.
pub async fn an_import_is_opened_once<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    assert_not_running(&*store, &import_key("log-1")).await;
    let (key, _) = open(&*store, "log-1").await;
    let touched = RunningImport { expire_time: at(DAY_MS + 5), ..running_import() };
    assert_eq!(store.touch_import(&key, touched.expire_time).await, Ok(touched));
    let other = RunningImport { include_bots: true, create_time: at(1), expire_time: at(9 * DAY_MS) };
    assert_eq!(fixture.store().await.open_import(&key, other).await, Ok((touched, true)));
}

/// An import that nobody touched ends at its time, swept or not. Its days are as old as its log: only its end destroys its nonces.
pub async fn an_import_expires_by_the_clock<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let clock = clock();
    let fixture = make(Arc::clone(&clock)).await;
    let store = fixture.store().await;
    let (key, scope) = open(&*store, "log-1").await;
    let long_ago = DAY.plus_days(-3000);
    let nonce = make_nonce(&*store, &scope, long_ago).await;
    store.touch_import(&key, at(5 * DAY_MS)).await.expect("it runs");

    set(&clock, at(5 * DAY_MS - 1));
    store.sweep(at(5 * DAY_MS - 1)).await.expect("the store works");
    assert_eq!(make_nonce(&*store, &scope, long_ago).await, nonce, "its last millisecond");
    set(&clock, at(5 * DAY_MS));
    assert_not_running(&*store, &key).await;
    store.sweep(at(5 * DAY_MS)).await.expect("the store works");
    assert_not_running(&*store, &key).await;

    // Opened again, with and without a sweep in between, it starts from nothing.
    let mut nonces = vec![nonce];
    for days in [6, 7] {
        let again = RunningImport { expire_time: at(days * DAY_MS), ..running_import() };
        assert_eq!(store.open_import(&key, again).await, Ok((again, false)));
        let nonce = make_nonce(&*store, &scope, long_ago).await;
        assert!(!nonces.contains(&nonce));
        nonces.push(nonce);
        set(&clock, at(days * DAY_MS));
    }
}

/// Finishing an import destroys what is its own. Finishing it again, as a client does that got no answer, changes nothing.
pub async fn a_finished_import_is_destroyed_and_others_are_not<E: EphemeralFixture>(
    make: impl AsyncFn(Arc<ManualClock>) -> E,
) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    let (finished, scope) = open(&*store, "log-1").await;
    let (_, other) = open(&*store, "log-2").await;
    let nonce = make_nonce(&*store, &scope, DAY).await;
    let kept = [make_nonce(&*store, &other, DAY).await, make_nonce(&*store, &LIVE, DAY).await];
    let before = probe(1, at(DAY_MS - MINUTE_MS));
    let after = probe(1, at(DAY_MS + MINUTE_MS));
    for scope in [&scope, &other, &LIVE] {
        assert_eq!(assign(&*store, scope, std::slice::from_ref(&before)).await, [1]);
    }
    for _ in 0..2 {
        store.close_import(&finished).await.expect("finishing twice is no failure");
        assert_not_running(&*store, &finished).await;
    }
    for (scope, nonce) in [&other, &LIVE].into_iter().zip(kept) {
        assert_eq!(store.nonce(scope, DAY, NoncePolicy::OnlyExisting).await, Ok(Some(nonce)));
        assert_eq!(assign(&*store, scope, std::slice::from_ref(&after)).await, [0]);
    }
    let (_, scope) = open(&*store, "log-1").await;
    assert_ne!(make_nonce(&*store, &scope, DAY).await, nonce);
    assert_eq!(assign(&*store, &scope, &[after]).await, [1], "its sessions are gone");
}

/// The same visitor hash on the same day in two imports and in live events: three people.
pub async fn imports_and_live_events_share_nothing<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    let (_, first) = open(&*store, "log-1").await;
    let (_, second) = open(&*store, "log-2").await;
    let nonces = [
        make_nonce(&*store, &first, DAY).await,
        make_nonce(&*store, &second, DAY).await,
        make_nonce(&*store, &LIVE, DAY).await,
    ];
    assert!(nonces[0] != nonces[1] && nonces[1] != nonces[2] && nonces[2] != nonces[0]);
    assert_eq!(assign(&*store, &first, &[probe(1, at(DAY_MS - MINUTE_MS))]).await, [1]);
    let after = [probe(1, at(DAY_MS + MINUTE_MS))];
    assert_eq!(assign(&*store, &second, &after).await, [1]);
    assert_eq!(assign(&*store, &LIVE, &after).await, [1]);
    assert_eq!(assign(&*store, &first, &after).await, [0]);
    let past = NoncePolicy::CreateUntil(Millis(0));
    assert_eq!(store.nonce(&first, DAY, past).await, Ok(Some(nonces[0])), "an import's nonce has no time of its own");
}
