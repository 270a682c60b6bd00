use std::cmp::Ordering;

use analytics_domain::Millis;

use crate::{Bitmap, Codes, Column, Dictionary, DictionaryColumn, Integers, Runs, Times, UserColumn, Visitors};

/// What decides the order of one side's rows.
#[derive(Debug, Clone, Copy)]
pub struct SortKeys<'a> {
    /// Which rows are of one visitor.
    pub visitors: &'a Visitors,
    /// The hashes of those visitors.
    pub visitor_hashes: &'a [i64],
    /// The times.
    pub times: &'a Times,
    /// The sequence numbers; none when no row has one.
    pub sequence: Option<&'a Integers>,
    /// The event ids; only asked for when everything else of two rows is equal.
    pub event_ids: Option<&'a [[u8; 16]]>,
}

/// Why two sides were not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Rows are equal but for their event ids: give those of both sides.
    #[error("the event ids are needed")]
    EventIdsNeeded,
    /// Columns that do not belong together: one is damaged.
    #[error("the columns do not fit each other: {0}")]
    Mismatch(&'static str),
    /// The times of both sides lie further apart than 49 days.
    #[error("the times of the day lie further apart than 49 days")]
    TimesTooFarApart,
}

/// How the rows of a segment and of the newer events beside it interleave. Decided once; each column then follows it.
#[derive(Debug, Clone)]
pub struct Merge {
    /// For each merged row, whether it is the tail's next row rather than the segment's.
    from_tail: Bitmap,
    visitors: Visitors,
    visitor_hashes: Vec<i64>,
}

impl Merge {
    /// Decides the order. Of rows that are equal in everything the segment's come first.
    ///
    /// # Errors
    /// When the event ids are needed and were not given, or the columns of a side do not fit each other.
    pub fn new(segment: SortKeys<'_>, tail: SortKeys<'_>) -> Result<Self, MergeError> {
        segment.check()?;
        tail.check()?;
        let row_count = segment.times.offsets_ms.len() + tail.times.offsets_ms.len();
        let mut from_tail = Bitmap::zeros(row_count);
        let mut starts = Bitmap::zeros(row_count);
        let mut visitor_hashes = Vec::with_capacity(segment.visitor_hashes.len().max(tail.visitor_hashes.len()));
        let (mut left, mut right) = (Cursor::new(segment), Cursor::new(tail));
        for row in 0..row_count {
            let take_tail = match (left.key(), right.key()) {
                (None, _) => true,
                (_, None) => false,
                (Some(one), Some(two)) => {
                    let order = one.cmp(&two);
                    let order = if order == Ordering::Equal { left.break_tie(&right)? } else { order };
                    order == Ordering::Greater
                }
            };
            let cursor = if take_tail { &mut right } else { &mut left };
            if take_tail {
                from_tail.set(row);
            }
            if let Some(hash) = cursor.visitor_hash()
                && visitor_hashes.last() != Some(&hash)
            {
                visitor_hashes.push(hash);
                starts.set(row);
            }
            cursor.advance();
        }
        let identified_rows = segment.visitors.identified_rows + tail.visitors.identified_rows;
        Ok(Self { from_tail, visitors: Visitors { runs: Runs::new(starts), identified_rows }, visitor_hashes })
    }

    /// How many merged rows there are.
    pub fn row_count(&self) -> usize {
        self.from_tail.len()
    }

    /// The merged visitors.
    pub fn visitors(&self) -> &Visitors {
        &self.visitors
    }

    /// The hashes of the merged visitors.
    pub fn visitor_hashes(&self) -> &[i64] {
        &self.visitor_hashes
    }

    /// How many bytes it occupies in memory.
    pub fn memory_bytes(&self) -> usize {
        self.from_tail.words().len() * 8 + self.visitors.runs.memory_bytes() + self.visitor_hashes.len() * 8
    }

