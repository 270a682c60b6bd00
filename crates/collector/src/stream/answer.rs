//! The messages that a stream sends.

use std::time::Duration;

use analytics_proto::v1::{self, track_stream_response::Result as Answer};
use analytics_rpc::RpcError;
use rand::RngExt as _;
use tonic::Status;
use tonic_types::StatusExt as _;

/// The verdicts of a batch.
pub(super) fn verdicts(batch_number: i64, response: v1::TrackResponse) -> v1::TrackStreamResponse {
    of(Answer::Verdicts(v1::BatchVerdicts { batch_number, response: Some(response) }))
}

/// Why a batch was not taken: what the status of a unary call would say.
pub(super) fn refusal(batch_number: i64, error: RpcError) -> v1::TrackStreamResponse {
    let reason = error.reason();
    let status = Status::from(error);
    let retry_after = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let violations = status.get_details_bad_request().map(|request| request.field_violations).unwrap_or_default();
    of(Answer::Refusal(v1::BatchRefusal {
        batch_number,
        reason: reason.into(),
        description: status.message().to_owned(),
        field: violations.into_iter().next().map(|violation| violation.field).unwrap_or_default(),
        retry_after: retry_after.map(duration),
    }))
}

/// The stream is about to end. Clients that were told together must not come back together.
pub(super) fn ending() -> v1::TrackStreamResponse {
    let delay = Duration::from_millis(rand::rng().random_range(100..=1000));
    of(Answer::Ending(v1::StreamEnding { retry_after: Some(duration(delay)) }))
}

fn of(answer: Answer) -> v1::TrackStreamResponse {
    v1::TrackStreamResponse { result: Some(answer) }
}

fn duration(duration: Duration) -> pbjson_types::Duration {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    pbjson_types::Duration { seconds, nanos: duration.subsec_nanos() as i32 }
}
