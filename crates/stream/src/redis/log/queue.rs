//! What a consumer holds of its shard: read and waiting, out at the processor, or set aside after a failure.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use analytics_domain::{
    EntryId, ProjectId,
    ports::{Delivery, EventOutcome},
};
use analytics_records::{EntryOutcomes, RecordError, decode};
use tokio::time::Instant;

use super::entry::{StoredEntry, StreamId};

/// While entries of failing projects wait, those of others go on until so many events were set aside.
const MAX_EVENTS_ASIDE: u64 = 20_000;
/// The same in bytes.
const MAX_BYTES_ASIDE: usize = 16 << 20;

/// Entries by their place in the stream, so that each project's come in the order in which they were appended.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<StreamId, StoredEntry>,
    out: BTreeMap<u64, Out>,
    aside: BTreeMap<ProjectId, Aside>,
    unreadable: BTreeSet<StreamId>,
    next_token: u64,
}

/// An entry that a processor has.
#[derive(Debug)]
struct Out {
    stored: StoredEntry,
    project: ProjectId,
    entry: EntryId,
    reply_channel: Option<String>,
}

/// A project whose entries could not be stored.
#[derive(Debug)]
struct Aside {
    until: Instant,
    entries: BTreeMap<StreamId, StoredEntry>,
}

/// An entry that is in the store.
#[derive(Debug)]
pub(super) struct Acknowledgement {
    pub(super) id: StreamId,
    pub(super) events: u64,
    pub(super) bytes: usize,
    /// Who waits for it, and for what.
    pub(super) reply: Option<(String, EntryOutcomes)>,
}

/// An entry that cannot be decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) id: StreamId,
    pub(super) error: RecordError,
}

impl Queue {
    /// Takes what was read. What is held already stays as it is.
    pub(super) fn add(&mut self, entries: impl IntoIterator<Item = StoredEntry>) {
        for entry in entries {
            if !self.holds(entry.id) {
                self.waiting.insert(entry.id, entry);
            }
        }
    }

    /// Whether the entry is here or out.
    fn holds(&self, id: StreamId) -> bool {
        self.waiting.contains_key(&id)
            || self.unreadable.contains(&id)
            || self.aside.values().any(|aside| aside.entries.contains_key(&id))
            || self.out.values().any(|out| out.stored.id == id)
    }

    /// How many entries are here or out.
    pub(super) fn held(&self) -> usize {
        let aside: usize = self.aside.values().map(|aside| aside.entries.len()).sum();
        self.waiting.len() + self.out.len() + self.unreadable.len() + aside
    }

    /// How many entries are here or out that can be stored.
    pub(super) fn held_readable(&self) -> usize {
        self.held() - self.unreadable.len()
    }

    /// Whether more may be read: not while too much was set aside.
    pub(super) fn takes_more(&self) -> bool {
        let aside = self.aside.values().flat_map(|aside| aside.entries.values());
        let (events, bytes) =
            aside.fold((0, 0), |(events, bytes), entry| (events + entry.events, bytes + entry.record.len()));
        events < MAX_EVENTS_ASIDE && bytes < MAX_BYTES_ASIDE
    }