    /// Merges one column, not the visitors or their hashes. None when neither side has it.
    ///
    /// # Errors
    /// When the sides hold different kinds of columns, or not as many rows as were merged.
    pub fn column(&self, segment: Option<&Column>, tail: Option<&Column>) -> Result<Option<Column>, MergeError> {
        let tail_rows = self.from_tail.count_ones();
        let fits = |column: Option<&Column>, rows| column.is_none_or(|column| column.row_count() == Some(rows));
        if !fits(segment, self.row_count() - tail_rows) || !fits(tail, tail_rows) {
            return Err(MergeError::Mismatch("a column has another number of rows"));
        }
        Ok(Some(match (segment, tail) {
            (None, None) => return Ok(None),
            (Some(Column::Times(one)), Some(Column::Times(two))) => Column::Times(self.times(one, two)?),
            (Some(Column::Dictionary(one)), Some(Column::Dictionary(two))) => {
                Column::Dictionary(self.dictionary(Some(one), Some(two)))
            }
            (Some(Column::Dictionary(one)), None) => Column::Dictionary(self.dictionary(Some(one), None)),
            (None, Some(Column::Dictionary(two))) => Column::Dictionary(self.dictionary(None, Some(two))),
            (Some(Column::Users(one)), Some(Column::Users(two))) => Column::Users(self.users(Some(one), Some(two))),
            (Some(Column::Users(one)), None) => Column::Users(self.users(Some(one), None)),
            (None, Some(Column::Users(two))) => Column::Users(self.users(None, Some(two))),
            (Some(Column::Flags(one)), Some(Column::Flags(two))) => {
                Column::Flags(self.interleave(|row| one.get(row), |row| two.get(row)).collect())
            }
            (Some(Column::EventIds(one)), Some(Column::EventIds(two))) => {
                Column::EventIds(self.interleave(|row| one[row], |row| two[row]).collect())
            }
            (Some(Column::Integers(one)), Some(Column::Integers(two))) => {
                Column::Integers(self.interleave(|row| one.get(row), |row| two.get(row)).collect())
            }
            (Some(Column::Integers(one)), None) => {
                Column::Integers(self.interleave(|row| one.get(row), |_| None).collect())
            }
            (None, Some(Column::Integers(two))) => {
                Column::Integers(self.interleave(|_| None, |row| two.get(row)).collect())
            }
            _ => return Err(MergeError::Mismatch("a column is of another kind")),
        }))
    }

    fn interleave<T>(&self, segment: impl Fn(usize) -> T, tail: impl Fn(usize) -> T) -> impl Iterator<Item = T> {
        let (mut left, mut right) = (0, 0);
        (0..self.row_count()).map(move |row| {
            if self.from_tail.get(row) {
                right += 1;
                tail(right - 1)
            } else {
                left += 1;
                segment(left - 1)
            }
        })
    }

    fn times(&self, segment: &Times, tail: &Times) -> Result<Times, MergeError> {
        let earliest = match (segment.offsets_ms.is_empty(), tail.offsets_ms.is_empty()) {
            (true, _) => tail.earliest,
            (_, true) => segment.earliest,
            _ => segment.earliest.min(tail.earliest),
        };
        let shift = |times: &Times| {
            let shift_ms = times.earliest.0.checked_sub(earliest.0).and_then(|shift_ms| u32::try_from(shift_ms).ok());
            let shift_ms = if times.offsets_ms.is_empty() { Some(0) } else { shift_ms };
            shift_ms
                .filter(|shift_ms| shift_ms.checked_add(times.latest_offset_ms()).is_some())
                .ok_or(MergeError::TimesTooFarApart)
        };
        let (segment_shift, tail_shift) = (shift(segment)?, shift(tail)?);
        let offsets_ms = self
            .interleave(|row| segment.offsets_ms[row] + segment_shift, |row| tail.offsets_ms[row] + tail_shift)
            .collect();
        Ok(Times::new(earliest, offsets_ms))
    }

