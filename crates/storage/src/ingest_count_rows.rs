//! Counts of decisions as rows: the same in both databases.

use std::collections::BTreeMap;

use analytics_domain::{
    Day, FilterRule, ProjectId,
    ports::{IngestCount, IngestDecision},
};

use crate::event_values::UnreadableValue;

const ACCEPTED: &str = "accepted";
const FILTERED: &str = "filtered";
const REJECTED: &str = "rejected";

/// What a row is found by: project, day, decision and detail.
pub(crate) type CountKey<'a> = (ProjectId, Day, &'static str, &'a str);

/// The rows to add to, each once, in one order everywhere: whoever adds to the same ones does not wait for another in a circle.
pub(crate) fn rows(counts: &[IngestCount]) -> BTreeMap<CountKey<'_>, i64> {
    let mut rows: BTreeMap<CountKey<'_>, i64> = BTreeMap::new();
    for IngestCount { project, day, decision, count } in counts {
        let (decision, detail) = match decision {
            IngestDecision::Accepted => (ACCEPTED, ""),
            IngestDecision::Filtered(rule) => (FILTERED, rule.as_str()),
            IngestDecision::Rejected(reason) => (REJECTED, reason.as_str()),
        };
        let row = rows.entry((*project, *day, decision, detail)).or_default();
        *row = row.saturating_add(i64::try_from(*count).unwrap_or(i64::MAX));
    }
    rows
}

/// The count of a row.
pub(crate) fn count(
    project: ProjectId,
    day: Day,
    (decision, detail): (&str, String),
    count: i64,
) -> Result<IngestCount, UnreadableValue> {
    let unreadable = || UnreadableValue(format!("a count has the unknown decision `{decision}`, `{detail}`"));
    let decision = match decision {
        ACCEPTED => IngestDecision::Accepted,
        FILTERED => {
            let rule = FilterRule::ALL.iter().copied().find(|rule| rule.as_str() == detail);
            IngestDecision::Filtered(rule.ok_or_else(unreadable)?)
        }
        REJECTED => IngestDecision::Rejected(detail),
        _ => return Err(unreadable()),
    };
    Ok(IngestCount { project, day, decision, count: count.unsigned_abs() })
}

/// By day and decision, as the port tells them.
pub(crate) fn in_order(mut counts: Vec<IngestCount>) -> Vec<IngestCount> {
    counts.sort_unstable_by(|one, other| (one.day, &one.decision).cmp(&(other.day, &other.decision)));
    counts
}
