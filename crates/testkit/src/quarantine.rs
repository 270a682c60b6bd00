//! What every quarantine does.

use std::sync::Arc;

use analytics_domain::{
    EntryId, Event, Interval, Micros, Millis, ProjectId, PropertyValue, QuarantineId, Version,
    ports::{
        EventOutcome, EventPosition, EventStore, NewQuarantined, Quarantine, Quarantined, QuarantinedContent, Replay,
    },
};

use crate::{
    fresh::suite,
    sample::{entry, event, full_event},
};

suite! {
    $
    /// Runs the quarantine suite. Takes the path of an `async fn() -> Fresh<dyn StoreWithQuarantine>`.
    quarantine_suite of quarantine:
    what_is_in_quarantine_is_read_back,
    the_same_record_is_kept_once,
    processors_that_keep_the_same_at_once_keep_it_once,
    what_is_in_quarantine_is_listed_in_pages_by_number,
    what_is_in_quarantine_is_listed_by_project,
    a_replayed_event_is_stored_and_leaves,
    a_replayed_event_that_was_stored_before_leaves,
    what_still_is_refused_stays,
    an_unreadable_record_stays,
    an_unreadable_record_that_has_become_readable_is_stored_whole,
    what_is_not_there_is_not_replayed,
    only_what_is_named_is_thrown_away,
}

/// An event store with its quarantine.
pub trait StoreWithQuarantine: EventStore + Quarantine {}

impl<T: EventStore + Quarantine> StoreWithQuarantine for T {}

/// The quarantine under test.
type Store = Arc<dyn StoreWithQuarantine>;

const PROJECT: ProjectId = ProjectId(7);
const OTHER_PROJECT: ProjectId = ProjectId(8);

/// An event that no store can keep as it is.
fn poison(number: u32) -> Event {
    let mut event = full_event(number);
    event.properties.insert("not_a_number".to_owned(), PropertyValue::Number(f64::NAN));
    event
}

fn new(project: ProjectId, entry: i64, event: Event) -> NewQuarantined {
    NewQuarantined {
        content: QuarantinedContent::Event { project, entry: EntryId(entry), event },
        reason: format!("reason {entry}"),
        create_time: Micros(1_700_000_000_000_000 + entry),
    }
}

fn unreadable(record: &[u8], number: i64) -> NewQuarantined {
    NewQuarantined {
        content: QuarantinedContent::Unreadable(record.to_owned()),
        reason: format!("reason {number} \u{1f6d2} '\"\\"),
        create_time: Micros(number),
    }
}

async fn keep(store: &Store, items: &[NewQuarantined]) {
    store.quarantine(items).await.expect("the store works");
}

async fn list(store: &Store, project: Option<ProjectId>) -> Vec<Quarantined> {
    store.list_quarantined(project, None, 1_000).await.expect("the store works")
}

/// The one that is there.
async fn only(store: &Store) -> Quarantined {
    let mut listed = list(store, None).await;
    assert_eq!(listed.len(), 1);
    listed.remove(0)
}

async fn stored(store: &Store, project: ProjectId) -> Vec<Event> {
    let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
    let mut events = Vec::new();
    for day in store.days(project, always).await.expect("the store works") {
        let after = EventPosition::after_version(Version(0));
        let read = store.read_day(project, day.day, after, day.version, 1_000).await.expect("the store works");
        events.extend(read.into_iter().map(|stored| stored.event));
    }
    events
}

/// Every byte of a record, and what is known of its event.
pub async fn what_is_in_quarantine_is_read_back(store: &Store) {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    keep(store, &[]).await;
    keep(store, &[new(PROJECT, 5, poison(1))]).await;
    keep(store, &[unreadable(&bytes, 6), unreadable(&[], 7)]).await;
    let listed = list(store, None).await;
    assert!(listed.is_sorted_by(|one, next| one.id < next.id) && listed[0].id.0 > 0, "numbers ascend from 1");
    for item in &listed {
        assert_eq!(store.quarantined(item.id).await.as_ref(), Ok(&Some(item.clone())));
    }
    let of_event = listed.iter().find(|item| item.project == Some(PROJECT)).expect("it is there");
    assert_eq!(of_event.event_id, Some(poison(1).event_id));
    assert_eq!((of_event.reason.as_str(), of_event.create_time), ("reason 5", Micros(1_700_000_000_000_005)));
    assert!(!of_event.record.is_empty());
    for (record, number) in [(bytes.as_slice(), 6), (&[], 7)] {
        let found = listed.iter().find(|item| item.record == record).expect("every byte is there");
        assert_eq!((found.project, found.event_id), (None, None));
        let NewQuarantined { reason, create_time, .. } = unreadable(&[], number);
        assert_eq!((&found.reason, found.create_time), (&reason, create_time));
    }
}

