//! Answers of both sides in one form, and whether two are equal.

use std::fmt;

use analytics_domain::{Breakdown, MetricValue, PropertyValue, Totals, Trend};
use serde::{Deserialize, Serialize};

/// How far two rates may lie apart, relative to their size: sums in another order differ in their last bits.
const RATE_TOLERANCE: f64 = 1e-9;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    /// A value that is absent.
    Absent(()),
    /// A count, or an instant in milliseconds.
    Count(i64),
    /// A rate, a mean or a duration.
    Number(f64),
    /// The value of a dimension.
    Text(String),
}

/// The rows of an answer, in order; what it says beside them is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Table(pub(crate) Vec<Vec<Cell>>);

/// The first place in which two tables differ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Difference {
    RowCounts(usize, usize),
    Cells { row: usize, ours: Vec<Cell>, theirs: Vec<Cell> },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowCounts(ours, theirs) => write!(f, "we have {ours} rows and DuckDB has {theirs}"),
            Self::Cells { row, ours, theirs } => {
                write!(f, "in row {row} we have {ours:?} and DuckDB has {theirs:?}")
            }
        }
    }
}

impl Table {
    /// Compares with the other side's answer: texts and counts exactly, rates within 10⁻⁹ of their size.
    pub(crate) fn compare(&self, theirs: &Self) -> Result<(), Difference> {
        for (row, (ours, theirs)) in self.0.iter().zip(&theirs.0).enumerate() {
            let equal = ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, two)| is_equal(one, two));
            if !equal {
                return Err(Difference::Cells { row, ours: ours.clone(), theirs: theirs.clone() });
            }
        }
        if self.0.len() == theirs.0.len() { Ok(()) } else { Err(Difference::RowCounts(self.0.len(), theirs.0.len())) }
    }
}

fn is_equal(one: &Cell, two: &Cell) -> bool {
    match (one, two) {
        (Cell::Number(one), Cell::Number(two)) => (one - two).abs() <= RATE_TOLERANCE * one.abs().max(two.abs()),
        _ => one == two,
    }
}

impl From<&Totals> for Table {
    fn from(totals: &Totals) -> Self {
        Self(vec![cells(&totals.values).collect()])
    }
}

impl From<&Trend> for Table {
    fn from(trend: &Trend) -> Self {
        let row = |point: &analytics_domain::TrendPoint| {
            std::iter::once(Cell::Count(point.bucket.interval.start.0)).chain(cells(&point.values)).collect()
        };
        Self(trend.points.iter().map(row).collect())
    }
}

impl From<&Breakdown> for Table {
    fn from(breakdown: &Breakdown) -> Self {
        let row = |row: &analytics_domain::BreakdownRow| {
            row.dimensions.iter().map(dimension).chain(cells(&row.values)).collect()
        };
        let mut rows: Vec<Vec<Cell>> = breakdown.rows.iter().map(row).collect();
        if let Some(others) = &breakdown.others {
            let name = Cell::Text(format!("{} others", others.row_count));
            rows.push(std::iter::once(name).chain(cells(&others.values)).collect());
        }
        Self(rows)
    }
}

fn cells(values: &[MetricValue]) -> impl Iterator<Item = Cell> {
    values.iter().map(|value| match *value {
        MetricValue::Absent => Cell::Absent(()),
        MetricValue::Count(count) => Cell::Count(count),
        MetricValue::Number(number) => Cell::Number(number),
    })
}

fn dimension(value: &Option<PropertyValue>) -> Cell {
    match value {
        None => Cell::Absent(()),
        Some(PropertyValue::String(text)) => Cell::Text(text.clone()),
        Some(PropertyValue::Number(number)) => Cell::Number(*number),
        Some(PropertyValue::Bool(value)) => Cell::Text(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(json: &str) -> Table {
        serde_json::from_str(json).expect("a table")
    }

    #[test]
    fn every_kind_of_cell_survives_the_way_between_processes() {
        let table = table(r#"[["/a", null, 3, 0.5, 2.0]]"#);
        let cells =
            vec![Cell::Text("/a".to_owned()), Cell::Absent(()), Cell::Count(3), Cell::Number(0.5), Cell::Number(2.0)];
        assert_eq!(table.0, [cells]);
        assert_eq!(serde_json::to_string(&table).expect("json"), r#"[["/a",null,3,0.5,2.0]]"#);
    }

    #[test]
    fn rates_may_differ_in_their_last_bits_and_in_nothing_more() {
        let ours = table("[[0.3333333333333333]]");
        assert_eq!(ours.compare(&table("[[0.3333333333333335]]")), Ok(()));
        assert!(ours.compare(&table("[[0.333333334]]")).is_err());
        assert_eq!(table("[[0.0]]").compare(&table("[[0.0]]")), Ok(()));
        assert!(table("[[0.0]]").compare(&table("[[null]]")).is_err());
    }

    #[test]
    fn counts_texts_and_their_order_must_be_the_same() {
        let ours = table(r#"[["/a", 2], ["/b", 1]]"#);
        assert_eq!(ours.compare(&ours), Ok(()));
        for theirs in [r#"[["/a", 2], ["/b", 2]]"#, r#"[["/b", 1], ["/a", 2]]"#, r#"[["/a", 2.0], ["/b", 1]]"#] {
            assert!(matches!(ours.compare(&table(theirs)), Err(Difference::Cells { .. })), "{theirs}");
        }
        assert!(matches!(ours.compare(&table(r#"[["/a", 2, 3], ["/b", 1]]"#)), Err(Difference::Cells { row: 0, .. })));
    }

    #[test]
    fn a_table_that_is_only_the_beginning_of_the_other_is_not_equal() {
        let (long, short) = (table(r#"[["/a", 2], ["/b", 1]]"#), table(r#"[["/a", 2]]"#));
        assert_eq!(long.compare(&short), Err(Difference::RowCounts(2, 1)));
        assert_eq!(short.compare(&long), Err(Difference::RowCounts(1, 2)));
        assert_eq!(short.compare(&table("[]")), Err(Difference::RowCounts(1, 0)));
    }
}
