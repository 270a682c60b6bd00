use analytics_domain::{Millis, UserHash};

use crate::{Bitmap, Codes, Dictionary, Runs};

/// A decoded column. Which kind a column is depends on its name alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Which rows are of one visitor.
    Visitors(Visitors),
    /// The hashes of the visitors, ascending.
    VisitorHashes(Vec<i64>),
    /// The time of each row.
    Times(Times),
    /// A dimension.
    Dictionary(DictionaryColumn),
    /// The user of each row.
    Users(UserColumn),
    /// A truth for each row.
    Flags(Bitmap),
    /// A whole number, or none, for each row.
    Integers(Integers),
    /// The event id of each row.
    EventIds(Vec<[u8; 16]>),
}

/// Which rows are of one visitor. Rows without a visitor come last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitors {
    pub(crate) runs: Runs,
    pub(crate) identified_rows: usize,
}

impl Visitors {
    /// The runs of rows of one visitor, numbered densely. Rows from [`Visitors::identified_rows`] on are in none, whatever the
    /// numbering says.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.runs.row_count()
    }

    /// How many rows have a visitor; the first ones.
    pub fn identified_rows(&self) -> usize {
        self.identified_rows
    }
}

/// The time of each row as milliseconds after the earliest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    pub(crate) earliest: Millis,
    pub(crate) offsets_ms: Vec<u32>,
    latest_offset_ms: u32,
}

impl Times {
    pub(crate) fn new(earliest: Millis, offsets_ms: Vec<u32>) -> Self {
        let latest_offset_ms = offsets_ms.iter().max().copied().unwrap_or_default();
        Self { earliest, offsets_ms, latest_offset_ms }
    }

    /// The milliseconds from the earliest time to the latest.
    pub fn latest_offset_ms(&self) -> u32 {
        self.latest_offset_ms
    }

    /// The earliest time.
    pub fn earliest(&self) -> Millis {
        self.earliest
    }

    /// The milliseconds after the earliest, for each row.
    pub fn offsets_ms(&self) -> &[u32] {
        &self.offsets_ms
    }

    /// The time of a row.
    pub fn get(&self, row: usize) -> Millis {
        Millis(self.earliest.0 + i64::from(self.offsets_ms[row]))
    }
}

/// Coded values of one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct DictionaryColumn {
    /// The values, in order.
    pub dictionary: Dictionary,
    /// For each row 0 when absent, else 1 more than the value's place.
    pub codes: Codes,
}

/// The user of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserColumn {
    users: Vec<UserHash>,
    codes: Codes,
    present: Bitmap,
}

impl UserColumn {
    pub(crate) fn new(users: Vec<UserHash>, codes: Codes) -> Self {
        let present = codes.iter().map(|code| code != 0).collect();
        Self { users, codes, present }
    }

    /// The users, ascending.
    pub fn users(&self) -> &[UserHash] {
        &self.users
    }

    /// For each row 0 when there is none, else 1 more than the user's place.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// A bit for each row that has a user.
    pub fn present(&self) -> &Bitmap {
        &self.present
    }
}

/// A whole number, or none, for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integers {
    pub(crate) present: Bitmap,
    /// 0 where absent.
    pub(crate) values: Vec<i64>,
}

impl Integers {
    /// The number of a row.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.present.get(row).then(|| self.values[row])
    }
}

impl FromIterator<Option<i64>> for Integers {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(numbers: I) -> Self {
        let numbers: Vec<Option<i64>> = numbers.into_iter().collect();
        Self {
            present: numbers.iter().map(Option::is_some).collect(),
            values: numbers.iter().map(|number| number.unwrap_or_default()).collect(),
        }
    }
}

impl Column {
    /// How many rows it has; none for the hashes of visitors, which are not one a row.
    pub fn row_count(&self) -> Option<usize> {
        match self {
            Self::Visitors(visitors) => Some(visitors.row_count()),
            Self::VisitorHashes(_) => None,
            Self::Times(times) => Some(times.offsets_ms.len()),
            Self::Dictionary(column) => Some(column.codes.len()),
            Self::Users(column) => Some(column.codes.len()),
            Self::Flags(flags) => Some(flags.len()),
            Self::Integers(integers) => Some(integers.values.len()),
            Self::EventIds(ids) => Some(ids.len()),
        }
    }

    /// How many bytes it occupies in memory, about.
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::Visitors(visitors) => visitors.runs.memory_bytes(),
            Self::VisitorHashes(hashes) => hashes.len() * 8,
            Self::Times(times) => times.offsets_ms.len() * 4,
            Self::Dictionary(column) => column.dictionary.memory_bytes() + column.codes.memory_bytes(),
            Self::Users(column) => {
                column.users.len() * 16 + column.codes.memory_bytes() + column.present.words().len() * 8
            }
            Self::Flags(flags) => flags.words().len() * 8,
            Self::Integers(integers) => integers.present.words().len() * 8 + integers.values.len() * 8,
            Self::EventIds(ids) => ids.len() * 16,
        }
    }
}
