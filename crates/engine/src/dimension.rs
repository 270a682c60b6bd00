use analytics_domain::{Dimension, DimensionField};
use analytics_segment::{BLOCK_ROWS, Codes, Dictionary, names};

use crate::{
    block::Block,
    sessions::{NO_ROW, Sessions},
    view::DayView,
};

/// The codes that one dimension gives to the rows and sessions of a day. 0 is absent.
pub(crate) struct DimensionCodes<'a> {
    column: Option<(&'a Dictionary, &'a Codes)>,
    by_session: Option<Vec<u32>>,
    /// An event without a session has an entry and an exit page only when it is a view.
    own_of_views_only: bool,
}

impl<'a> DimensionCodes<'a> {
    /// `sessions` must be there for a session dimension.
    pub(crate) fn new(dimension: &Dimension, view: &'a DayView, sessions: Option<&Sessions>) -> Self {
        let column = view.dictionary(&names::of_dimension(dimension)).map(|column| (&column.dictionary, &column.codes));
        let field = match dimension {
            Dimension::Field(field) if field.is_session_dimension() => Some(*field),
            _ => None,
        };
        let by_session = field.zip(column).zip(sessions).map(|((field, (_, codes)), sessions)| {
            let row_of = |session: &crate::sessions::Session| match field {
                DimensionField::EntryPage => session.first_view,
                DimensionField::ExitPage => session.last_view,
                _ => session.speaking_row(),
            };
            let code_of = |row: u32| if row == NO_ROW { 0 } else { codes.get(row as usize) };
            sessions.all().iter().map(|session| code_of(row_of(session))).collect()
        });
        let own_of_views_only = matches!(field, Some(DimensionField::EntryPage | DimensionField::ExitPage));
        Self { column, by_session, own_of_views_only }
    }

    /// The values; none when no event of the day has the dimension.
    pub(crate) fn dictionary(&self) -> Option<&'a Dictionary> {
        self.column.map(|(dictionary, _)| dictionary)
    }

    /// How many codes there are, absent included.
    pub(crate) fn code_count(&self) -> usize {
        self.dictionary().map_or(0, Dictionary::len) + 1
    }

    /// The code of a session; 0 for a dimension that sessions do not have.
    pub(crate) fn of_session(&self, session: usize) -> u32 {
        self.by_session.as_ref().map_or(0, |codes| codes[session])
    }

    /// Writes the code of each row of the block.
    pub(crate) fn unpack(&self, block: &Block<'_>, out: &mut [u32; BLOCK_ROWS]) {
        let Some((_, codes)) = self.column else {
            out.fill(0);
            return;
        };
        let Some(by_session) = &self.by_session else {
            codes.unpack(block.first_row, &mut out[..block.rows]);
            return;
        };
        let (identified, own) = out[..block.rows].split_at_mut(block.identified);
        for (out, session) in identified.iter_mut().zip(block.session_numbers.iter()) {
            // Events after as_of may have no session: nobody looks at them.
            *out = by_session.get(*session as usize).copied().unwrap_or(0);
        }
        if own.is_empty() {
            return;
        }
        codes.unpack(block.first_row + block.identified, own);
        if self.own_of_views_only {
            let views = block.views();
            for (place, code) in own.iter_mut().enumerate() {
                let row = block.identified + place;
                if views[row / 64] >> (row % 64) & 1 == 0 {
                    *code = 0;
                }
            }
        }
    }
}
