//! A batch of probes as the scripts read it. Hashes are bytes, since a number of Lua holds 53 bits; times are numbers.

use std::collections::{HashMap, hash_map::Entry};

use analytics_domain::{
    Day, VisitorHash,
    ports::{SaltScope, VisitorProbe},
};

/// So many probes are decided at a time: some milliseconds in which the server does nothing else, and no more sessions of a day than
/// Lua passes to one command.
pub(super) const MAX_PROBES: usize = 2_000;

pub(super) struct Batch {
    /// The days that the candidates name, each once.
    pub(super) days: Vec<Day>,
    /// Of each day, the number of its fields.
    pub(super) fields_of_days: Vec<u8>,
    /// Where the sessions of all days' visitors are kept, each once.
    pub(super) fields: Vec<Vec<u8>>,
    /// For each probe its time, the number of its candidates, and for each of these the number of its field, from 1.
    pub(super) probes: Vec<u8>,
}

impl Batch {
    /// `probes` are at most [`MAX_PROBES`].
    pub(super) fn of(scope: &SaltScope, probes: &[VisitorProbe]) -> Self {
        let mut days = Days::default();
        let places: Vec<_> = probes
            .iter()
            .flat_map(|probe| &probe.candidates)
            .map(|(day, visitor)| days.place(*day, *visitor))
            .collect();
        let mut fields_before: Vec<usize> = Vec::with_capacity(days.visitors.len());
        let mut fields = Vec::new();
        for (day, visitors) in days.days.iter().zip(&days.visitors) {
            fields_before.push(fields.len());
            fields.extend(visitors.iter().map(|visitor| field(scope, *day, *visitor)));
        }
        let mut numbers = places.into_iter().map(|(day, visitor)| (fields_before[day] + visitor + 1) as i64);
        let mut packed = Vec::with_capacity(probes.len() * 5);
        for probe in probes {
            packed.extend([probe.time.0, probe.candidates.len() as i64]);
            packed.extend(numbers.by_ref().take(probe.candidates.len()));
        }
        let fields_of_days: Vec<i64> = days.visitors.iter().map(|visitors| visitors.len() as i64).collect();
        Self { days: days.days, fields_of_days: pack(&fields_of_days), fields, probes: pack(&packed) }
    }
}

/// The days and their visitors in the order in which they are first named.
#[derive(Default)]
struct Days {
    days: Vec<Day>,
    visitors: Vec<Vec<VisitorHash>>,
    index_of_day: HashMap<Day, usize>,
    index_of_visitor: HashMap<(usize, VisitorHash), usize>,
}

impl Days {
    /// The index of a day, and that of a visitor among the day's.
    fn place(&mut self, day: Day, visitor: VisitorHash) -> (usize, usize) {
        let day_index = *self.index_of_day.entry(day).or_insert_with(|| {
            self.days.push(day);
            self.visitors.push(Vec::new());
            self.days.len() - 1
        });
        let visitors = &mut self.visitors[day_index];
        let visitor_index = match self.index_of_visitor.entry((day_index, visitor)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                visitors.push(visitor);
                *new.insert(visitors.len() - 1)
            }
        };
        (day_index, visitor_index)
    }
}

/// The sessions of a live day are a hash by visitor, those of an import one by day and visitor.
fn field(scope: &SaltScope, day: Day, visitor: VisitorHash) -> Vec<u8> {
    let visitor = visitor.0.to_be_bytes();
    match scope {
        SaltScope::Live(_) => visitor.to_vec(),
        SaltScope::Import(_) => [day.0.to_be_bytes().as_slice(), &visitor].concat(),
    }
}

/// A MessagePack array of 64-bit numbers: what a script reads in one step.
fn pack(numbers: &[i64]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(5 + 9 * numbers.len());
    packed.push(0xdd);
    packed.extend((numbers.len() as u32).to_be_bytes());
    for number in numbers {
        packed.push(0xd3);
        packed.extend(number.to_be_bytes());
    }
    packed
}
