//! Which copy of an event counts.

use std::collections::{HashMap, hash_map};

use analytics_domain::{
    EntryId, Event, EventId, Micros,
    ports::{EventOutcome, LogEntry},
};

/// The identity of an event within its project.
pub(crate) type Identity = (Micros, EventId);

/// The identities of a commit, each with its first copy, in order of appearance.
pub(crate) struct Copies<'a> {
    /// The first copy of each identity: the one to store if the store has none.
    pub(crate) firsts: Vec<FirstCopy<'a>>,
    /// For each entry and event, the index of its identity in `firsts`.
    identity_of: Vec<Vec<usize>>,
}

/// The first copy of an identity.
#[derive(Clone, Copy)]
pub(crate) struct FirstCopy<'a> {
    pub(crate) event: &'a Event,
    pub(crate) entry: EntryId,
}

impl FirstCopy<'_> {
    pub(crate) fn identity(&self) -> Identity {
        (self.event.occurred_at, self.event.event_id)
    }
}

impl<'a> Copies<'a> {
    pub(crate) fn of(entries: &'a [LogEntry]) -> Self {
        let count = entries.iter().map(|entry| entry.events.len()).sum();
        let mut firsts = Vec::with_capacity(count);
        let mut known: HashMap<Identity, usize> = HashMap::with_capacity(count);
        let mut index_of = |event: &'a Event, entry| match known.entry((event.occurred_at, event.event_id)) {
            hash_map::Entry::Occupied(seen) => *seen.get(),
            hash_map::Entry::Vacant(unseen) => {
                firsts.push(FirstCopy { event, entry });
                *unseen.insert(firsts.len() - 1)
            }
        };
        let identity_of =
            entries.iter().map(|entry| entry.events.iter().map(|event| index_of(event, entry.id)).collect()).collect();
        Self { firsts, identity_of }
    }

    /// The outcome of each event, given the entry that each identity's stored row carries.
    ///
    /// An entry gets `Stored` once for each row that carries its id, at the first copy in it; everything else is a duplicate. Since
    /// that depends on the stored rows and the entry alone, an entry gets the same outcomes however often and beside whatever it is delivered.
    pub(crate) fn outcomes(&self, entries: &[LogEntry], owners: &[EntryId]) -> Vec<Vec<EventOutcome>> {
        let mut told_in: Vec<Option<usize>> = vec![None; owners.len()];
        let mut outcome = |entry_index: usize, entry: EntryId, identity: usize| {
            let is_first_here = told_in[identity].replace(entry_index) != Some(entry_index);
            if is_first_here && owners[identity] == entry { EventOutcome::Stored } else { EventOutcome::Duplicate }
        };
        let identities = self.identity_of.iter().enumerate().zip(entries);
        identities
            .map(|((index, identities), entry)| {
                identities.iter().map(|identity| outcome(index, entry.id, *identity)).collect()
            })
            .collect()
    }
}
