//! Several callers at once, and callers that go away.

use std::sync::Arc;

use analytics_domain::{Event, ports::EventOutcome};

use super::{BEGINNING, END, PROJECT, Store, commit, read, read_events};
use crate::sample::{DAY, entry, event, events};

/// Whoever comes first.
pub async fn commits_at_the_same_time_store_each_identity_once(store: &Store) {
    let tasks: Vec<_> = (0..8)
        .map(|id| {
            let store = Arc::clone(store);
            // All share their identities, and each begins elsewhere.
            let numbers = (0..200_u32).map(move |number| (number + id * 25) % 200);
            let entries = [entry(i64::from(id), PROJECT, events(numbers))];
            tokio::spawn(async move { store.commit(PROJECT, &entries).await })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        let done = task.await.expect("the task ends").expect("the store works");
        stored += done.outcomes[0].iter().filter(|outcome| **outcome == EventOutcome::Stored).count();
    }
    assert_eq!(stored, 200);
    let mut read = read_events(store, PROJECT, DAY).await;
    read.sort_by_key(|event| event.occurred_at);
    assert_eq!(read, events(0..200));
}

/// The state of the day and its rows agree at any moment, and pages miss nothing that their version has.
pub async fn a_reader_sees_whole_commits_only(store: &Store) {
    const COMMITS: u32 = 60;
    const EVENTS: u32 = 50;
    let writer = {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for id in 0..COMMITS {
                commit(&store, &[entry(i64::from(id), PROJECT, events(id * EVENTS..(id + 1) * EVENTS))]).await;
            }
        })
    };
    let mut seen = 0;
    while seen < i64::from(COMMITS * EVENTS) {
        let Some(state) = store.day(PROJECT, DAY).await.expect("the store works") else { continue };
        assert!(state.event_count >= seen && state.event_count % i64::from(EVENTS) == 0, "{state:?} after {seen}");
        assert_eq!(state.max_time, event(state.event_count as u32 - 1).time);
        let mut after = BEGINNING;
        let mut paged: Vec<Event> = Vec::new();
        loop {
            let page = store.read_day(PROJECT, DAY, after, state.version, 333).await.expect("the store works");
            let Some(last) = page.last() else { break };
            after = last.position;
            paged.extend(page.into_iter().map(|stored| stored.event));
            assert!(paged.len() as i64 <= state.event_count, "pages repeat events or go past their version");
        }
        assert_eq!(paged, events(0..state.event_count as u32));
        seen = state.event_count;
    }
    writer.await.expect("the writer ends");
}

/// However far it got; and the next commit works.
pub async fn an_abandoned_commit_is_stored_whole_or_not_at_all(store: &Store) {
    const EVENTS: u32 = 700;
    let mut abandoned = 0;
    for round in 0..40_u32 {
        let entries = [entry(i64::from(round), PROJECT, events(round * EVENTS..(round + 1) * EVENTS))];
        tokio::select! {
            biased;
            done = store.commit(PROJECT, &entries) => { done.expect("the store works"); }
            () = wait_for_turns(round * round) => abandoned += 1,
        }
        let next = [entry(1_000 + i64::from(round), PROJECT, vec![event(1_000_000 + round)])];
        commit(store, &next).await;
    }
    assert!(abandoned > 0, "no commit was abandoned, so nothing was tried");
    let mut sizes = std::collections::BTreeMap::<_, u32>::new();
    for stored in store.read_day(PROJECT, DAY, BEGINNING, END, 1_000_000).await.expect("the store works") {
        *sizes.entry(stored.position.version).or_default() += 1;
    }
    assert!(sizes.values().all(|size| *size == 1 || *size == EVENTS), "{sizes:?}");
    assert!(sizes.keys().map(|version| version.0).eq(1..=sizes.len() as i64), "versions have no gap");
    let state = store.day(PROJECT, DAY).await.expect("the store works").expect("the day has events");
    assert_eq!(state.event_count, read(store, PROJECT, DAY).await.len() as i64);
}

async fn wait_for_turns(turns: u32) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}
