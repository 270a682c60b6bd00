use analytics_segment::{BLOCK_ROWS, Codes, names};

use crate::{sessions::Sessions, view::DayView, window::Window};

/// A bit for each row of a block.
pub(crate) type Mask = [u64; BLOCK_ROWS / 64];

pub(crate) const NO_ROWS: Mask = [0; BLOCK_ROWS / 64];

/// One block of a day with its numberings unpacked.
pub(crate) struct Block<'a> {
    view: &'a DayView,
    sessions: Option<&'a Sessions>,
    view_code: Option<(&'a Codes, u32)>,
    pub(crate) first_row: usize,
    /// How many rows it has.
    pub(crate) rows: usize,
    /// How many of them, the first ones, have a visitor.
    pub(crate) identified: usize,
    /// The visitor number of each row that has one.
    pub(crate) visitors: Box<[u32; BLOCK_ROWS]>,
    /// The session number of each row that has one, when sessions were asked for.
    pub(crate) session_numbers: Box<[u32; BLOCK_ROWS]>,
}

impl<'a> Block<'a> {
    pub(crate) fn new(view: &'a DayView, sessions: Option<&'a Sessions>) -> Self {
        let view_code =
            view.dictionary("kind").and_then(|kind| Some((&kind.codes, kind.dictionary.code_of_text("view")?)));
        Self {
            view,
            sessions,
            view_code,
            first_row: 0,
            rows: 0,
            identified: 0,
            visitors: Box::new([0; BLOCK_ROWS]),
            session_numbers: Box::new([0; BLOCK_ROWS]),
        }
    }

    /// Moves to another block of the day.
    pub(crate) fn enter(&mut self, block: usize) {
        self.first_row = block * BLOCK_ROWS;
        self.rows = self.view.visitors().runs().unpack(block, &mut self.visitors);
        self.identified = self.view.visitors().identified_rows().saturating_sub(self.first_row).min(self.rows);
        if let Some(sessions) = self.sessions
            && self.identified > 0
        {
            sessions.runs().unpack(block, &mut self.session_numbers);
        }
    }

    /// Its rows.
    pub(crate) fn all(&self) -> Mask {
        first_rows(self.rows)
    }

    /// Its rows with a visitor.
    pub(crate) fn with_visitor(&self) -> Mask {
        first_rows(self.identified)
    }

    /// Its rows whose time lies in the window.
    pub(crate) fn within(&self, window: Window) -> Mask {
        let offsets_ms = &self.view.times().offsets_ms()[self.first_row..self.first_row + self.rows];
        if window.is_empty() { NO_ROWS } else { mask_of(offsets_ms, window.test()) }
    }

    /// Its rows that are views.
    pub(crate) fn views(&self) -> Mask {
        self.view_code.map_or(NO_ROWS, |(codes, view)| self.rows_where(codes, |code| code == view))
    }

    /// Its rows with a user.
    pub(crate) fn with_user(&self) -> Mask {
        let Some(users) = self.view.users() else { return NO_ROWS };
        let words = &users.present().words()[self.first_row / 64..];
        std::array::from_fn(|word| words.get(word).copied().unwrap_or(0))
    }

    fn rows_where(&self, codes: &Codes, holds: impl Fn(u32) -> bool) -> Mask {
        let rows = self.first_row..self.first_row + self.rows;
        match codes {
            Codes::U8(codes) => mask_of(&codes[rows], |code| holds((*code).into())),
            Codes::U16(codes) => mask_of(&codes[rows], |code| holds((*code).into())),
            Codes::U32(codes) => mask_of(&codes[rows], |code| holds(*code)),
        }
    }
}

/// A bit for each item that passes.
pub(crate) fn mask_of<T>(items: &[T], passes: impl Fn(&T) -> bool) -> Mask {
    let mut mask = NO_ROWS;
    for (word, items) in mask.iter_mut().zip(items.chunks(64)) {
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(items).for_each(|(byte, item)| *byte = u8::from(passes(item)));
        *word = pack(&bytes);
    }
    mask
}

/// A bit for each byte, which is 0 or 1. Compilers vectorise the comparisons that make bytes but not those that make bits.
fn pack(bytes: &[u8; 64]) -> u64 {
    /// Moves the lowest bit of each of eight bytes into the highest byte, the first one's lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut word = 0;
    for (place, eight) in bytes.as_chunks().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (place * 8);
    }
    word
}

/// The bits of the first `rows` rows.
fn first_rows(rows: usize) -> Mask {
    std::array::from_fn(|word| match rows.saturating_sub(word * 64) {
        0 => 0,
        rest if rest >= 64 => u64::MAX,
        rest => (1 << rest) - 1,
    })
}

pub(crate) fn intersect(one: &Mask, two: &Mask) -> Mask {
    std::array::from_fn(|word| one[word] & two[word])
}

/// Calls `row` with each row of the mask, ascending.
pub(crate) fn for_each_row(mask: &Mask, mut row: impl FnMut(usize)) {
    for (word, bits) in mask.iter().enumerate() {
        for_each_bit(*bits, |bit| row(word * 64 + bit));
    }
}

pub(crate) fn for_each_bit(bits: u64, mut each: impl FnMut(usize)) {
    if bits == u64::MAX {
        (0..64).for_each(each);
        return;
    }
    let mut rest = bits;
    while rest != 0 {
        each(rest.trailing_zeros() as usize);
        rest &= rest - 1;
    }
}

/// The columns that every block needs.
pub(crate) const ALWAYS_NEEDED: [&str; 3] = [names::VISITOR, names::TIME, names::USER];
