//! What is in quarantine.

use analytics_domain::{
    QuarantineId,
    ports::{EventOutcome, Replay},
};
use analytics_proto::v1;
use analytics_rpc::{RpcError, names};

use super::time::timestamp;
use crate::quarantine::NamedQuarantined;

pub(crate) fn ids_of(field: &str, texts: &[String]) -> Result<Vec<QuarantineId>, RpcError> {
    let ids = texts.iter().enumerate().map(|(index, text)| names::quarantined(&format!("{field}[{index}]"), text));
    ids.collect()
}

pub(crate) fn to_wire(NamedQuarantined { quarantined, project }: NamedQuarantined) -> v1::QuarantinedEvent {
    v1::QuarantinedEvent {
        name: names::of_quarantined(quarantined.id),
        project: project.as_ref().map(names::of_project).unwrap_or_default(),
        event_id: quarantined.event_id.map(|id| uuid::Uuid::from_bytes(id.0).to_string()).unwrap_or_default(),
        reason: quarantined.reason,
        create_time: Some(timestamp(quarantined.create_time)),
        record: quarantined.record.into(),
    }
}

pub(crate) fn replay_to_wire((name, replay): (String, Replay)) -> v1::ReplayResult {
    let (outcome, description) = match replay {
        Replay::Done(EventOutcome::Stored) => (v1::ReplayOutcome::Stored, String::new()),
        Replay::Done(EventOutcome::Duplicate) => (v1::ReplayOutcome::Duplicate, String::new()),
        Replay::Done(EventOutcome::Quarantined) => (v1::ReplayOutcome::Refused, "it was put back".to_owned()),
        Replay::Refused(reason) => (v1::ReplayOutcome::Refused, reason),
        Replay::NotFound => (v1::ReplayOutcome::NotFound, String::new()),
    };
    v1::ReplayResult { name, outcome: outcome.into(), description }
}
