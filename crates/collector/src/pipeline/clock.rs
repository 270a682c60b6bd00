//! Time: a clock that is off is corrected by one offset for the whole batch, so that order inside it never changes; what is too old
//! or too far ahead is refused.

use analytics_domain::{DurationMs, Micros};
use analytics_proto::v1::ErrorReason;

use super::Surroundings;
use crate::{
    batch::{BatchContext, Origin},
    draft::{Draft, Dropped},
};

/// A smaller difference between the sender's clock and ours is not corrected: it is mostly the network.
const TOLERATED_SKEW: DurationMs = DurationMs(2 * 60 * 1000);
/// Events may lie so far ahead of the server's clock.
const TOLERATED_LEAD: DurationMs = DurationMs(10 * 60 * 1000);

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    let batch = surroundings.batch;
    // An import is judged by its own clock.
    if matches!(batch.origin, Origin::Import { .. }) {
        draft.time = draft.occurred_at.to_millis();
        return Ok(draft);
    }
    draft.time = Micros(draft.occurred_at.0.saturating_add(offset_micros(batch)?)).to_millis();
    let now = batch.received_at.to_millis();
    if draft.time > now.plus(TOLERATED_LEAD) {
        return Err(clock_skew(batch, "occurred_at", "lies more than 10 minutes ahead of the server's clock"));
    }
    let lateness = batch.project.lateness;
    if matches!(batch.origin, Origin::Connection(_)) && now.since(draft.time) > lateness {
        let hours = lateness.0 / (60 * 60 * 1000);
        let description = format!(
            "the event is older than this project takes with an ingest key ({hours} hours); send history with a key of scope `import`"
        );
        return Err(Dropped::rejected(ErrorReason::TooLate, "occurred_at", description));
    }
    Ok(draft)
}

/// What to add to every event's claim.
fn offset_micros(batch: &BatchContext) -> Result<i64, Dropped> {
    let Some(sent_at) = batch.sent_at else { return Ok(0) };
    let skew = batch.received_at.0.saturating_sub(sent_at.0);
    let skew_ms = DurationMs(skew.saturating_abs() / 1000);
    let public = matches!(batch.origin, Origin::Connection(_));
    if public && skew_ms > batch.project.lateness {
        return Err(clock_skew(batch, "occurred_at", "was sent by a clock that differs too much from the server's"));
    }
    Ok(if skew_ms > TOLERATED_SKEW { skew } else { 0 })
}

fn clock_skew(batch: &BatchContext, field: &str, what: &str) -> Dropped {
    let server_time = jiff::Timestamp::from_microsecond(batch.received_at.0).unwrap_or_default();
    let description = format!("the event {what}, which shows {server_time}; set the sender's clock");
    Dropped::rejected(ErrorReason::ClockSkew, field, description)
}
