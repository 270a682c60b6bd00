use analytics_domain::{Condition, Dimension, Filter};
use analytics_segment::{BLOCK_ROWS, Bitmap, names};

use crate::{
    block::{Block, Mask, NO_ROWS, for_each_row, intersect, mask_of},
    dimension::DimensionCodes,
    sessions::Sessions,
    stop::{Stop, Stopped},
    value_test::passes,
    view::DayView,
    window::Window,
};

/// Calls `each` with every dimension that the filter compares.
pub(crate) fn for_each_dimension(filter: &Filter, each: &mut dyn FnMut(&Dimension)) {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => {
            filters.iter().for_each(|filter| for_each_dimension(filter, each));
        }
        Filter::Not(filter) | Filter::ActorDid(filter) => for_each_dimension(filter, each),
        Filter::Condition(condition) => each(&condition.dimension),
    }
}

/// The name of the column that a dimension is read from.
pub(crate) fn column_of(dimension: &Dimension) -> String {
    names::of_dimension(dimension)
}

/// A filter made for one day: every test is done once for each value of the day, not once for each event.
pub(crate) enum DayFilter<'a> {
    Constant(bool),
    All(Vec<DayFilter<'a>>),
    Any(Vec<DayFilter<'a>>),
    Not(Box<DayFilter<'a>>),
    /// Rows whose code passes.
    Codes {
        dimension: DimensionCodes<'a>,
        passing: Vec<bool>,
    },
    /// Rows of these visitors.
    Visitors(Bitmap),
}

impl<'a> DayFilter<'a> {
    /// `range` is the range of the question: what an actor did counts inside it only.
    pub(crate) fn new(
        filter: &Filter,
        view: &'a DayView,
        sessions: Option<&'a Sessions>,
        range: Window,
        stop: &Stop,
    ) -> Result<Self, Stopped> {
        let each = |filters: &[Filter]| {
            filters.iter().map(|part| Self::new(part, view, sessions, range, stop)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match filter {
            Filter::All(filters) => Self::All(each(filters)?),
            Filter::Any(filters) => Self::Any(each(filters)?),
            Filter::Not(part) => match Self::new(part, view, sessions, range, stop)? {
                Self::Constant(holds) => Self::Constant(!holds),
                part => Self::Not(Box::new(part)),
            },
            Filter::Condition(condition) => Self::condition(condition, view, sessions),
            Filter::ActorDid(part) => {
                let part = Self::new(part, view, sessions, range, stop)?;
                Self::Visitors(visitors_who(&part, view, sessions, range, stop)?)
            }
        })
    }

    fn condition(condition: &Condition, view: &'a DayView, sessions: Option<&Sessions>) -> Self {
        let dimension = DimensionCodes::new(&condition.dimension, view, sessions);
        let values = dimension.dictionary().into_iter().flat_map(|dictionary| dictionary.values());
        let passing: Vec<bool> =
            std::iter::once(None).chain(values.map(Some)).map(|value| passes(&condition.test, value)).collect();
        match passing[0] {
            first if passing.iter().all(|pass| *pass == first) => Self::Constant(first),
            _ => Self::Codes { dimension, passing },
        }
    }

    /// Whether no event can pass.
    pub(crate) fn is_never(&self) -> bool {
        match self {
            Self::Constant(holds) => !holds,
            Self::All(parts) => parts.iter().any(Self::is_never),
            Self::Any(parts) => parts.iter().all(Self::is_never),
            _ => false,
        }
    }

    /// The rows of the block that pass.
    pub(crate) fn rows(&self, block: &Block<'_>) -> Mask {
        match self {
            Self::Constant(true) => block.all(),
            Self::Constant(false) => NO_ROWS,
            Self::All(parts) => {
                parts.iter().fold(
                    block.all(),
                    |mask, part| {
                        if mask == NO_ROWS { mask } else { intersect(&mask, &part.rows(block)) }
                    },
                )
            }
            Self::Any(parts) => parts.iter().fold(NO_ROWS, |mask, part| {
                let more = part.rows(block);
                std::array::from_fn(|word| mask[word] | more[word])
            }),
            Self::Not(part) => {
                let (all, part) = (block.all(), part.rows(block));
                std::array::from_fn(|word| all[word] & !part[word])
            }
            Self::Codes { dimension, passing } => {
                let mut codes = [0; BLOCK_ROWS];
                dimension.unpack(block, &mut codes);
                mask_of(&codes[..block.rows], |code| passing[*code as usize])
            }
            Self::Visitors(visitors) => {
                mask_of(&block.visitors[..block.identified], |visitor| visitors.get(*visitor as usize))
            }
        }
    }
}

/// The visitors that have an event in the range that passes.
fn visitors_who(
    filter: &DayFilter<'_>,
    view: &DayView,
    sessions: Option<&Sessions>,
    range: Window,
    stop: &Stop,
) -> Result<Bitmap, Stopped> {
    let mut visitors = Bitmap::zeros(view.visitors().runs().count());
    let mut block = Block::new(view, sessions);
    for index in 0..view.block_count() {
        stop.check()?;
        block.enter(index);
        let did = intersect(&intersect(&block.within(range), &block.with_visitor()), &filter.rows(&block));
        for_each_row(&did, |row| visitors.set(block.visitors[row] as usize));
    }
    Ok(visitors)
}
