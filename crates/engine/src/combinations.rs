use analytics_segment::BLOCK_ROWS;
use foldhash::{HashMap, HashMapExt};

use crate::{
    block::{Block, Mask, for_each_row},
    dimension::DimensionCodes,
};

/// The most dimensions that can be combined.
pub(crate) const MAX_DIMENSIONS: usize = 3;

/// One code for each dimension; the places beyond the last dimension are 0.
pub(crate) type CodeTuple = [u32; MAX_DIMENSIONS];

/// Numbers the combinations of values that the rows of a day have.
pub(crate) struct Combinations<'a> {
    dimensions: Vec<DimensionCodes<'a>>,
    numbering: Numbering,
    scratch: Box<[u32; BLOCK_ROWS]>,
    tuples: Vec<CodeTuple>,
}

enum Numbering {
    /// The number is made of the codes, each multiplied by its stride.
    Direct { strides: CodeTuple, count: usize },
    /// There are too many possible combinations: only those that occur get a number.
    Sparse { numbers: HashMap<CodeTuple, u32>, tuples: Vec<CodeTuple> },
}

impl<'a> Combinations<'a> {
    pub(crate) fn new(dimensions: Vec<DimensionCodes<'a>>, row_count: usize) -> Self {
        let mut strides = [0; MAX_DIMENSIONS];
        let mut count: u128 = 1;
        for (stride, dimension) in strides.iter_mut().zip(&dimensions) {
            // Where it does not fit, the count is above the limit and the strides are not used.
            *stride = count as u32;
            count = count.saturating_mul(dimension.code_count() as u128);
        }
        let limit = (row_count as u128 * 4).clamp(1 << 16, 1 << 24);
        let numbering = if count <= limit {
            Numbering::Direct { strides, count: count as usize }
        } else {
            Numbering::Sparse { numbers: HashMap::new(), tuples: Vec::new() }
        };
        Self { dimensions, numbering, scratch: Box::new([0; BLOCK_ROWS]), tuples: Vec::new() }
    }

    pub(crate) fn dimensions(&self) -> &[DimensionCodes<'a>] {
        &self.dimensions
    }

    /// Numbers go up to here so far.
    pub(crate) fn count(&self) -> usize {
        match &self.numbering {
            Numbering::Direct { count, .. } => *count,
            Numbering::Sparse { tuples, .. } => tuples.len(),
        }
    }

    /// Whether only combinations that occur have a number.
    pub(crate) fn is_sparse(&self) -> bool {
        matches!(self.numbering, Numbering::Sparse { .. })
    }

    /// The number of a combination.
    pub(crate) fn number(&mut self, tuple: CodeTuple) -> u32 {
        match &mut self.numbering {
            Numbering::Direct { strides, .. } => (0..MAX_DIMENSIONS).map(|place| tuple[place] * strides[place]).sum(),
            Numbering::Sparse { numbers, tuples } => *numbers.entry(tuple).or_insert_with(|| {
                tuples.push(tuple);
                tuples.len() as u32 - 1
            }),
        }
    }

    /// The combination of a number.
    pub(crate) fn tuple(&self, number: u32) -> CodeTuple {
        match &self.numbering {
            Numbering::Direct { .. } => {
                let mut rest = number;
                let mut tuple = [0; MAX_DIMENSIONS];
                for (code, dimension) in tuple.iter_mut().zip(&self.dimensions) {
                    let count = dimension.code_count() as u32;
                    *code = rest % count;
                    rest /= count;
                }
                tuple
            }
            Numbering::Sparse { tuples, .. } => tuples[number as usize],
        }
    }

    /// The number of the combination of a session, whose dimensions are all dimensions of sessions.
    pub(crate) fn of_session(&mut self, session: usize) -> u32 {
        let mut tuple = [0; MAX_DIMENSIONS];
        for (code, dimension) in tuple.iter_mut().zip(&self.dimensions) {
            *code = dimension.of_session(session);
        }
        self.number(tuple)
    }

    /// Writes the number of each row of the mask; what the other rows get means nothing.
    pub(crate) fn unpack(&mut self, block: &Block<'_>, mask: &Mask, out: &mut [u32; BLOCK_ROWS]) {
        let Self { dimensions, numbering, scratch, tuples } = self;
        match numbering {
            Numbering::Direct { strides, .. } => {
                for (place, dimension) in dimensions.iter().enumerate() {
                    if place == 0 {
                        dimension.unpack(block, out);
                        continue;
                    }
                    dimension.unpack(block, scratch);
                    out.iter_mut().zip(scratch.iter()).for_each(|(out, code)| {
                        *out = out.wrapping_add(code.wrapping_mul(strides[place]));
                    });
                }
            }
            Numbering::Sparse { numbers, tuples: known } => {
                tuples.clear();
                tuples.resize(BLOCK_ROWS, [0; MAX_DIMENSIONS]);
                for (place, dimension) in dimensions.iter().enumerate() {
                    dimension.unpack(block, scratch);
                    tuples.iter_mut().zip(scratch.iter()).for_each(|(tuple, code)| tuple[place] = *code);
                }
                for_each_row(mask, |row| {
                    out[row] = *numbers.entry(tuples[row]).or_insert_with(|| {
                        known.push(tuples[row]);
                        known.len() as u32 - 1
                    });
                });
            }
        }
    }
}
