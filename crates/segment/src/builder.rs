use std::collections::{BTreeMap, HashMap};

use analytics_domain::{Event, UserHash, ports::EncodedColumn};

use crate::{
    Built,
    dictionary::Interner,
    names::{EVENT_FIELDS, field_of},
};

/// Why events make no segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The times of one visitor day lie further apart than 49 days.
    #[error("the times of the day lie further apart than 49 days")]
    TimesTooFarApart,
    /// More than a segment can hold.
    #[error("the day has more {0} than a segment can hold")]
    TooMany(&'static str),
}

/// Collects the events of one day in any order, as columns from the start: about 150 bytes an event and what is distinct in it.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    pub(crate) visitors: Vec<Option<i64>>,
    pub(crate) times_ms: Vec<i64>,
    pub(crate) sequences: Vec<Option<i64>>,
    pub(crate) event_ids: Vec<[u8; 16]>,
    pub(crate) interactive: Vec<bool>,
    pub(crate) users: Users,
    /// One for each of [`EVENT_FIELDS`].
    pub(crate) fields: [Coded; EVENT_FIELDS.len()],
    pub(crate) value_currency: Coded,
    pub(crate) value_micros: Vec<Option<i64>>,
    pub(crate) properties: BTreeMap<String, Sparse>,
}

/// A provisional code for each row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coded {
    pub(crate) interner: Interner,
    pub(crate) codes: Vec<u32>,
}

/// A provisional code for each row that has one: a project may use a thousand properties.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sparse {
    pub(crate) interner: Interner,
    pub(crate) row_codes: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Users {
    pub(crate) provisional: HashMap<UserHash, u32>,
    pub(crate) codes: Vec<u32>,
}

impl Builder {
    /// Without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many events there are.
    pub fn row_count(&self) -> usize {
        self.times_ms.len()
    }

    /// Adds an event. Of events whose visitor, time, sequence number and id are equal the one added first comes first.
    pub fn push(&mut self, event: &Event) {
        let row = self.row_count() as u32;
        self.visitors.push(event.actor.visitor.map(|visitor| visitor.0));
        self.times_ms.push(event.time.0);
        self.sequences.push(event.sequence);
        self.event_ids.push(event.event_id.0);
        self.interactive.push(event.interactive);
        let next_user = self.users.provisional.len() as u32 + 1;
        let user = event.actor.user.map_or(0, |user| *self.users.provisional.entry(user).or_insert(next_user));
        self.users.codes.push(user);
        for (column, field) in self.fields.iter_mut().zip(EVENT_FIELDS) {
            column.push(field_of(event, field));
        }
        self.value_currency.push(event.value.as_ref().map(|value| value.currency_code.as_str()));
        self.value_micros.push(event.value.as_ref().map(|value| value.amount_micros));
        for (name, value) in &event.properties {
            let column = match self.properties.get_mut(name) {
                Some(column) => column,
                None => self.properties.entry(name.clone()).or_default(),
            };
            let code = column.interner.value(value);
            if code != 0 {
                column.row_codes.push((row, code));
            }
        }
    }

    /// Sorts the events; columns can then be taken one by one.
    ///
    /// # Errors
    /// When the day is too large in some respect.
    pub fn build(self) -> Result<Built, BuildError> {
        Built::new(self)
    }

    /// Sorts the events and encodes every column that any of them has.
    ///
    /// # Errors
    /// When the day is too large in some respect.
    pub fn finish(self) -> Result<Vec<EncodedColumn>, BuildError> {
        Ok(self.build()?.encode())
    }
}

impl<'a> Extend<&'a Event> for Builder {
    fn extend<I: IntoIterator<Item = &'a Event>>(&mut self, events: I) {
        events.into_iter().for_each(|event| self.push(event));
    }
}

impl Coded {
    fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(0, |text| self.interner.text(text));
        self.codes.push(code);
    }
}
