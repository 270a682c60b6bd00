use std::{collections::HashSet, sync::Arc};

use analytics_domain::{
    Day, ManualClock, Millis, ProjectId,
    ports::{NoncePolicy, SaltScope, VisitorDayNonce},
};
use tokio::task::JoinSet;

use super::{DAY, DAY_MS, EphemeralFixture, LIVE, MINUTE_MS, assign, at, clock, destroy_at, make_nonce, probe, set};

/// Many callers of several handles make a day's nonce at once: all get the same. Other days and projects have others.
pub async fn the_first_nonce_wins_for_every_caller<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let fixture = make(clock()).await;
    let none = fixture.store().await.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await;
    assert_eq!(none, Ok(None), "asking makes none");

    let mut callers = JoinSet::new();
    for _ in 0..2 {
        let store = fixture.store().await;
        for _ in 0..25 {
            let store = Arc::clone(&store);
            callers.spawn(async move { make_nonce(&*store, &LIVE, DAY).await.0 });
        }
    }
    let nonces: HashSet<[u8; 32]> = callers.join_all().await.into_iter().collect();
    assert_eq!(nonces.len(), 1);

    let store = fixture.store().await;
    let first = make_nonce(&*store, &LIVE, DAY).await;
    assert_eq!(store.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await, Ok(Some(first)));
    let others = [
        make_nonce(&*store, &LIVE, DAY.plus_days(1)).await,
        make_nonce(&*store, &SaltScope::Live(ProjectId(12)), DAY).await,
    ];
    assert!(!others.contains(&first) && others[0] != others[1] && first != VisitorDayNonce([0; 32]));
}

/// From its instant on a nonce is out of use, swept or not, and no late event brings it back; its sessions go with it.
pub async fn a_nonce_is_destroyed_at_its_instant_with_its_sessions<E: EphemeralFixture>(
    make: impl AsyncFn(Arc<ManualClock>) -> E,
) {
    let clock = clock();
    let fixture = make(Arc::clone(&clock)).await;
    let store = fixture.store().await;
    let nonce = make_nonce(&*store, &LIVE, DAY).await;
    let end = destroy_at(DAY);
    let before_midnight = probe(1, at(DAY_MS - MINUTE_MS));
    let after_midnight = probe(1, at(DAY_MS + MINUTE_MS));
    assert_eq!(assign(&*store, &LIVE, &[before_midnight, after_midnight.clone()]).await, [1, 0]);

    let create = NoncePolicy::CreateUntil(end);
    set(&clock, Millis(end.0 - 1));
    assert_eq!(store.nonce(&LIVE, DAY, create).await, Ok(Some(nonce)), "its last millisecond");
    set(&clock, end);
    for _ in ["before it was swept", "after"] {
        assert_eq!(store.nonce(&LIVE, DAY, create).await, Ok(None));
        assert_eq!(store.nonce(&LIVE, DAY, NoncePolicy::OnlyExisting).await, Ok(None));
        assert_eq!(assign(&*store, &LIVE, std::slice::from_ref(&after_midnight)).await, [1], "its session is gone");
        store.sweep(end).await.expect("the store works");
    }
    // A caller with another policy gets a new one, which knows nothing of the old.
    let later = NoncePolicy::CreateUntil(Millis(end.0 + 1));
    let other = store.nonce(&LIVE, DAY, later).await.expect("the store works").expect("its time is not over");
    assert_ne!(other, nonce);
    assert_eq!(assign(&*store, &LIVE, &[after_midnight]).await, [1]);
}

/// Sweeping takes what is due and nothing else.
pub async fn a_sweep_destroys_nothing_early<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let clock = clock();
    let fixture = make(Arc::clone(&clock)).await;
    let store = fixture.store().await;
    let days: [Day; 3] = [DAY, DAY.plus_days(1), DAY.plus_days(2)];
    let mut nonces = Vec::new();
    for day in days {
        nonces.push(Some(make_nonce(&*store, &LIVE, day).await));
    }
    for (destroyed, day) in days.into_iter().enumerate() {
        for now in [Millis(destroy_at(day).0 - 1), destroy_at(day)] {
            set(&clock, now);
            store.sweep(now).await.expect("the store works");
            let gone = destroyed + usize::from(now == destroy_at(day));
            for (index, day) in days.into_iter().enumerate() {
                let expected = if index < gone { None } else { nonces[index] };
                assert_eq!(store.nonce(&LIVE, day, NoncePolicy::OnlyExisting).await, Ok(expected));
            }
        }
    }
}
