//! Which group each row and each session of a day is in.

use analytics_segment::BLOCK_ROWS;

use crate::{
    block::{Block, Mask},
    buckets::DayBuckets,
    combinations::{CodeTuple, Combinations},
    dimension::DimensionCodes,
    plan::{Groups, Plan},
    sessions::{Session, Sessions},
    view::DayView,
};

/// How the day's groups are numbered.
pub(crate) enum DayGroups<'a> {
    Single,
    Buckets(DayBuckets),
    Combinations(Combinations<'a>),
    /// Only group 0, without the rows and sessions of these combinations.
    Except {
        combinations: Combinations<'a>,
        left_out: Vec<bool>,
    },
}

/// What is known about the groups of a block's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowGroups {
    /// All are group 0 and nothing was written.
    AllZero,
    /// Neighbours mostly are of one group.
    Neighbouring,
    /// Anything.
    Mixed,
}

impl<'a> DayGroups<'a> {
    pub(crate) fn new(plan: &Plan, view: &'a DayView, sessions: Option<&Sessions>) -> Self {
        let combinations = || {
            let codes = plan.dimensions().iter().map(|dimension| DimensionCodes::new(dimension, view, sessions));
            Combinations::new(codes.collect(), view.row_count())
        };
        match &plan.groups {
            Groups::Single => Self::Single,
            Groups::Buckets(buckets) => Self::Buckets(DayBuckets::new(buckets, view.times())),
            Groups::Dimensions(_) => Self::Combinations(combinations()),
            Groups::Except(_, tuples) => {
                let mut combinations = combinations();
                let mut left_out = Vec::new();
                for tuple in tuples.iter() {
                    let codes = combinations.dimensions().iter().zip(tuple).map(|(dimension, value)| match value {
                        None => Some(0),
                        Some(value) => dimension.dictionary().and_then(|dictionary| dictionary.code_of(value)),
                    });
                    let Some(codes) = codes.collect::<Option<Vec<u32>>>() else { continue };
                    let mut tuple = CodeTuple::default();
                    tuple[..codes.len()].copy_from_slice(&codes);
                    let number = combinations.number(tuple) as usize;
                    left_out.resize(left_out.len().max(number + 1), false);
                    left_out[number] = true;
                }
                Self::Except { combinations, left_out }
            }
        }
    }

    /// How many groups there are or can be; none when that shows only row by row.
    pub(crate) fn known_count(&self) -> Option<usize> {
        match self {
            Self::Combinations(combinations) if combinations.is_sparse() => None,
            _ => Some(self.count()),
        }
    }

    /// How many groups there are so far.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Single | Self::Except { .. } => 1,
            Self::Buckets(buckets) => buckets.count(),
            Self::Combinations(combinations) => combinations.count(),
        }
    }

    /// Writes the group of each row of the mask, and removes from the mask the rows that are in none.
    pub(crate) fn unpack(
        &mut self,
        view: &DayView,
        block: &Block<'_>,
        mask: &mut Mask,
        out: &mut [u32; BLOCK_ROWS],
    ) -> RowGroups {
        match self {
            Self::Single => RowGroups::AllZero,
            Self::Buckets(buckets) if buckets.count() == 1 => RowGroups::AllZero,
            Self::Buckets(buckets) => {
                buckets.unpack(view.times().offsets_ms(), block, out);
                RowGroups::Neighbouring
            }
            Self::Combinations(combinations) => {
                combinations.unpack(block, mask, out);
                RowGroups::Mixed
            }
            Self::Except { combinations, left_out } => {
                combinations.unpack(block, mask, out);
                for (word, groups) in mask.iter_mut().zip(out.chunks_exact(64)) {
                    let mut remaining = 0;
                    for (bit, group) in groups.iter().enumerate() {
                        remaining |= u64::from(!left_out.get(*group as usize).is_some_and(|out| *out)) << bit;
                    }
                    *word &= remaining;
                }
                RowGroups::AllZero
            }
        }
    }

    /// The group of a session that is of one group only; none when it is left out.
    pub(crate) fn of_session(&mut self, number: usize, session: &Session) -> Option<u32> {
        match self {
            Self::Single => Some(0),
            Self::Buckets(buckets) => Some(buckets.of(session.start_ms)),
            Self::Combinations(combinations) => Some(combinations.of_session(number)),
            Self::Except { combinations, left_out } => {
                let group = combinations.of_session(number) as usize;
                (!left_out.get(group).is_some_and(|out| *out)).then_some(0)
            }
        }
    }
}