    fn dictionary(&self, segment: Option<&DictionaryColumn>, tail: Option<&DictionaryColumn>) -> DictionaryColumn {
        let empty = Dictionary::default();
        let of = |column: Option<&DictionaryColumn>| column.map_or(empty.clone(), |column| column.dictionary.clone());
        let (dictionary, from_segment, from_tail) = Dictionary::union(&of(segment), &of(tail));
        let codes = self.codes(
            (segment.map(|column| &column.codes), &from_segment),
            (tail.map(|column| &column.codes), &from_tail),
            dictionary.len(),
        );
        DictionaryColumn { dictionary, codes }
    }

    fn users(&self, segment: Option<&UserColumn>, tail: Option<&UserColumn>) -> UserColumn {
        let of = |column: Option<&UserColumn>| column.map_or_else(Vec::new, |column| column.users().to_vec());
        let (one, two) = (of(segment), of(tail));
        let mut users: Vec<_> = one.iter().chain(&two).copied().collect();
        users.sort_unstable();
        users.dedup();
        let new_codes = |side: &[_]| {
            let places = side.iter().map(|user| users.binary_search(user).map_or(0, |place| place as u32 + 1));
            std::iter::once(0).chain(places).collect::<Vec<u32>>()
        };
        let codes = self.codes(
            (segment.map(UserColumn::codes), &new_codes(&one)),
            (tail.map(UserColumn::codes), &new_codes(&two)),
            users.len(),
        );
        UserColumn::new(users, codes)
    }

    fn codes(
        &self,
        (segment, from_segment): (Option<&Codes>, &[u32]),
        (tail, from_tail): (Option<&Codes>, &[u32]),
        value_count: usize,
    ) -> Codes {
        let code =
            |codes: Option<&Codes>, new_codes: &[u32], row| codes.map_or(0, |codes| new_codes[codes.get(row) as usize]);
        let merged = self.interleave(|row| code(segment, from_segment, row), |row| code(tail, from_tail, row));
        Codes::pack(merged, value_count as u32)
    }
}

impl SortKeys<'_> {
    fn check(&self) -> Result<(), MergeError> {
        let rows = self.times.offsets_ms.len();
        let fits = self.visitors.row_count() == rows
            && self.visitors.runs.count() == self.visitor_hashes.len()
            && self.sequence.is_none_or(|sequence| sequence.values.len() == rows)
            && self.event_ids.is_none_or(|ids| ids.len() == rows);
        if fits { Ok(()) } else { Err(MergeError::Mismatch("the sort keys have different numbers of rows")) }
    }
}

/// A place in one side.
struct Cursor<'a> {
    keys: SortKeys<'a>,
    row: usize,
    /// How many visitors began up to and including this row.
    visitors_begun: usize,
}

impl<'a> Cursor<'a> {
    fn new(keys: SortKeys<'a>) -> Self {
        let mut cursor = Self { keys, row: 0, visitors_begun: 0 };
        cursor.enter();
        cursor
    }

    fn enter(&mut self) {
        if self.row < self.keys.visitors.identified_rows && self.keys.visitors.runs.starts().get(self.row) {
            self.visitors_begun += 1;
        }
    }

    fn advance(&mut self) {
        self.row += 1;
        self.enter();
    }

    fn visitor_hash(&self) -> Option<i64> {
        (self.row < self.keys.visitors.identified_rows).then(|| self.keys.visitor_hashes[self.visitors_begun - 1])
    }

    /// Everything that decides but the event id; none after the last row.
    fn key(&self) -> Option<(bool, Option<i64>, Millis, Option<i64>)> {
        if self.row == self.keys.times.offsets_ms.len() {
            return None;
        }
        let visitor = self.visitor_hash();
        let sequence = self.keys.sequence.and_then(|sequence| sequence.get(self.row));
        Some((visitor.is_none(), visitor, self.keys.times.get(self.row), sequence))
    }

    fn break_tie(&self, other: &Self) -> Result<Ordering, MergeError> {
        let ids = self.keys.event_ids.zip(other.keys.event_ids).ok_or(MergeError::EventIdsNeeded)?;
        Ok(ids.0[self.row].cmp(&ids.1[other.row]))
    }
}
