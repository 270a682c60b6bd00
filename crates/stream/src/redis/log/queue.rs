//! What a consumer holds of its shard: read and waiting, out at the processor, or set aside after a failure.

use std::{collections::BTreeMap, time::Duration};

use analytics_domain::{
    EntryId, ProjectId,
    ports::{Awaited, Delivery, EventOutcome, UnreadableCause, UnreadableDelivery},
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
    /// Entries that the store refuses, each waiting by itself.
    refused: BTreeMap<StreamId, Waiting>,
    unreadable: BTreeMap<StreamId, Unreadable>,
    next_token: u64,
}

/// What a processor has.
#[derive(Debug)]
struct Out {
    stored: StoredEntry,
    content: Content,
}

/// What a processor was told of it.
#[derive(Debug)]
enum Content {
    Entry { project: ProjectId, id: EntryId, reply_channel: Option<String> },
    Unreadable(RecordError),
}

/// An entry whose time has not come.
#[derive(Debug)]
struct Waiting {
    until: Instant,
    stored: StoredEntry,
}

/// A record that cannot be decoded.
#[derive(Debug)]
struct Unreadable {
    waiting: Waiting,
    error: RecordError,
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

/// A record that was found to be unreadable just now.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoundUnreadable {
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
            || self.refused.contains_key(&id)
            || self.unreadable.contains_key(&id)
            || self.aside.values().any(|aside| aside.entries.contains_key(&id))
            || self.out.values().any(|out| out.stored.id == id)
    }

    /// How many entries are here or out.
    pub(super) fn held(&self) -> usize {
        let aside: usize = self.aside.values().map(|aside| aside.entries.len()).sum();
        self.waiting.len() + self.out.len() + self.refused.len() + self.unreadable.len() + aside
    }

    /// How many entries are here or out that can be stored, as far as is known.
    pub(super) fn held_readable(&self) -> usize {
        self.held() - self.unreadable.len()
    }

    /// Whether a processor has any that it did not answer.
    pub(super) fn is_any_out(&self) -> bool {
        !self.out.is_empty()
    }

    /// Whether more may be read: not while too much was set aside.
    pub(super) fn takes_more(&self) -> bool {
        let (events, bytes) =
            self.set_aside().fold((0, 0), |(events, bytes), entry| (events + entry.events, bytes + entry.record.len()));
        events < MAX_EVENTS_ASIDE && bytes < MAX_BYTES_ASIDE
    }

    /// What waits for its time, of whatever project.
    fn set_aside(&self) -> impl Iterator<Item = &StoredEntry> {
        let of_projects = self.aside.values().flat_map(|aside| aside.entries.values());
        let alone = self.refused.values().chain(self.unreadable.values().map(|unreadable| &unreadable.waiting));
        of_projects.chain(alone.map(|waiting| &waiting.stored))
    }

    /// When something may be tried again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let alone = self.refused.values().chain(self.unreadable.values().map(|unreadable| &unreadable.waiting));
        self.aside.values().map(|aside| aside.until).chain(alone.map(|waiting| waiting.until)).min()
    }

    /// Puts the entries whose time has come back to where they were, and tells how many there were.
    pub(super) fn retry_due(&mut self, now: Instant) -> usize {
        let waiting = self.waiting.len();
        let due: Vec<ProjectId> =
            self.aside.iter().filter(|(_, aside)| aside.until <= now).map(|(project, _)| *project).collect();
        for project in due {
            if let Some(mut aside) = self.aside.remove(&project) {
                self.waiting.append(&mut aside.entries);
            }
        }
        let due = self.refused.extract_if(.., |_, waiting| waiting.until <= now);
        self.waiting.extend(due.map(|(id, waiting)| (id, waiting.stored)));
        self.waiting.len() - waiting
    }

    /// Hands out entries up to so many events, at least one if there is any that may be. Those that cannot be decoded are found here,
    /// once, and are handed out by [`Self::deliver_unreadable`].
    pub(super) fn deliver(&mut self, max_events: usize, unreadable: &mut Vec<FoundUnreadable>) -> Vec<Delivery> {
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
                    let waiting = Waiting { until: Instant::now(), stored };
                    self.unreadable.insert(id, Unreadable { waiting, error: error.clone() });
                    unreadable.push(FoundUnreadable { id, error });
                    continue;
                }
            };
            let project = decoded.entry.project;
            if let Some(aside) = self.aside.get_mut(&project) {
                aside.entries.insert(id, stored);
                continue;
            }
            events += decoded.entry.events.len();
            let redeliveries = stored.deliveries;
            let awaited = decoded.reply_channel.as_ref().map_or(Awaited::ByNobody, |_| Awaited::ByAppender);
            let content = Content::Entry { project, id: decoded.entry.id, reply_channel: decoded.reply_channel };
            let token = self.hand_out(Out { stored, content });
            deliveries.push(Delivery { token, redeliveries, entry: decoded.entry, awaited });
        }
        deliveries
    }

    fn hand_out(&mut self, out: Out) -> u64 {
        let token = self.next_token;
        self.next_token += 1;
        self.out.insert(token, out);
        token
    }

    /// Whether [`Self::deliver_unreadable`] has any.
    pub(super) fn is_unreadable_due(&self, now: Instant) -> bool {
        self.unreadable.values().any(|unreadable| unreadable.waiting.until <= now)
    }

    /// Hands out the records that cannot be decoded and whose time has come.
    pub(super) fn deliver_unreadable(&mut self, now: Instant) -> Vec<UnreadableDelivery> {
        let due: Vec<(StreamId, Unreadable)> =
            self.unreadable.extract_if(.., |_, unreadable| unreadable.waiting.until <= now).collect();
        let deliveries = due.into_iter().map(|(id, Unreadable { waiting: Waiting { stored, .. }, error })| {
            let cause =
                if error.is_of_newer_version() { UnreadableCause::NewerVersion } else { UnreadableCause::Damaged };
            let (redeliveries, record, reason) = (stored.deliveries, stored.record.clone(), error.to_string());
            let token = self.hand_out(Out { stored, content: Content::Unreadable(error) });
            UnreadableDelivery { token, redeliveries, record, reason, cause, append_time: id.append_time() }
        });
        deliveries.collect()
    }

    /// The delivery is in the store. None when it was answered before.
    pub(super) fn committed(&mut self, token: u64, outcomes: Vec<EventOutcome>) -> Option<Acknowledgement> {
        let out = self.out.remove(&token)?;
        let reply = match out.content {
            Content::Entry { id, reply_channel, .. } => {
                reply_channel.map(|channel| (channel, EntryOutcomes { entry: id, outcomes }))
            }
            Content::Unreadable(_) => None,
        };
        Some(Acknowledgement { id: out.stored.id, events: out.stored.events, bytes: out.stored.record.len(), reply })
    }

    /// The delivery could not be stored: it and what its project has after it are set aside for `retry_after`.
    pub(super) fn failed(&mut self, token: u64, now: Instant, retry_after: Duration) {
        let until = now + retry_after;
        match self.take_back(token) {
            Some(Out { stored, content: Content::Entry { project, .. } }) => {
                let aside = self.aside.entry(project).or_insert(Aside { until, entries: BTreeMap::new() });
                aside.until = aside.until.max(until);
                aside.entries.insert(stored.id, stored);
            }
            Some(out) => self.set_aside_alone(out, until),
            None => {}
        }
    }

    /// The store refuses something in the delivery: it alone is set aside for `retry_after`.
    pub(super) fn refused(&mut self, token: u64, now: Instant, retry_after: Duration) {
        if let Some(out) = self.take_back(token) {
            self.set_aside_alone(out, now + retry_after);
        }
    }

    /// None when the delivery was answered before.
    fn take_back(&mut self, token: u64) -> Option<Out> {
        let mut out = self.out.remove(&token)?;
        out.stored.deliveries = out.stored.deliveries.saturating_add(1);
        Some(out)
    }

    fn set_aside_alone(&mut self, Out { stored, content }: Out, until: Instant) {
        let id = stored.id;
        let waiting = Waiting { until, stored };
        match content {
            Content::Entry { .. } => drop(self.refused.insert(id, waiting)),
            Content::Unreadable(error) => drop(self.unreadable.insert(id, Unreadable { waiting, error })),
        }
    }

    /// How often each entry that is held was handed out, for whoever gets them next.
    pub(super) fn deliveries(&self) -> BTreeMap<u32, Vec<StreamId>> {
        let here = self.waiting.values().chain(self.set_aside()).map(|entry| (entry.deliveries, entry.id));
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
