//! Reading days.

use std::collections::BTreeMap;

use analytics_domain::{
    Channel, DeviceClass, Event, EventKind, Micros, Millis, ProjectId, PropertyValue, ScreenClass, Version,
    ports::{EventOutcome, EventPosition, StoreError},
};

use super::{BEGINNING, END, OTHER_PROJECT, PROJECT, Store, commit, read, read_events};
use crate::sample::{DAY, entry, event, event_on, events, full_event};

/// Every field survives, and numbers bit by bit.
pub async fn an_event_is_read_back_as_it_was_stored(store: &Store) {
    let stored = vec![event(1), full_event(2)];
    commit(store, &[entry(1, PROJECT, stored.clone())]).await;
    let read = read_events(store, PROJECT, DAY).await;
    assert_eq!(read, stored);
    let bits = |event: &Event| -> Vec<u64> {
        let numbers = event.properties.values().filter_map(|value| match value {
            PropertyValue::Number(number) => Some(number.to_bits()),
            PropertyValue::String(_) | PropertyValue::Bool(_) => None,
        });
        numbers.collect()
    };
    assert_eq!(bits(&read[1]), bits(&stored[1]), "numbers lost bits");
}

/// Kinds, devices, screen classes and channels.
pub async fn every_code_is_read_back(store: &Store) {
    let mut stored = Vec::new();
    for &kind in EventKind::ALL {
        for device in DeviceClass::ALL.iter().copied().map(Some).chain([None]) {
            for screen_class in ScreenClass::ALL.iter().copied().map(Some).chain([None]) {
                stored.push(Event { kind, device, screen_class, ..event(stored.len() as u32) });
            }
        }
    }
    for channel in Channel::ALL.iter().copied().map(Some).chain([None]) {
        stored.push(Event { channel, ..event(stored.len() as u32) });
    }
    commit(store, &[entry(1, PROJECT, stored.clone())]).await;
    assert_eq!(read_events(store, PROJECT, DAY).await, stored);
}

/// One by one: no field is read as its neighbour.
pub async fn each_field_is_read_back_alone(store: &Store) {
    type Set = fn(&mut Event, Option<String>);
    let sets: [Set; 15] = [
        |event, text| event.host = text,
        |event, text| event.page = text,
        |event, text| event.referrer = text,
        |event, text| event.utm_source = text,
        |event, text| event.utm_medium = text,
        |event, text| event.utm_campaign = text,
        |event, text| event.utm_term = text,
        |event, text| event.utm_content = text,
        |event, text| event.click_id = text,
        |event, text| event.country = text,
        |event, text| event.region = text,
        |event, text| event.city = text,
        |event, text| event.browser = text,
        |event, text| event.os = text,
        |event, text| event.language = text,
    ];
    let numbered = |(number, set): (usize, &Set)| {
        let mut event = event(number as u32);
        set(&mut event, Some(format!("text {number}")));
        event
    };
    let stored: Vec<Event> = sets.iter().enumerate().map(numbered).collect();
    commit(store, &[entry(1, PROJECT, stored.clone())]).await;
    assert_eq!(read_events(store, PROJECT, DAY).await, stored);
}

/// Texts and numbers that not every store can hold: kept as they are, or refused as that event's fault, with nothing changed.
pub async fn an_awkward_event_is_stored_as_it_is_or_refused(store: &Store) {
    let named = |name: &str| Event { name: name.to_owned(), ..event(1) };
    let with = |value: PropertyValue| Event { properties: BTreeMap::from([("p".to_owned(), value)]), ..event(1) };
    let awkward = [
        named("nothing\0hidden"),
        Event { city: Some("\0".to_owned()), ..event(1) },
        with(PropertyValue::String("a\0b".to_owned())),
        with(PropertyValue::Number(-0.0)),
        with(PropertyValue::Number(f64::NAN)),
        with(PropertyValue::Number(f64::NEG_INFINITY)),
        Event { occurred_at: Micros(i64::MIN), ..event(1) },
        Event { occurred_at: Micros(i64::MAX), ..event(1) },
        Event { time: Millis(i64::MIN), ..event(1) },
        Event { time: Millis(i64::MAX), ..event(1) },
    ];
    for (number, awkward) in (0..).zip(awkward) {
        let project = ProjectId(100 + number);
        let bits = |event: &Event| match event.properties.get("p") {
            Some(PropertyValue::Number(number)) => Some(number.to_bits()),
            _ => None,
        };
        match store.commit(project, &[entry(1, project, vec![event(2), awkward.clone(), event(3)])]).await {
            Ok(_) => {
                let read = read_events(store, project, DAY).await;
                assert_eq!(read, [event(2), awkward.clone(), event(3)]);
                assert_eq!(bits(&read[1]), bits(&awkward));
            }
            Err(error) => {
                assert!(matches!(&error, StoreError::Refused(_)), "{awkward:?}: {error}");
                assert!(!error.to_string().contains("hidden"), "{error}");
                assert_eq!(read_events(store, project, DAY).await, []);
                let others = store.commit(project, &[entry(1, project, events([2, 3]))]).await;
                assert_eq!(others.expect("the others are stored").outcomes, [[EventOutcome::Stored; 2]]);
            }
        }
    }
}

