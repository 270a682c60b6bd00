//! What a commit offers to the table: encoded once, before any lock is taken, and sent as often as need be.

use std::collections::{BTreeMap, HashMap};

use analytics_domain::{Day, EntryId, Event, EventId, Micros, Millis, ProjectId, Version};

use super::{
    columns::{self, ColumnArray},
    copy::Rows,
    failure::Failure,
    row::{self, Unwritable, WRITTEN},
};
use crate::copies::FirstCopy;

/// A guess that holds for most: too little costs a copy, too much a little memory for a moment.
const ROW_BYTES: usize = 400;

/// A row that is offered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub(super) day: Day,
    pub(super) ordinal: i32,
    pub(super) occurred_at: Micros,
    pub(super) time: Millis,
    pub(super) entry: EntryId,
    pub(super) event_id: EventId,
    /// Where its bytes begin.
    place: usize,
}

/// The rows of a commit.
pub(super) struct Batch {
    pub(super) project: ProjectId,
    pub(super) rows: Rows,
    pub(super) offers: Vec<Offer>,
}

impl Batch {
    pub(super) fn encode(project: ProjectId, firsts: &[FirstCopy<'_>]) -> Result<Self, Failure> {
        let mut rows = Rows::with_capacity(firsts.len() * ROW_BYTES);
        let mut next_ordinals: BTreeMap<Day, i32> = BTreeMap::new();
        let mut offer = |FirstCopy { event, entry }: FirstCopy<'_>| -> Result<Offer, Unwritable> {
            let next = next_ordinals.entry(event.visitor_day).or_default();
            let ordinal = *next;
            *next += 1;
            let place = row::encode(&mut rows, project, entry, ordinal, event)?;
            let Event { visitor_day: day, occurred_at, time, event_id, .. } = *event;
            Ok(Offer { day, ordinal, occurred_at, time, entry, event_id, place })
        };
        let offers = firsts.iter().copied().map(&mut offer).collect::<Result<_, _>>()?;
        Ok(Self { project, rows, offers })
    }

    /// Gives each row the version of its day.
    pub(super) fn set_versions(&mut self, version_of: impl Fn(Day) -> Option<Version>) -> Result<(), Failure> {
        for offer in &self.offers {
            let version = version_of(offer.day)
                .ok_or_else(|| Failure::unreadable("an event belongs to a day that was not locked"))?;
            row::set_version(&mut self.rows, offer.place, version);
        }
        Ok(())
    }

    /// The rows as arrays of their columns, in parts of at most so many rows.
    pub(super) fn parts(&self, rows: usize) -> impl Iterator<Item = Vec<ColumnArray>> {
        let ends = self.offers.iter().skip(1).map(|offer| offer.place).chain([self.rows.place()]);
        let spans: Vec<(usize, usize)> = self.offers.iter().map(|offer| offer.place).zip(ends).collect();
        let types = WRITTEN.map(|(_, of)| of);
        let parts = spans.len().div_ceil(rows);
        (0..parts).map(move |part| {
            let spans = spans.iter().skip(part * rows).take(rows);
            columns::transpose(spans.map(|(begin, end)| self.rows.between(*begin, *end)), &types)
        })
    }

    /// The offers by their positions in their days.
    pub(super) fn by_position(&self) -> HashMap<(Day, i32), usize> {
        self.offers.iter().enumerate().map(|(index, offer)| ((offer.day, offer.ordinal), index)).collect()
    }
}
