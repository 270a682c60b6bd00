use analytics_domain::{Millis, UserHash, ports::EncodedColumn};

use crate::{
    Bitmap, BuildError, Builder, Codes, Column, DictionaryColumn, Runs, Times, UserColumn, Visitors,
    builder::{Coded, Sparse},
    encode::encode,
    names::{self, EVENT_FIELDS, property_of},
};

/// The sorted events of a day. Each column is made when it is asked for.
///
/// Rows are sorted by visitor (by hash; those without one last), then time, then sequence number (those without one first), then
/// event id.
#[derive(Debug)]
pub struct Built {
    events: Builder,
    /// For each sorted row the place at which it was added.
    order: Vec<u32>,
    earliest_ms: i64,
}

impl Built {
    pub(crate) fn new(events: Builder) -> Result<Self, BuildError> {
        let rows = u32::try_from(events.row_count()).ok().filter(|rows| *rows < u32::MAX);
        let rows = rows.ok_or(BuildError::TooMany("events"))?;
        let interners = (events.fields.iter().map(|column| &column.interner))
            .chain(events.properties.values().map(|column| &column.interner));
        if interners.into_iter().any(|interner| u32::try_from(interner.text_bytes()).is_err()) {
            return Err(BuildError::TooMany("bytes of distinct text"));
        }
        let earliest_ms = events.times_ms.iter().copied().min().unwrap_or_default();
        let latest_ms = events.times_ms.iter().copied().max().unwrap_or_default();
        let span_ms = latest_ms.checked_sub(earliest_ms).ok_or(BuildError::TimesTooFarApart)?;
        u32::try_from(span_ms).map_err(|_| BuildError::TimesTooFarApart)?;

        let key = |row: u32| {
            let row = row as usize;
            let visitor = events.visitors[row];
            (visitor.is_none(), visitor, events.times_ms[row], row as u32)
        };
        let mut keys: Vec<_> = (0..rows).map(key).collect();
        keys.sort_unstable_by(|(none, visitor, time, row), (other_none, other_visitor, other_time, other_row)| {
            let tie = |row: u32| (events.sequences[row as usize], events.event_ids[row as usize], row);
            (none, visitor, time)
                .cmp(&(other_none, other_visitor, other_time))
                .then_with(|| tie(*row).cmp(&tie(*other_row)))
        });
        let order = keys.into_iter().map(|(.., row)| row).collect();
        Ok(Self { events, order, earliest_ms })
    }

    /// The events once more, to add others to them.
    pub fn to_builder(&self) -> Builder {
        self.events.clone()
    }

    /// How many events there are.
    pub fn row_count(&self) -> usize {
        self.order.len()
    }

    /// The names of the columns, those that no event has left out.
    pub fn column_names(&self) -> Vec<String> {
        let fields = EVENT_FIELDS.map(|field| field.as_str());
        let own = [names::VISITOR, names::VISITOR_HASH, names::TIME, names::SEQUENCE, names::EVENT_ID];
        let others = [names::INTERACTIVE, names::USER, names::VALUE_CURRENCY, names::VALUE_MICROS];
        let properties = self.events.properties.keys().map(|name| names::property(name));
        let all = own.into_iter().chain(others).chain(fields).map(str::to_owned).chain(properties);
        all.filter(|name| self.has_column(name)).collect()
    }

    fn has_column(&self, name: &str) -> bool {
        let some = |column: &Coded| !column.interner.is_empty();
        match name {
            names::VISITOR | names::VISITOR_HASH | names::TIME | names::EVENT_ID | names::INTERACTIVE => true,
            names::SEQUENCE => self.events.sequences.iter().any(Option::is_some),
            names::USER => !self.events.users.provisional.is_empty(),
            names::VALUE_CURRENCY => some(&self.events.value_currency),
            names::VALUE_MICROS => self.events.value_micros.iter().any(Option::is_some),
            _ => match property_of(name) {
                Some(property) => {
                    self.events.properties.get(property).is_some_and(|column| !column.row_codes.is_empty())
                }
                None => self.field(name).is_some_and(some),
            },
        }
    }

