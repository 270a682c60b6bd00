//! What happened to an event.

use analytics_domain::{
    EventId,
    ports::{StoredEvent, TraceStep, TracedStep},
};
use analytics_proto::v1;
use analytics_rpc::RpcError;

use super::{filter_rule_to_wire, time::timestamp};
use crate::trace::Traced;

/// The contract has checked that it is a UUID.
pub(crate) fn event_id_of(field: &str, text: &str) -> Result<EventId, RpcError> {
    let id = uuid::Uuid::parse_str(text).map_err(|_| RpcError::invalid_field(field, "is no UUID"))?;
    Ok(EventId(id.into_bytes()))
}

pub(crate) fn to_wire(traced: &Traced) -> v1::TraceEventResponse {
    v1::TraceEventResponse {
        steps: traced.steps.iter().flatten().map(step_to_wire).collect(),
        stored: traced.stored.iter().map(|(stored, in_segment)| stored_to_wire(stored, *in_segment)).collect(),
        steps_unavailable: traced.steps.is_none(),
    }
}

fn step_to_wire(traced: &TracedStep) -> v1::TraceStep {
    let mut step = v1::TraceStep {
        time: Some(timestamp(traced.time.to_micros())),
        entry_id: traced.entry.map(|entry| entry.0).unwrap_or_default(),
        ..Default::default()
    };
    let kind = match &traced.step {
        TraceStep::Accepted => v1::TraceStepKind::Accepted,
        TraceStep::Filtered(rule) => {
            step.set_filter_rule(filter_rule_to_wire(*rule));
            v1::TraceStepKind::Filtered
        }
        TraceStep::Rejected { reason, field } => {
            step.reason = *reason;
            step.field = field.clone();
            v1::TraceStepKind::Rejected
        }
        TraceStep::Stored => v1::TraceStepKind::Stored,
        TraceStep::Duplicate => v1::TraceStepKind::Duplicate,
        TraceStep::Quarantined => v1::TraceStepKind::Quarantined,
    };
    step.set_kind(kind);
    step
}

fn stored_to_wire(stored: &StoredEvent, in_segment: bool) -> v1::StoredEventTrace {
    v1::StoredEventTrace {
        occurred_at: Some(timestamp(stored.event.occurred_at)),
        time: Some(timestamp(stored.event.time.to_micros())),
        visitor_day: stored.event.visitor_day.to_string(),
        version: stored.position.version.0,
        in_segment,
    }
}
