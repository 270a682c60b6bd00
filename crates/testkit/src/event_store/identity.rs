//! Each identity once.

use analytics_domain::{Event, Micros};

use super::{Duplicate, OTHER_PROJECT, PROJECT, Store, Stored, commit, read_events};
use crate::sample::{DAY, entry, event, event_on, events};

/// Whatever the later copy says, its day included.
pub async fn an_identity_is_stored_once_and_the_first_copy_stays(store: &Store) {
    commit(store, &[entry(1, PROJECT, vec![event(1)])]).await;
    let next = DAY.plus_days(1);
    let copy = Event { name: "another".to_owned(), visitor_day: next, time: event_on(next, 1).time, ..event(1) };
    let repeated = commit(store, &[entry(2, PROJECT, vec![copy])]).await;
    assert_eq!(repeated.outcomes, [[Duplicate]]);
    assert_eq!(read_events(store, PROJECT, DAY).await, [event(1)]);
    assert_eq!(store.day(PROJECT, next).await, Ok(None));
}

/// To the microsecond.
pub async fn the_same_id_at_another_time_is_another_event(store: &Store) {
    let later = Event { occurred_at: Micros(event(1).occurred_at.0 + 1), ..event(1) };
    let done = commit(store, &[entry(1, PROJECT, vec![event(1), later.clone()])]).await;
    assert_eq!(done.outcomes, [[Stored, Stored]]);
    assert_eq!(read_events(store, PROJECT, DAY).await, [event(1), later]);
}

/// Not even with the same entry id.
pub async fn projects_do_not_share_identities(store: &Store) {
    for project in [PROJECT, OTHER_PROJECT] {
        let done = commit(store, &[entry(1, project, vec![event(1)])]).await;
        assert_eq!(done.outcomes, [[Stored]]);
    }
    assert_eq!(read_events(store, OTHER_PROJECT, DAY).await, [event(1)]);
}

/// In its place.
pub async fn of_copies_in_one_entry_the_first_is_stored(store: &Store) {
    let copy = Event { name: "another".to_owned(), ..event(1) };
    let done = commit(store, &[entry(1, PROJECT, vec![event(1), event(2), copy, event(2)])]).await;
    assert_eq!(done.outcomes, [[Stored, Stored, Duplicate, Duplicate]]);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1, 2]));
}

/// In the order of the entries.
pub async fn of_copies_in_two_entries_of_a_commit_the_first_is_stored(store: &Store) {
    let copy = Event { name: "another".to_owned(), ..event(1) };
    let entries = [entry(2, PROJECT, vec![event(1)]), entry(1, PROJECT, vec![copy, event(2)])];
    let done = commit(store, &entries).await;
    assert_eq!(done.outcomes, [vec![Stored], vec![Duplicate, Stored]]);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1, 2]));
}

/// Alone or beside others, in whatever order: what an entry stored it says again, and copies stay copies.
pub async fn a_redelivered_entry_gets_the_same_outcomes(store: &Store) {
    let first = entry(1, PROJECT, events([1, 1, 2]));
    let second = entry(2, PROJECT, events([2, 3, 3]));
    let outcomes = [vec![Stored, Duplicate, Stored], vec![Duplicate, Stored, Duplicate]];
    assert_eq!(commit(store, &[first.clone(), second.clone()]).await.outcomes, outcomes);
    assert_eq!(commit(store, &[first.clone(), second.clone()]).await.outcomes, outcomes);
    assert_eq!(commit(store, std::slice::from_ref(&first)).await.outcomes, outcomes[..1]);
    assert_eq!(commit(store, std::slice::from_ref(&second)).await.outcomes, outcomes[1..]);
    let [of_first, of_second] = outcomes;
    assert_eq!(commit(store, &[second, first]).await.outcomes, [of_second, of_first]);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1, 2, 3]));
}

/// As when a delivery is repeated before the first one was acknowledged.
pub async fn an_entry_delivered_twice_in_one_commit_gets_the_same_outcomes_twice(store: &Store) {
    let twice = [entry(1, PROJECT, events([1, 1, 2])), entry(1, PROJECT, events([1, 1, 2]))];
    let outcomes = vec![Stored, Duplicate, Stored];
    assert_eq!(commit(store, &twice).await.outcomes, [outcomes.clone(), outcomes]);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1, 2]));
}

/// The version rises for the new ones only.
pub async fn a_redelivery_stores_what_is_new_beside_it(store: &Store) {
    let old = entry(1, PROJECT, events([1, 2]));
    commit(store, std::slice::from_ref(&old)).await;
    let next = DAY.plus_days(1);
    let new = entry(2, PROJECT, vec![event(2), event_on(next, 3)]);
    let done = commit(store, &[old, new]).await;
    assert_eq!(done.outcomes, [[Stored, Stored], [Duplicate, Stored]]);
    assert_eq!(done.days.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [next]);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1, 2]));
}

/// A store may work in chunks; nobody must notice.
pub async fn duplicates_anywhere_in_a_large_commit_are_found(store: &Store) {
    const COUNT: u32 = 2_777;
    let is_old = |number: &u32| number % 7 == 3 || number.is_multiple_of(512) || number % 512 == 511;
    commit(store, &[entry(1, PROJECT, events((0..COUNT).filter(is_old)))]).await;
    let done = commit(store, &[entry(2, PROJECT, events(0..COUNT))]).await;
    let expected: Vec<_> = (0..COUNT).map(|number| if is_old(&number) { Duplicate } else { Stored }).collect();
    assert_eq!(done.outcomes, [expected]);
    let mut read = read_events(store, PROJECT, DAY).await;
    read.sort_by_key(|event| event.occurred_at);
    assert_eq!(read, events(0..COUNT));
}
