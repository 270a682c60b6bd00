//! Time: a clock that is off is corrected by one offset for the whole batch, so that order inside it never changes; what is too old
//! or has not happened yet is refused.

use analytics_domain::{DurationMs, Micros};
use analytics_proto::v1::ErrorReason;

use super::Surroundings;
use crate::{
    batch::{BatchContext, Origin},
    draft::{Draft, Dropped},
};

/// A smaller difference between the sender's clock and ours is not corrected: it is mostly the network.
const TOLERATED_SKEW_MICROS: i64 = 2 * 60 * 1_000_000;
/// Events may lie so far ahead of the server's clock.
const TOLERATED_LEAD: DurationMs = DurationMs(10 * 60 * 1000);

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    let batch = surroundings.batch;
    draft.time = Micros(draft.occurred_at.0.saturating_add(offset_micros(batch)?)).to_millis();
    let now = batch.received_at.to_millis();
    if draft.time > now.plus(TOLERATED_LEAD) {
        return Err(clock_skew(batch, "lies more than 10 minutes ahead of the server's clock"));
    }
    let lateness = batch.project.lateness;
    if matches!(batch.origin, Origin::Connection(_)) && now.since(draft.time) > lateness {
        let limit = jiff::SignedDuration::from_millis(lateness.0);
        let description = format!(
            "the event is older than this project takes with an ingest key ({limit:#}); send history with a key of scope `import`"
        );
        return Err(Dropped::rejected(ErrorReason::TooLate, "occurred_at", description));
    }
    Ok(draft)
}

/// What to add to every event's claim. History keeps the clock of what it was read from.
fn offset_micros(batch: &BatchContext) -> Result<i64, Dropped> {
    let sent_at = match batch.origin {
        Origin::Connection(_) | Origin::OnBehalf => batch.sent_at,
        Origin::Import { .. } => None,
    };
    let skew = sent_at.map_or(0, |sent_at| batch.received_at.0.saturating_sub(sent_at.0));
    // Beyond this it is no clock that goes wrong a little, but most likely a stored request that was sent again as it was.
    if skew.saturating_abs() > batch.project.lateness.0.saturating_mul(1000) {
        return Err(clock_skew(batch, "was sent by a clock that differs too much from the server's"));
    }
    Ok(if skew.saturating_abs() > TOLERATED_SKEW_MICROS { skew } else { 0 })
}

fn clock_skew(batch: &BatchContext, what: &str) -> Dropped {
    let server_time = jiff::Timestamp::from_microsecond(batch.received_at.0).unwrap_or_default();
    let description = format!("the event {what}, which shows {server_time}; set the sender's clock");
    Dropped::rejected(ErrorReason::ClockSkew, "occurred_at", description)
}