/// Not in the order of their times.
pub async fn a_day_is_read_in_the_order_of_commits(store: &Store) {
    commit(store, &[entry(1, PROJECT, events([9, 3])), entry(2, PROJECT, events([7]))]).await;
    commit(store, &[entry(3, PROJECT, events([1, 8]))]).await;
    let stored = read(store, PROJECT, DAY).await;
    assert!(stored.is_sorted_by(|earlier, later| earlier.position < later.position), "positions ascend strictly");
    let read: Vec<Event> = stored.into_iter().map(|stored| stored.event).collect();
    assert_eq!(read, events([9, 3, 7, 1, 8]));
}

/// Also when a page ends inside of a commit.
pub async fn pages_of_any_size_miss_nothing_and_repeat_nothing(store: &Store) {
    for id in 0..5 {
        commit(store, &[entry(i64::from(id), PROJECT, events(id * 3..id * 3 + 3))]).await;
    }
    for limit in [1, 2, 4, 7, 15, 16] {
        let mut after = BEGINNING_OF_TIME;
        let mut all = Vec::new();
        loop {
            let page = store.read_day(PROJECT, DAY, after, END, limit).await.expect("the store works");
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = last.position;
            all.extend(page.into_iter().map(|stored| stored.event));
            assert!(all.len() <= 15, "pages of {limit} repeat events");
        }
        assert_eq!(all, events(0..15), "in pages of {limit}");
    }
}

const BEGINNING_OF_TIME: EventPosition = EventPosition { version: Version(i64::MIN), ordinal: i32::MIN };

/// What is committed while a caller pages does not get in.
pub async fn a_read_ends_at_the_version_it_was_asked_for(store: &Store) {
    let mut versions = Vec::new();
    for id in 0..3 {
        versions.push(commit(store, &[entry(i64::from(id), PROJECT, events([id]))]).await.days[0].1);
    }
    for (index, version) in versions.into_iter().enumerate() {
        let page = store.read_day(PROJECT, DAY, BEGINNING, version, 100).await.expect("the store works");
        let read: Vec<Event> = page.into_iter().map(|stored| stored.event).collect();
        assert_eq!(read, events(0..=index as u32));
    }
}

/// As the engine reads it beside a segment.
pub async fn the_tail_after_a_version_has_only_what_came_later(store: &Store) {
    let folded = commit(store, &[entry(1, PROJECT, events([1, 2, 3]))]).await.days[0].1;
    commit(store, &[entry(2, PROJECT, events([4]))]).await;
    commit(store, &[entry(3, PROJECT, events([5]))]).await;
    let after = EventPosition::after_version(folded);
    let tail = store.read_day(PROJECT, DAY, after, END, 100).await.expect("the store works");
    let tail: Vec<Event> = tail.into_iter().map(|stored| stored.event).collect();
    assert_eq!(tail, events([4, 5]));
}

/// Neither sees the other.
pub async fn projects_and_days_are_read_apart(store: &Store) {
    let next = DAY.plus_days(1);
    commit(store, &[entry(1, PROJECT, vec![event(1), event_on(next, 2)])]).await;
    commit(store, &[entry(2, OTHER_PROJECT, vec![event(3)])]).await;
    assert_eq!(read_events(store, PROJECT, DAY).await, [event(1)]);
    assert_eq!(read_events(store, PROJECT, next).await, [event_on(next, 2)]);
    assert_eq!(read_events(store, OTHER_PROJECT, DAY).await, [event(3)]);
    assert_eq!(read_events(store, OTHER_PROJECT, next).await, []);
}

/// An empty store is no error.
pub async fn nothing_is_read_where_nothing_was_stored(store: &Store) {
    assert_eq!(read_events(store, PROJECT, DAY).await, []);
    assert_eq!(store.day(PROJECT, DAY).await, Ok(None));
}
