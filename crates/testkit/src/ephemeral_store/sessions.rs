use std::sync::Arc;

use analytics_domain::{
    ManualClock,
    ports::{NoncePolicy, RunningImport, SaltScope, VisitorProbe},
};

use super::{DAY, DAY_MS, EphemeralFixture, LIVE, MINUTE_MS, assign, at, clock, import_key, make_nonce, probe};

/// A gap of exactly the timeout continues the session of the day before, one millisecond more does not.
pub async fn a_session_goes_on_across_midnight_until_the_timeout<E: EphemeralFixture>(
    make: impl AsyncFn(Arc<ManualClock>) -> E,
) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    make_nonce(&*store, &LIVE, DAY).await;
    make_nonce(&*store, &LIVE, DAY.plus_days(1)).await;
    let last = DAY_MS - 10 * MINUTE_MS;
    assert_eq!(assign(&*store, &LIVE, &[probe(1, at(last)), probe(2, at(last))]).await, [1, 1]);
    let in_time = probe(1, at(last + 30 * MINUTE_MS));
    let too_late = probe(2, at(last + 30 * MINUTE_MS + 1));
    let stranger = probe(3, at(last + 30 * MINUTE_MS));
    assert_eq!(assign(&*store, &LIVE, &[in_time, too_late, stranger]).await, [0, 1, 1]);
    // The continued session now ends later, the other person has a session of the new day.
    let next = last + 60 * MINUTE_MS;
    assert_eq!(assign(&*store, &LIVE, &[probe(1, at(next)), probe(2, at(next))]).await, [0, 1]);
}

/// However busy it is, a session ends 24 hours after its start.
pub async fn a_session_ends_after_24_hours<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    for days in 0..3 {
        make_nonce(&*store, &LIVE, DAY.plus_days(days)).await;
    }
    let start = 60 * MINUTE_MS;
    let busy: Vec<VisitorProbe> = (0..48).map(|half_hours| probe(1, at(start + half_hours * 30 * MINUTE_MS))).collect();
    let days = assign(&*store, &LIVE, &busy).await;
    // 46 half hours lie before midnight, the last two after it.
    assert_eq!((days[..46].to_vec(), days[46..].to_vec()), (vec![1; 46], vec![0; 2]));
    let ends = [probe(1, at(start + DAY_MS - 1)), probe(1, at(start + DAY_MS))];
    assert_eq!(assign(&*store, &LIVE, &ends).await, [0, 1]);
}

/// A client that got no answer sends its batch again: every event gets the day it had.
pub async fn a_repeated_batch_is_decided_the_same<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    make_nonce(&*store, &LIVE, DAY).await;
    make_nonce(&*store, &LIVE, DAY.plus_days(1)).await;
    let minutes = [-50, -30, -5, 10, 35, 80, 95];
    let batch: Vec<VisitorProbe> =
        minutes.into_iter().map(|minute| probe(1, at(DAY_MS + minute * MINUTE_MS))).collect();
    let decided = assign(&*store, &LIVE, &batch).await;
    assert_eq!(decided, [1, 1, 1, 0, 0, 1, 1], "the gap of 45 minutes ends the session of the day before");
    assert_eq!(assign(&*store, &LIVE, &batch).await, decided);
    assert_eq!(assign(&*store, &LIVE, &batch[2..5]).await, decided[2..5]);
}

/// Each event of a batch sees what the ones before it left, and people do not mix.
pub async fn a_batch_sees_its_own_events<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    make_nonce(&*store, &LIVE, DAY).await;
    make_nonce(&*store, &LIVE, DAY.plus_days(1)).await;
    let batch: Vec<VisitorProbe> = (0..1000)
        .flat_map(|person| {
            // Only people with an even number come before midnight.
            let before = (person % 2 == 0).then(|| probe(person, at(DAY_MS - MINUTE_MS)));
            before.into_iter().chain([probe(person, at(DAY_MS + MINUTE_MS))])
        })
        .collect();
    let expected: Vec<usize> =
        (0..1000).flat_map(|person| if person % 2 == 0 { vec![1, 0] } else { vec![1] }).collect();
    assert_eq!(assign(&*store, &LIVE, &batch).await, expected);
    assert_eq!(assign(&*store, &LIVE, &[]).await, [0; 0]);
}

/// Without a nonce nobody could have been hashed for the day, and nothing would say when to forget: no session is kept.
pub async fn a_day_without_a_nonce_keeps_no_sessions<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let store = fixture.store().await;
    let batch = [probe(1, at(DAY_MS - MINUTE_MS)), probe(1, at(DAY_MS + MINUTE_MS))];
    assert_eq!(assign(&*store, &LIVE, &batch).await, [1, 1]);
    make_nonce(&*store, &LIVE, DAY).await;
    assert_eq!(assign(&*store, &LIVE, &batch[1..]).await, [1]);
    assert_eq!(assign(&*store, &LIVE, &batch).await, [1, 0]);
}

/// A killed process leaves everything that it had answered for.
pub async fn everything_survives_the_process<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let key = import_key("log-1");
    let import = RunningImport { include_bots: true, create_time: at(0), expire_time: at(DAY_MS) };
    let scopes = [LIVE, SaltScope::Import(key.clone())];
    let mut nonces = Vec::new();
    {
        let store = fixture.store().await;
        store.open_import(&key, RunningImport { expire_time: at(MINUTE_MS), ..import }).await.expect("the store works");
        store.touch_import(&key, import.expire_time).await.expect("it runs");
        for scope in &scopes {
            nonces.push(make_nonce(&*store, scope, DAY).await);
            assert_eq!(assign(&*store, scope, &[probe(1, at(DAY_MS - MINUTE_MS))]).await, [1]);
        }
    }
    for _ in 0..2 {
        fixture.kill().await;
        let store = fixture.store().await;
        for (scope, nonce) in scopes.iter().zip(&nonces) {
            assert_eq!(store.nonce(scope, DAY, NoncePolicy::OnlyExisting).await, Ok(Some(*nonce)));
            assert_eq!(assign(&*store, scope, &[probe(1, at(DAY_MS + MINUTE_MS))]).await, [0]);
        }
        assert_eq!(store.open_import(&key, RunningImport { include_bots: false, ..import }).await, Ok((import, true)));
    }
}
