use analytics_domain::{Millis, UserHash};

use crate::{
    Bitmap, Codes, Column, Dictionary, DictionaryColumn, Integers, Runs, Times, UserColumn, Visitors,
    encode::tag,
    wire::{Reader, open},
};

/// Why bytes are no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They are damaged.
    #[error("the column is damaged: {0}")]
    Damaged(&'static str),
    /// Another version of the program wrote them.
    #[error("the column has the format {0}, which this version does not read")]
    UnknownFormat(u8),
}

/// Reads what [`crate::encode`] wrote.
///
/// # Errors
/// When the bytes are anything else. Whatever is returned is well formed: every code is in its dictionary, every order holds.
pub fn decode(bytes: &[u8]) -> Result<Column, DecodeError> {
    let payload = open(bytes)?;
    let mut from = Reader(&payload);
    let column = match from.u8()? {
        tag::VISITORS => Column::Visitors(visitors(&mut from)?),
        tag::VISITOR_HASHES => Column::VisitorHashes(visitor_hashes(&mut from)?),
        tag::TIMES => Column::Times(times(&mut from)?),
        tag::DICTIONARY => {
            let dictionary = dictionary(&mut from)?;
            let codes = codes(&mut from, dictionary.len())?;
            Column::Dictionary(DictionaryColumn { dictionary, codes })
        }
        tag::USERS => Column::Users(users(&mut from)?),
        tag::FLAGS => Column::Flags(bitmap(&mut from)?),
        tag::INTEGERS => {
            let present = bitmap(&mut from)?;
            let values = from.planes(present.len(), i64::from_le_bytes)?;
            ensure((0..values.len()).all(|row| present.get(row) || values[row] == 0), "an absent number is not zero")?;
            Column::Integers(Integers { present, values })
        }
        tag::EVENT_IDS => {
            let len = from.len()?;
            let bytes = from.bytes(len.saturating_mul(16))?;
            Column::EventIds(bytes.as_chunks().0.to_vec())
        }
        _ => return Err(DecodeError::Damaged("it is of no known kind")),
    };
    from.end()?;
    Ok(column)
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), DecodeError> {
    if holds { Ok(()) } else { Err(DecodeError::Damaged(otherwise)) }
}

fn bitmap(from: &mut Reader<'_>) -> Result<Bitmap, DecodeError> {
    let len = from.len()?;
    let bytes = from.bytes(len.div_ceil(64) * 8)?;
    let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    Bitmap::from_words(words, len).ok_or(DecodeError::Damaged("bits lie beyond the end"))
}

fn visitors(from: &mut Reader<'_>) -> Result<Visitors, DecodeError> {
    let starts = bitmap(from)?;
    let identified_rows = from.len()?;
    ensure(identified_rows <= starts.len(), "there are more visitors than rows")?;
    ensure(identified_rows == 0 || starts.get(0), "the first visitor has no first row")?;
    let last_start = starts.ones().last();
    ensure(last_start.is_none_or(|row| row < identified_rows), "a visitor begins where none can be")?;
    Ok(Visitors { runs: Runs::new(starts), identified_rows })
}

fn visitor_hashes(from: &mut Reader<'_>) -> Result<Vec<i64>, DecodeError> {
    let len = from.len()?;
    let mut hashes = from.planes(len, i64::from_le_bytes)?;
    let mut previous = 0i64;
    for hash in &mut hashes {
        previous = previous.wrapping_add(*hash);
        *hash = previous;
    }
    ensure(hashes.is_sorted_by(|one, two| one < two), "the visitors are not in order")?;
    Ok(hashes)
}

fn times(from: &mut Reader<'_>) -> Result<Times, DecodeError> {
    let earliest = from.i64()?;
    ensure(earliest.checked_add(i64::from(u32::MAX)).is_some(), "the time is out of range")?;
    let len = from.len()?;
    let mut offsets_ms = from.planes(len, u32::from_le_bytes)?;
    let mut previous = 0u32;
    for offset_ms in &mut offsets_ms {
        let difference = (*offset_ms >> 1) as i32 ^ -((*offset_ms & 1) as i32);
        previous = previous.wrapping_add(difference as u32);
        *offset_ms = previous;
    }
    Ok(Times::new(Millis(earliest), offsets_ms))
}

fn dictionary(from: &mut Reader<'_>) -> Result<Dictionary, DecodeError> {
    let number_count = from.len()?;
    let bytes = from.bytes(number_count.saturating_mul(8))?;
    let numbers = bytes.as_chunks().0.iter().map(|bits| f64::from_bits(u64::from_le_bytes(*bits))).collect();
    let text_count = from.len()?;
    let mut text_ends = from.planes(text_count, u32::from_le_bytes)?;
    let mut end = 0u32;
    for len in &mut text_ends {
        end = end.checked_add(*len).ok_or(DecodeError::Damaged("a text is too long"))?;
        *len = end;
    }
    let text = std::str::from_utf8(from.bytes(end as usize)?).map_err(|_| DecodeError::Damaged("a text is no text"))?;
    let bools = match from.u8()? {
        0 => vec![],
        1 => vec![false],
        2 => vec![true],
        3 => vec![false, true],
        _ => return Err(DecodeError::Damaged("it is neither true nor false")),
    };
    let dictionary = Dictionary { numbers, text: text.to_owned(), text_ends, bools };
    ensure(dictionary.is_well_formed(), "the dictionary is not in order")?;
    Ok(dictionary)
}

fn users(from: &mut Reader<'_>) -> Result<UserColumn, DecodeError> {
    let len = from.len()?;
    let bytes = from.bytes(len.saturating_mul(16))?;
    let users: Vec<UserHash> = bytes.as_chunks().0.iter().map(|hash| UserHash(*hash)).collect();
    ensure(users.is_sorted_by(|one, two| one < two), "the users are not in order")?;
    let codes = codes(from, users.len())?;
    Ok(UserColumn::new(users, codes))
}

fn codes(from: &mut Reader<'_>, value_count: usize) -> Result<Codes, DecodeError> {
    let len = from.len()?;
    let codes = match from.u8()? {
        1 => Codes::U8(from.bytes(len)?.to_vec()),
        2 => Codes::U16(from.planes(len, u16::from_le_bytes)?),
        4 => Codes::U32(from.planes(len, u32::from_le_bytes)?),
        _ => return Err(DecodeError::Damaged("its codes have no known width")),
    };
    let largest = match &codes {
        Codes::U8(codes) => codes.iter().copied().reduce(Ord::max).map(usize::from),
        Codes::U16(codes) => codes.iter().copied().reduce(Ord::max).map(usize::from),
        Codes::U32(codes) => codes.iter().max().map(|code| *code as usize),
    };
    ensure(largest.is_none_or(|largest| largest <= value_count), "a code has no value")?;
    Ok(codes)
}
