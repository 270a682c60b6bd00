use std::cmp::Ordering;

use analytics_domain::{BreakdownOthers, BreakdownRow, BreakdownSpec, MetricValue};

use crate::{EngineError, combinations::MAX_DIMENSIONS, merger::Merged, sums::Sums};

/// The rows of a breakdown, and what has no row.
pub(crate) struct TopRows {
    pub(crate) rows: Vec<BreakdownRow>,
    /// The numbers of the groups that have no row.
    pub(crate) cut_off: Vec<usize>,
}

/// Refuses what has no meaning.
pub(crate) fn check(spec: &BreakdownSpec) -> Result<(), EngineError> {
    let refuse = |field: String, reason: String| Err(EngineError::NotComputable { field, reason });
    if spec.metrics.is_empty() {
        return refuse(
            "breakdown.metrics".to_owned(),
            "rows are ordered by the first metric: name at least one".to_owned(),
        );
    }
    if spec.dimensions.is_empty() || spec.dimensions.len() > MAX_DIMENSIONS {
        return refuse("breakdown.dimensions".to_owned(), format!("name 1 to {MAX_DIMENSIONS} dimensions"));
    }
    let Some(metric) = spec.metrics.iter().find(|metric| metric.is_session_metric()) else { return Ok(()) };
    match spec.dimensions.iter().position(|dimension| !dimension.goes_with_session_metrics()) {
        None => Ok(()),
        Some(place) => refuse(
            format!("breakdown.dimensions[{place}]"),
            format!("`{}` is computed over sessions, which have no value of this dimension of events", metric.as_str()),
        ),
    }
}

/// Orders the groups by the first metric, descending (absent last), then by their values, and takes as many as were asked for. A
/// group whose first metric is a count of 0 has no row.
pub(crate) fn top_rows(merged: &Merged, spec: &BreakdownSpec) -> TopRows {
    let occurs = |row: &usize| merged.sums[*row].events > 0 || merged.sums[*row].sessions > 0;
    let (mut candidates, mut cut_off): (Vec<usize>, Vec<usize>) = (0..merged.sums.len())
        .filter(occurs)
        .partition(|row| merged.sums[*row].value(spec.metrics[0]) != MetricValue::Count(0));
    let order = |one: &usize, two: &usize| {
        let value = |row: &usize| merged.sums[*row].value(spec.metrics[0]);
        descending(value(one), value(two)).then_with(|| merged.rows.order(*one, *two))
    };
    if candidates.len() > spec.limit {
        if spec.limit > 0 {
            candidates.select_nth_unstable_by(spec.limit - 1, order);
        }
        cut_off.extend(candidates.drain(spec.limit..));
    }
    candidates.sort_unstable_by(order);
    let row = |row: usize| BreakdownRow {
        dimensions: merged.rows.values(row),
        values: merged.sums[row].values(&spec.metrics),
    };
    TopRows { rows: candidates.into_iter().map(row).collect(), cut_off }
}

/// The sums of groups none of which shares anything with another.
pub(crate) fn added_up(merged: &Merged, groups: &[usize]) -> Sums {
    groups.iter().fold(Sums::default(), |mut total, group| {
        total.add(&merged.sums[*group]);
        total
    })
}

pub(crate) fn others(count: usize, sums: Sums, spec: &BreakdownSpec) -> BreakdownOthers {
    BreakdownOthers { row_count: count as i64, values: sums.values(&spec.metrics) }
}

fn descending(one: MetricValue, two: MetricValue) -> Ordering {
    match (one, two) {
        (MetricValue::Count(one), MetricValue::Count(two)) => two.cmp(&one),
        (MetricValue::Number(one), MetricValue::Number(two)) => two.total_cmp(&one),
        (one, two) => (one == MetricValue::Absent).cmp(&(two == MetricValue::Absent)),
    }
}
