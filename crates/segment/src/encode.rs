use bytes::Bytes;

use crate::{
    Bitmap, Codes, Column, Dictionary,
    wire::{Writer, seal},
};

/// The first byte of a payload.
pub(crate) mod tag {
    pub(crate) const VISITORS: u8 = 1;
    pub(crate) const VISITOR_HASHES: u8 = 2;
    pub(crate) const TIMES: u8 = 3;
    pub(crate) const DICTIONARY: u8 = 4;
    pub(crate) const USERS: u8 = 5;
    pub(crate) const FLAGS: u8 = 6;
    pub(crate) const INTEGERS: u8 = 7;
    pub(crate) const EVENT_IDS: u8 = 8;
}

/// The bytes in which a column is stored.
pub fn encode(column: &Column) -> Bytes {
    seal(&payload(column))
}

pub(crate) fn payload(column: &Column) -> Vec<u8> {
    let mut out = Writer::default();
    match column {
        Column::Visitors(visitors) => {
            out.u8(tag::VISITORS);
            bitmap(&mut out, visitors.runs.starts());
            out.len(visitors.identified_rows);
        }
        Column::VisitorHashes(hashes) => {
            out.u8(tag::VISITOR_HASHES);
            out.len(hashes.len());
            out.planes(differences(hashes).map(i64::to_le_bytes));
        }
        Column::Times(times) => {
            out.u8(tag::TIMES);
            out.i64(times.earliest.0);
            out.len(times.offsets_ms.len());
            // Within a visitor times ascend: the differences are small.
            let mut previous = 0;
            out.planes(times.offsets_ms.iter().map(|offset_ms| {
                let difference = zigzag(offset_ms.wrapping_sub(previous) as i32);
                previous = *offset_ms;
                difference.to_le_bytes()
            }));
        }
        Column::Dictionary(column) => {
            out.u8(tag::DICTIONARY);
            dictionary(&mut out, &column.dictionary);
            codes(&mut out, &column.codes);
        }
        Column::Users(column) => {
            out.u8(tag::USERS);
            out.len(column.users().len());
            column.users().iter().for_each(|user| out.bytes(&user.0));
            codes(&mut out, column.codes());
        }
        Column::Flags(flags) => {
            out.u8(tag::FLAGS);
            bitmap(&mut out, flags);
        }
        Column::Integers(integers) => {
            out.u8(tag::INTEGERS);
            bitmap(&mut out, &integers.present);
            out.planes(integers.values.iter().map(|number| number.to_le_bytes()));
        }
        Column::EventIds(ids) => {
            out.u8(tag::EVENT_IDS);
            out.len(ids.len());
            ids.iter().for_each(|id| out.bytes(id));
        }
    }
    out.0
}

fn bitmap(out: &mut Writer, bitmap: &Bitmap) {
    out.len(bitmap.len());
    bitmap.words().iter().for_each(|word| out.bytes(&word.to_le_bytes()));
}

fn dictionary(out: &mut Writer, dictionary: &Dictionary) {
    out.len(dictionary.numbers.len());
    dictionary.numbers.iter().for_each(|number| out.bytes(&number.to_bits().to_le_bytes()));
    out.len(dictionary.text_ends.len());
    let mut start = 0;
    out.planes(dictionary.text_ends.iter().map(|end| {
        let len = end - start;
        start = *end;
        len.to_le_bytes()
    }));
    out.bytes(dictionary.text.as_bytes());
    out.u8(dictionary.bools.iter().map(|truth| if *truth { 2 } else { 1 }).sum());
}

fn codes(out: &mut Writer, codes: &Codes) {
    out.len(codes.len());
    match codes {
        Codes::U8(codes) => {
            out.u8(1);
            out.bytes(codes);
        }
        Codes::U16(codes) => {
            out.u8(2);
            out.planes(codes.iter().map(|code| code.to_le_bytes()));
        }
        Codes::U32(codes) => {
            out.u8(4);
            out.planes(codes.iter().map(|code| code.to_le_bytes()));
        }
    }
}

fn differences(numbers: &[i64]) -> impl ExactSizeIterator<Item = i64> {
    let mut previous = 0i64;
    numbers.iter().map(move |number| {
        let difference = number.wrapping_sub(previous);
        previous = *number;
        difference
    })
}

fn zigzag(number: i32) -> u32 {
    (number << 1 ^ number >> 31) as u32
}
