//! Events by their id.

use analytics_domain::{Event, EventId, Micros};

use super::{OTHER_PROJECT, PROJECT, Store, commit, read};
use crate::sample::{DAY, entry, event, event_on, full_event};

/// All that claim to have happened in the range, with their positions, whatever their days.
pub async fn events_are_found_by_their_id(store: &Store) {
    let at = |micros: i64, day| Event { occurred_at: Micros(micros), visitor_day: day, ..full_event(1) };
    let copies = [at(1_000, DAY), at(2_000, DAY.plus_days(1)), at(3_000, DAY)];
    commit(store, &[entry(1, PROJECT, vec![event(2), copies[2].clone(), copies[0].clone()])]).await;
    commit(store, &[entry(2, PROJECT, vec![copies[1].clone(), event_on(DAY, 3)])]).await;
    commit(store, &[entry(3, OTHER_PROJECT, vec![at(1_500, DAY)])]).await;

    let id = full_event(1).event_id;
    let found = async |start: i64, end: i64| -> Vec<Event> {
        let found = store.events_of_id(PROJECT, id, Micros(start)..Micros(end)).await.expect("the store works");
        found.into_iter().map(|stored| stored.event).collect()
    };
    assert_eq!(found(i64::MIN, i64::MAX).await, copies, "by time");
    assert_eq!(found(1_000, 3_000).await, copies[..2], "the start is included, the end is not");
    assert_eq!(found(1_001, 3_001).await, copies[1..]);
    assert_eq!(found(2_001, 3_000).await, []);
    assert_eq!(found(3_000, 1_000).await, []);
    let whole = store.events_of_id(PROJECT, id, Micros(3_000)..Micros(3_001)).await.expect("the store works");
    let of_day = read(store, PROJECT, DAY).await;
    assert_eq!(whole, of_day.into_iter().filter(|stored| stored.event == copies[2]).collect::<Vec<_>>());
    let other = EventId([9; 16]);
    assert_eq!(store.events_of_id(PROJECT, other, Micros(i64::MIN)..Micros(i64::MAX)).await, Ok(vec![]));
}

/// A sender that uses one id for everything does not fill anybody's memory.
pub async fn at_most_a_hundred_events_of_an_id_are_found(store: &Store) {
    let numbered = |number: i64| Event { occurred_at: Micros(number), ..event(1) };
    commit(store, &[entry(1, PROJECT, (0..150).map(numbered).collect())]).await;
    let found = store.events_of_id(PROJECT, event(1).event_id, Micros(0)..Micros(i64::MAX)).await;
    let found: Vec<Event> = found.expect("the store works").into_iter().map(|stored| stored.event).collect();
    assert_eq!(found, (0..100).map(numbered).collect::<Vec<_>>());
}
