use std::{collections::HashMap, sync::Arc};

use analytics_segment::{BLOCK_ROWS, Bitmap, Column, DictionaryColumn, Times, UserColumn, Visitors, names};

/// The columns of one day that a question needs. All have the same number of rows.
#[derive(Debug, Clone)]
pub(crate) struct DayView {
    columns: HashMap<String, Arc<Column>>,
    row_count: usize,
}

/// Columns that do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the column `{0}` is not as it must be")]
pub(crate) struct MisfitColumn(String);

impl DayView {
    /// Checks kinds and lengths, so that the loops need not.
    pub(crate) fn new(columns: HashMap<String, Arc<Column>>) -> Result<Self, MisfitColumn> {
        let rows_of = |name: &str| columns.get(name).and_then(|column| column.row_count());
        let row_count = rows_of(names::VISITOR).ok_or_else(|| MisfitColumn(names::VISITOR.to_owned()))?;
        if rows_of(names::TIME) != Some(row_count) {
            return Err(MisfitColumn(names::TIME.to_owned()));
        }
        for (name, column) in &columns {
            let right_kind = match (name.as_str(), &**column) {
                (names::VISITOR, Column::Visitors(_))
                | (names::TIME, Column::Times(_))
                | (names::INTERACTIVE, Column::Flags(_))
                | (names::USER, Column::Users(_)) => true,
                (names::VISITOR | names::TIME | names::INTERACTIVE | names::USER, _) => false,
                (_, column) => matches!(column, Column::Dictionary(_)),
            };
            if !right_kind || column.row_count() != Some(row_count) {
                return Err(MisfitColumn(name.clone()));
            }
        }
        Ok(Self { columns, row_count })
    }

    pub(crate) fn row_count(&self) -> usize {
        self.row_count
    }

    pub(crate) fn block_count(&self) -> usize {
        self.row_count.div_ceil(BLOCK_ROWS)
    }

    pub(crate) fn visitors(&self) -> &Visitors {
        match self.columns.get(names::VISITOR).map(|column| &**column) {
            Some(Column::Visitors(visitors)) => visitors,
            _ => unreachable!("checked when the view was made"),
        }
    }

    pub(crate) fn times(&self) -> &Times {
        match self.columns.get(names::TIME).map(|column| &**column) {
            Some(Column::Times(times)) => times,
            _ => unreachable!("checked when the view was made"),
        }
    }

    pub(crate) fn users(&self) -> Option<&UserColumn> {
        match &**self.columns.get(names::USER)? {
            Column::Users(users) => Some(users),
            _ => None,
        }
    }

    pub(crate) fn interactive(&self) -> Option<&Bitmap> {
        match &**self.columns.get(names::INTERACTIVE)? {
            Column::Flags(flags) => Some(flags),
            _ => None,
        }
    }

    pub(crate) fn dictionary(&self, name: &str) -> Option<&DictionaryColumn> {
        match &**self.columns.get(name)? {
            Column::Dictionary(column) => Some(column),
            _ => None,
        }
    }
}