    fn field(&self, name: &str) -> Option<&Coded> {
        let place = EVENT_FIELDS.iter().position(|field| field.as_str() == name)?;
        Some(&self.events.fields[place])
    }

    /// The column of this name; none when no event has it.
    pub fn column(&self, name: &str) -> Option<Column> {
        if !self.has_column(name) {
            return None;
        }
        Some(match name {
            names::VISITOR => Column::Visitors(self.visitors()),
            names::VISITOR_HASH => {
                let mut hashes: Vec<i64> = self.sorted(&self.events.visitors).flatten().collect();
                hashes.dedup();
                Column::VisitorHashes(hashes)
            }
            names::TIME => {
                let offsets_ms = self.sorted(&self.events.times_ms).map(|time| (time - self.earliest_ms) as u32);
                Column::Times(Times::new(Millis(self.earliest_ms), offsets_ms.collect()))
            }
            names::SEQUENCE => Column::Integers(self.sorted(&self.events.sequences).collect()),
            names::EVENT_ID => Column::EventIds(self.sorted(&self.events.event_ids).collect()),
            names::INTERACTIVE => Column::Flags(self.sorted(&self.events.interactive).collect()),
            names::USER => Column::Users(self.users()),
            names::VALUE_CURRENCY => Column::Dictionary(self.coded(&self.events.value_currency)),
            names::VALUE_MICROS => Column::Integers(self.sorted(&self.events.value_micros).collect()),
            _ => Column::Dictionary(match property_of(name) {
                Some(property) => self.sparse(self.events.properties.get(property)?),
                None => self.coded(self.field(name)?),
            }),
        })
    }

    /// Every column, encoded.
    pub fn encode(&self) -> Vec<EncodedColumn> {
        let encoded = |name: String| {
            let bytes = encode(&self.column(&name)?);
            Some(EncodedColumn { name, bytes })
        };
        self.column_names().into_iter().filter_map(encoded).collect()
    }

    fn sorted<'a, T: Copy>(&'a self, values: &'a [T]) -> impl Iterator<Item = T> + 'a {
        self.order.iter().map(|row| values[*row as usize])
    }

    fn visitors(&self) -> Visitors {
        let mut starts = Bitmap::zeros(self.row_count());
        let mut identified_rows = 0;
        let mut previous = None;
        for (row, visitor) in self.sorted(&self.events.visitors).enumerate() {
            if visitor.is_some() {
                identified_rows += 1;
                if previous != visitor {
                    starts.set(row);
                }
            }
            previous = visitor;
        }
        Visitors { runs: Runs::new(starts), identified_rows }
    }

    fn users(&self) -> UserColumn {
        let mut users: Vec<(UserHash, u32)> =
            self.events.users.provisional.iter().map(|(user, code)| (*user, *code)).collect();
        users.sort_unstable();
        let mut final_codes = vec![0; users.len() + 1];
        for (place, (_, provisional)) in users.iter().enumerate() {
            final_codes[*provisional as usize] = place as u32 + 1;
        }
        let codes = self.sorted(&self.events.users.codes).map(|code| final_codes[code as usize]);
        let codes = Codes::pack(codes, users.len() as u32);
        UserColumn::new(users.into_iter().map(|(user, _)| user).collect(), codes)
    }

    fn coded(&self, column: &Coded) -> DictionaryColumn {
        let (dictionary, final_codes) = column.interner.dictionary();
        let codes = self.sorted(&column.codes).map(|code| final_codes[code as usize]);
        let codes = Codes::pack(codes, dictionary.len() as u32);
        DictionaryColumn { dictionary, codes }
    }

    fn sparse(&self, column: &Sparse) -> DictionaryColumn {
        let (dictionary, final_codes) = column.interner.dictionary();
        let mut by_arrival = vec![0; self.row_count()];
        for (row, code) in &column.row_codes {
            by_arrival[*row as usize] = final_codes[*code as usize];
        }
        let codes = Codes::pack(self.sorted(&by_arrival), dictionary.len() as u32);
        DictionaryColumn { dictionary, codes }
    }
}