    /// When the next project may be tried again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.aside.values().map(|aside| aside.until).min()
    }

    /// Puts the entries of projects whose time has come back to where they were.
    pub(super) fn retry_due(&mut self, now: Instant) {
        let due: Vec<ProjectId> =
            self.aside.iter().filter(|(_, aside)| aside.until <= now).map(|(project, _)| *project).collect();
        for project in due {
            if let Some(mut aside) = self.aside.remove(&project) {
                self.waiting.append(&mut aside.entries);
            }
        }
    }

    /// Hands out entries up to so many events, at least one if there is any that may be. Those that cannot be decoded stay, and
    /// are told about once.
    pub(super) fn deliver(&mut self, max_events: usize, unreadable: &mut Vec<Unreadable>) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        let mut events = 0;
        while let Some(next) = self.waiting.first_entry() {
            let id = *next.key();
            let expected = usize::try_from(next.get().events).unwrap_or(usize::MAX);
            if !deliveries.is_empty() && expected.saturating_add(events) > max_events {
                break;
            }
            let stored = next.remove();
            let decoded = match decode(&stored.record) {
                Ok(decoded) => decoded,
                Err(error) => {
                    self.unreadable.insert(id);
                    unreadable.push(Unreadable { id, error });
                    continue;
                }
            };
            let project = decoded.entry.project;
            if let Some(aside) = self.aside.get_mut(&project) {
                aside.entries.insert(id, stored);
                continue;
            }
            events += decoded.entry.events.len();
            let token = self.next_token;
            self.next_token += 1;
            let redeliveries = stored.deliveries;
            let entry = decoded.entry.id;
            self.out.insert(token, Out { stored, project, entry, reply_channel: decoded.reply_channel });
            deliveries.push(Delivery { token, redeliveries, entry: decoded.entry });
        }
        deliveries
    }

    /// The delivery is in the store. None when it was answered before.
    pub(super) fn committed(&mut self, token: u64, outcomes: Vec<EventOutcome>) -> Option<Acknowledgement> {
        let out = self.out.remove(&token)?;
        let reply = out.reply_channel.map(|channel| (channel, EntryOutcomes { entry: out.entry, outcomes }));
        Some(Acknowledgement { id: out.stored.id, events: out.stored.events, bytes: out.stored.record.len(), reply })
    }

    /// The delivery could not be stored: it and what its project has after it are set aside for `retry_after`.
    pub(super) fn failed(&mut self, token: u64, now: Instant, retry_after: Duration) {
        let Some(Out { mut stored, project, .. }) = self.out.remove(&token) else { return };
        stored.deliveries = stored.deliveries.saturating_add(1);
        let until = now + retry_after;
        let aside = self.aside.entry(project).or_insert(Aside { until, entries: BTreeMap::new() });
        aside.until = aside.until.max(until);
        aside.entries.insert(stored.id, stored);
    }

    /// How often each entry that is held was handed out, for whoever gets them next.
    pub(super) fn deliveries(&self) -> BTreeMap<u32, Vec<StreamId>> {
        let aside = self.aside.values().flat_map(|aside| aside.entries.values());
        let here = self.waiting.values().chain(aside).map(|entry| (entry.deliveries, entry.id));
        let out = self.out.values().map(|out| (out.stored.deliveries.saturating_add(1), out.stored.id));
        let mut ids: BTreeMap<u32, Vec<StreamId>> = BTreeMap::new();
        for (deliveries, id) in here.chain(out) {
            ids.entry(deliveries).or_default().push(id);
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use analytics_testkit::sample;

    use super::*;

    const RETRY_AFTER: Duration = Duration::from_secs(1);

    /// Entry `id` of a project, at the same place in the stream.
    fn stored(project: i64, id: u64, events: u64) -> StoredEntry {
        let entry = sample::entry(id as i64, ProjectId(project), sample::events(0..1));
        let record = analytics_records::encode(entry, "");
        StoredEntry { id: format!("{id}-0").parse().expect("an id"), record, events, deliveries: 0 }
    }

    fn ids(deliveries: &[Delivery]) -> Vec<i64> {
        deliveries.iter().map(|delivery| delivery.entry.id.0).collect()
    }

    #[test]
    fn nothing_more_is_read_while_too_much_is_set_aside() {
        let mut queue = Queue::default();
        let now = Instant::now();
        queue.add([stored(1, 0, 1)]);
        let failing = queue.deliver(1, &mut Vec::new());
        queue.failed(failing[0].token, now, RETRY_AFTER);
        let mut read = 0;
        while queue.takes_more() {
            read += 1;
            queue.add([stored(1, read, MAX_EVENTS_ASIDE / 10), stored(2, 1_000 + read, 1)]);
            assert_eq!(ids(&queue.deliver(10, &mut Vec::new())), [1_000 + read as i64], "others go on");
        }
        assert_eq!(read, 10);
        queue.retry_due(now);
        assert!(!queue.takes_more(), "its time has not come");
        queue.retry_due(now + RETRY_AFTER);
        assert!(queue.takes_more());
        assert_eq!(ids(&queue.deliver(usize::MAX, &mut Vec::new())), (0..=10).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_held_is_not_taken_twice() {
        let mut queue = Queue::default();
        for place in 0..3 {
            queue.add([stored(1, 0, 1), StoredEntry { record: Vec::new(), ..stored(1, 1, 1) }]);
            let delivered = queue.deliver(10, &mut Vec::new());
            assert_eq!(ids(&delivered), if place == 0 { vec![0] } else { Vec::new() });
            if place == 1 {
                queue.failed(0, Instant::now(), RETRY_AFTER);
            }
            assert_eq!((queue.held(), queue.held_readable()), (2, 1));
        }
    }

    #[test]
    fn the_next_consumer_learns_what_was_handed_out() {
        let mut queue = Queue::default();
        queue.add((0..4).map(|id| stored(id, id as u64, 1)));
        let out = queue.deliver(3, &mut Vec::new());
        queue.failed(out[0].token, Instant::now(), RETRY_AFTER);
        assert!(queue.committed(out[1].token, Vec::new()).is_some());
        assert!(queue.committed(out[1].token, Vec::new()).is_none(), "it was answered");
        let id = |id: u64| stored(0, id, 1).id;
        assert_eq!(queue.deliveries(), BTreeMap::from([(0, vec![id(3)]), (1, vec![id(0), id(2)])]));
    }
}