/// As it was kept first, in one call or many; another entry's is another.
pub async fn the_same_record_is_kept_once(store: &Store) {
    let again = |reason: &str| NewQuarantined {
        reason: reason.to_owned(),
        create_time: Micros(9),
        ..new(PROJECT, 5, poison(1))
    };
    keep(store, &[new(PROJECT, 5, poison(1)), again("in the same call")]).await;
    let first = only(store).await;
    keep(store, &[again("later"), unreadable(b"?", 1), unreadable(b"?", 2)]).await;
    keep(store, &[new(PROJECT, 6, poison(1)), new(OTHER_PROJECT, 5, poison(1)), new(PROJECT, 5, poison(2))]).await;
    let listed = list(store, None).await;
    assert_eq!(listed.len(), 5);
    assert_eq!(listed[0], first);
}

/// In whatever order each of them says it.
pub async fn processors_that_keep_the_same_at_once_keep_it_once(store: &Store) {
    let items: Vec<_> = (0..40).map(|number| new(PROJECT, i64::from(number), poison(number))).collect();
    let tasks: Vec<_> = (0..8)
        .map(|processor| {
            let (store, mut items) = (Arc::clone(store), items.clone());
            items.rotate_left(processor * 5);
            if processor % 2 == 0 {
                items.reverse();
            }
            tokio::spawn(async move { store.quarantine(&items).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("the task ends"), Ok(()));
    }
    assert_eq!(list(store, None).await.len(), 40);
}

/// Pages of any size miss nothing and repeat nothing.
pub async fn what_is_in_quarantine_is_listed_in_pages_by_number(store: &Store) {
    for number in 0..5 {
        keep(store, &[new(PROJECT, i64::from(number), poison(number))]).await;
    }
    let all = list(store, None).await;
    let ids: Vec<_> = all.iter().map(|item| item.event_id).collect();
    assert_eq!(ids, (0..5).map(|number| Some(event(number).event_id)).collect::<Vec<_>>(), "oldest first");
    for limit in [1, 2, 3, 5, 100] {
        let (mut after, mut listed) = (None, Vec::new());
        loop {
            let page = store.list_quarantined(None, after, limit).await.expect("the store works");
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            listed.extend(page);
            assert!(listed.len() <= all.len(), "pages of {limit} repeat");
        }
        assert_eq!(listed, all, "in pages of {limit}");
    }
}

/// Those that cannot be read belong to none: they are listed with all.
pub async fn what_is_in_quarantine_is_listed_by_project(store: &Store) {
    for (number, project) in [(1, PROJECT), (2, OTHER_PROJECT), (3, PROJECT)] {
        keep(store, &[new(project, number, poison(1))]).await;
    }
    keep(store, &[unreadable(b"?", 4)]).await;
    let reasons = async |project| -> Vec<String> {
        list(store, project).await.into_iter().map(|item| item.reason[..8].to_owned()).collect()
    };
    assert_eq!(reasons(Some(PROJECT)).await, ["reason 1", "reason 3"]);
    assert_eq!(reasons(Some(OTHER_PROJECT)).await, ["reason 2"]);
    assert_eq!(reasons(Some(ProjectId(9))).await, [""; 0]);
    assert_eq!(reasons(None).await, ["reason 1", "reason 2", "reason 3", "reason 4"]);
    let first = list(store, Some(PROJECT)).await[0].id;
    let rest = store.list_quarantined(Some(PROJECT), Some(first), 10).await.expect("the store works");
    assert_eq!(rest.iter().map(|item| item.reason.as_str()).collect::<Vec<_>>(), ["reason 3"]);
}

/// With all that it has, in its own project and by its own entry.
pub async fn a_replayed_event_is_stored_and_leaves(store: &Store) {
    keep(store, &[new(PROJECT, 5, full_event(1))]).await;
    let id = only(store).await.id;
    assert_eq!(store.replay(id).await, Ok(Replay::Done(EventOutcome::Stored)));
    assert_eq!(stored(store, PROJECT).await, [full_event(1)]);
    assert_eq!(stored(store, OTHER_PROJECT).await, []);
    assert_eq!(list(store, None).await, []);
    assert_eq!(store.replay(id).await, Ok(Replay::NotFound));
    let redelivered = store.commit(PROJECT, &[entry(5, PROJECT, vec![full_event(1)])]).await.expect("the store works");
    assert_eq!(redelivered.outcomes, [[EventOutcome::Stored]], "it does not carry its entry");
}

/// By its own entry it was stored, by another it is a copy.
pub async fn a_replayed_event_that_was_stored_before_leaves(store: &Store) {
    store.commit(PROJECT, &[entry(5, PROJECT, vec![event(1), event(2)])]).await.expect("the store works");
    for (entry, outcome) in [(5, EventOutcome::Stored), (6, EventOutcome::Duplicate)] {
        keep(store, &[new(PROJECT, entry, event(1))]).await;
        assert_eq!(store.replay(only(store).await.id).await, Ok(Replay::Done(outcome)));
        assert_eq!(list(store, None).await, []);
    }
    assert_eq!(stored(store, PROJECT).await, [event(1), event(2)]);
}

/// Unchanged, with a reason for whoever asked.
pub async fn what_still_is_refused_stays(store: &Store) {
    keep(store, &[new(PROJECT, 5, poison(1))]).await;
    let before = only(store).await;
    for _ in 0..2 {
        let Ok(Replay::Refused(reason)) = store.replay(before.id).await else { panic!("it was not refused") };
        assert!(!reason.is_empty());
        assert_eq!(only(store).await, before);
    }
    assert_eq!(stored(store, PROJECT).await, []);
}

/// Unchanged too.
pub async fn an_unreadable_record_stays(store: &Store) {
    keep(store, &[unreadable(b"\xff\xff\xff", 1)]).await;
    let before = only(store).await;
    let Ok(Replay::Refused(reason)) = store.replay(before.id).await else { panic!("it was not refused") };
    assert!(!reason.is_empty());
    assert_eq!(only(store).await, before);
}

/// As after an upgrade: the record of a whole entry.
pub async fn an_unreadable_record_that_has_become_readable_is_stored_whole(store: &Store) {
    keep(store, &[new(PROJECT, 5, full_event(1))]).await;
    let readable = only(store).await;
    store.delete_quarantined(&[readable.id]).await.expect("the store works");
    keep(store, &[unreadable(&readable.record, 1)]).await;
    let item = only(store).await;
    assert_eq!(item.project, None);
    assert_eq!(store.replay(item.id).await, Ok(Replay::Done(EventOutcome::Stored)));
    assert_eq!(stored(store, PROJECT).await, [full_event(1)]);
    assert_eq!(list(store, None).await, []);
}

/// Nor found; a number that was given is not given again.
pub async fn what_is_not_there_is_not_replayed(store: &Store) {
    assert_eq!(store.replay(QuarantineId(1)).await, Ok(Replay::NotFound));
    assert_eq!(store.quarantined(QuarantineId(1)).await, Ok(None));
    keep(store, &[new(PROJECT, 1, poison(1))]).await;
    let gone = only(store).await.id;
    assert_eq!(store.delete_quarantined(&[gone]).await, Ok(1));
    assert_eq!(store.replay(gone).await, Ok(Replay::NotFound));
    keep(store, &[new(PROJECT, 2, poison(2))]).await;
    assert!(only(store).await.id > gone);
}

/// And counted once each.
pub async fn only_what_is_named_is_thrown_away(store: &Store) {
    for number in 1..=4 {
        keep(store, &[new(PROJECT, number, poison(1))]).await;
    }
    let all = list(store, None).await;
    assert_eq!(store.delete_quarantined(&[]).await, Ok(0));
    assert_eq!(store.delete_quarantined(&[all[1].id, QuarantineId(i64::MAX), all[3].id, all[1].id]).await, Ok(2));
    assert_eq!(list(store, None).await, [all[0].clone(), all[2].clone()]);
}
