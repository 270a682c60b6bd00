//! What was decided about each event of a batch, for whoever counts and traces.

use analytics_domain::{
    EntryId, EventId, FilterRule, Millis, ProjectId,
    ports::{TraceRecord, TraceStep},
};
use analytics_proto::v1;

use crate::{counts::Decision, draft::Dropped};

/// What was decided about an event. It keeps nothing else of it.
pub(crate) struct Fate {
    /// None when the event has none that can be read.
    id: Option<EventId>,
    /// Why it goes no further; none when it goes into the log.
    pub(crate) dropped: Option<Dropped>,
}

impl Fate {
    /// Of an event that is not dropped yet.
    pub(crate) fn of(event_id: &str) -> Self {
        let id = uuid::Uuid::parse_str(event_id).ok().map(|id| EventId(id.into_bytes()));
        Self { id, dropped: None }
    }

    pub(crate) fn decision(&self) -> Decision {
        match &self.dropped {
            None => Decision::Accepted,
            Some(Dropped::Rejected { reason, .. }) => Decision::Rejected(*reason),
            Some(Dropped::Filtered(rule)) => filter_rule_of(*rule).map_or(Decision::Accepted, Decision::Filtered),
        }
    }

    fn step(&self) -> TraceStep {
        match &self.dropped {
            None => TraceStep::Accepted,
            Some(Dropped::Rejected { reason, field, .. }) => {
                TraceStep::Rejected { reason: (*reason).into(), field: without_keys(field) }
            }
            Some(Dropped::Filtered(rule)) => filter_rule_of(*rule).map_or(TraceStep::Accepted, TraceStep::Filtered),
        }
    }
}

/// What the trace remembers of a batch. Events without an id that can be read leave none.
pub(crate) fn trace_of(project: ProjectId, time: Millis, entry: Option<EntryId>, fates: &[Fate]) -> TraceRecord {
    let steps = fates.iter().filter_map(|fate| Some((fate.id?, fate.step())));
    TraceRecord { project, time, entry, steps: steps.collect() }
}

/// The path of a field without the names that senders give to properties: those may be personal, and the trace keeps nothing of a sender.
fn without_keys(path: &str) -> String {
    match (path.find("[\""), path.rfind("\"]")) {
        (Some(start), Some(end)) if start < end => format!("{}[]{}", &path[..start], &path[end + 2..]),
        _ => path.to_owned(),
    }
}

fn filter_rule_of(rule: v1::FilterRule) -> Option<FilterRule> {
    match rule {
        v1::FilterRule::Bot => Some(FilterRule::Bot),
        v1::FilterRule::Consent => Some(FilterRule::Consent),
        v1::FilterRule::Blocked => Some(FilterRule::Blocked),
        v1::FilterRule::OwnTraffic => Some(FilterRule::OwnTraffic),
        v1::FilterRule::Datacenter => Some(FilterRule::Datacenter),
        v1::FilterRule::Unspecified => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_keeps_no_name_of_a_sender() {
        for (path, kept) in [
            ("occurred_at", "occurred_at"),
            (r#"properties["plan"].string_value"#, "properties[].string_value"),
            (r#"properties["alice@example.org"]"#, "properties[]"),
            (r#"properties["a\"].b[\"c"].string_value"#, "properties[].string_value"),
            ("", ""),
        ] {
            let dropped = Dropped::rejected(v1::ErrorReason::InvalidField, path, "");
            let fate = Fate { id: None, dropped: Some(dropped) };
            let reason = v1::ErrorReason::InvalidField.into();
            assert_eq!(fate.step(), TraceStep::Rejected { reason, field: kept.to_owned() });
        }
    }
}
