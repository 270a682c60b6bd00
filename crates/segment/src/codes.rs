/// A dictionary code for each row, as narrow as the largest allows. 0 stands for absent, `i` for the dictionary's value `i - 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// All are below 256.
    U8(Vec<u8>),
    /// All are below 65,536.
    U16(Vec<u16>),
    /// Any.
    U32(Vec<u32>),
}

impl Codes {
    /// Packs codes none of which is greater than `max`.
    pub fn pack(codes: impl Iterator<Item = u32>, max: u32) -> Self {
        match max {
            0..=0xff => Self::U8(codes.map(|code| code as u8).collect()),
            0x100..=0xffff => Self::U16(codes.map(|code| code as u16).collect()),
            _ => Self::U32(codes.collect()),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => codes[row].into(),
            Self::U16(codes) => codes[row].into(),
            Self::U32(codes) => codes[row],
        }
    }

    /// Writes the codes of `out.len()` rows from `first_row` on.
    pub fn unpack(&self, first_row: usize, out: &mut [u32]) {
        let rows = first_row..first_row + out.len();
        match self {
            Self::U8(codes) => out.iter_mut().zip(&codes[rows]).for_each(|(out, code)| *out = (*code).into()),
            Self::U16(codes) => out.iter_mut().zip(&codes[rows]).for_each(|(out, code)| *out = (*code).into()),
            Self::U32(codes) => out.copy_from_slice(&codes[rows]),
        }
    }

    /// The codes of all rows.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::U8(codes) => Box::new(codes.iter().map(|code| (*code).into())),
            Self::U16(codes) => Box::new(codes.iter().map(|code| (*code).into())),
            Self::U32(codes) => Box::new(codes.iter().copied()),
        }
    }

    /// How many bytes it occupies in memory.
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len() * 2,
            Self::U32(codes) => codes.len() * 4,
        }
    }
}
