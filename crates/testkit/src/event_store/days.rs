//! The state of days.

use analytics_domain::{Day, Event, Generation, Interval, Millis, Version};

use super::{OTHER_PROJECT, PROJECT, Store, commit, read_events};
use crate::sample::{DAY, entry, event, event_on, events};

const ALWAYS: Interval = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };

/// However many entries and events the commit has.
pub async fn a_version_rises_once_for_each_day_that_gets_events(store: &Store) {
    let next = DAY.plus_days(1);
    let first =
        commit(store, &[entry(1, PROJECT, vec![event_on(next, 1), event(2)]), entry(2, PROJECT, events([3, 4]))]).await;
    let (version, next_version) = (first.days[0].1, first.days[1].1);
    assert_eq!(first.days, [(DAY, version), (next, next_version)], "days ascend");
    let second = commit(store, &[entry(3, PROJECT, events([2, 5]))]).await;
    assert_eq!(second.days, [(DAY, Version(version.0 + 1))]);
    let state = store.day(PROJECT, DAY).await.expect("the store works").expect("the day has events");
    assert_eq!(state.version, Version(version.0 + 1));
    let state = store.day(PROJECT, next).await.expect("the store works").expect("the day has events");
    assert_eq!(state.version, next_version);
}

/// Only copies, or no event at all.
pub async fn a_commit_without_news_changes_nothing(store: &Store) {
    commit(store, &[entry(1, PROJECT, events([1]))]).await;
    let before = store.days(PROJECT, ALWAYS).await;
    assert_eq!(commit(store, &[entry(2, PROJECT, events([1, 1]))]).await.days, []);
    let nothing = store.commit(PROJECT, &[]).await.expect("the store works");
    assert_eq!((nothing.outcomes, nothing.days), (vec![], vec![]));
    assert_eq!(store.days(PROJECT, ALWAYS).await, before);
}

/// Those of later commits, and times outside of the calendar day; not those of copies.
pub async fn the_state_of_a_day_covers_all_its_events(store: &Store) {
    let after_midnight = Event { visitor_day: DAY, ..event_on(DAY.plus_days(1), 5) };
    let state = async || store.day(PROJECT, DAY).await.expect("the store works").expect("the day has events");
    commit(store, &[entry(1, PROJECT, events([20, 10, 30]))]).await;
    let first = state().await;
    assert_eq!((first.min_time, first.max_time, first.event_count), (event(10).time, event(30).time, 3));
    commit(store, &[entry(2, PROJECT, vec![event(15), after_midnight.clone(), event(10)])]).await;
    let second = state().await;
    assert_eq!((second.min_time, second.max_time, second.event_count), (event(10).time, after_midnight.time, 5));
    let early_copy = Event { time: Millis(0), ..event(20) };
    commit(store, &[entry(3, PROJECT, vec![event(2), early_copy])]).await;
    let third = state().await;
    assert_eq!((third.min_time, third.max_time, third.event_count), (event(2).time, after_midnight.time, 6));
    assert_eq!(third.generation, first.generation);
}

/// Half-open, and by the times of events rather than by the calendar.
pub async fn a_range_finds_the_days_whose_times_it_touches(store: &Store) {
    let next = DAY.plus_days(1);
    let over_midnight = Event { visitor_day: DAY, ..event_on(next, 100) };
    commit(store, &[entry(1, PROJECT, vec![event_on(next, 50), event_on(next, 900), event(10), over_midnight])]).await;
    commit(store, &[entry(2, OTHER_PROJECT, events([1]))]).await;
    let found = async |start: Millis, end: Millis| -> Vec<Day> {
        let days = store.days(PROJECT, Interval { start, end }).await.expect("the store works");
        days.into_iter().map(|state| state.day).collect()
    };
    let at = |day: Day, number: u32| event_on(day, number).time;
    assert_eq!(found(ALWAYS.start, ALWAYS.end).await, [DAY, next], "days ascend");
    assert_eq!(found(ALWAYS.start, at(DAY, 10)).await, [], "the end is excluded");
    assert_eq!(found(ALWAYS.start, Millis(at(DAY, 10).0 + 1)).await, [DAY]);
    assert_eq!(found(at(DAY, 11), at(next, 50)).await, [DAY]);
    assert_eq!(found(at(next, 100), at(next, 101)).await, [DAY, next], "the start is included");
    assert_eq!(found(at(next, 101), at(next, 102)).await, [next]);
    assert_eq!(found(Millis(at(next, 900).0 + 1), ALWAYS.end).await, []);
}

/// Neither versions, nor events, nor other days; a day without events has none.
pub async fn a_raised_generation_changes_nothing_else(store: &Store) {
    let next = DAY.plus_days(1);
    commit(store, &[entry(1, PROJECT, vec![event(1), event_on(next, 2)])]).await;
    commit(store, &[entry(2, OTHER_PROJECT, events([1]))]).await;
    let before = store.days(PROJECT, ALWAYS).await.expect("the store works");
    let others = store.days(OTHER_PROJECT, ALWAYS).await;
    store.raise_generation(PROJECT, DAY).await.expect("the store works");
    store.raise_generation(PROJECT, DAY.plus_days(9)).await.expect("the store works");

    let mut expected = before.clone();
    expected[0].generation = Generation(before[0].generation.0 + 1);
    assert_eq!(store.days(PROJECT, ALWAYS).await.as_ref(), Ok(&expected));
    assert_eq!(store.days(OTHER_PROJECT, ALWAYS).await, others);
    assert_eq!(read_events(store, PROJECT, DAY).await, events([1]));
    assert_eq!(store.day(PROJECT, DAY.plus_days(9)).await, Ok(None));

    commit(store, &[entry(3, PROJECT, events([3]))]).await;
    let state = store.day(PROJECT, DAY).await.expect("the store works").expect("the day has events");
    assert_eq!(state.generation, expected[0].generation, "a commit keeps the generation");
}
