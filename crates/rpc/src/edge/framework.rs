//! Failures that the gRPC framework answers with by itself. Its codes would make clients retry for ever (OUT_OF_RANGE for a message
//! that is too large) or blame the server for what the caller sent (INTERNAL for bytes that are no message). Statuses made from the
//! error table carry details and the framework's do not: that tells them apart.

use http::HeaderMap;
use tonic::{Code, Status};

use crate::RpcError;

/// What a status in the headers of a response really says: it was made before the handler answered.
pub(super) fn failure_before_handler(headers: &HeaderMap, request_bytes: usize) -> Option<RpcError> {
    let status = bare_status(headers)?;
    match status.code() {
        // The second is how a message that grows too large while it is decompressed is refused.
        Code::OutOfRange | Code::ResourceExhausted => Some(RpcError::RequestTooLarge { limit_bytes: request_bytes }),
        Code::Internal => Some(RpcError::Undecodable(status.message().to_owned())),
        _ => None,
    }
}

/// Rewrites the status in the trailers of an answer that the framework could not send.
pub(super) fn rewrite_failure_of_answer(trailers: &mut HeaderMap, answer_bytes: usize) {
    let Some(status) = bare_status(trailers) else { return };
    if !matches!(status.code(), Code::OutOfRange | Code::ResourceExhausted) {
        return;
    }
    let status = Status::from(RpcError::AnswerTooLarge { limit_bytes: answer_bytes });
    // Fails only for metadata that is no header, and this status has none.
    if let Err(error) = status.add_header(trailers) {
        tracing::error!(%error, "a status could not be written");
    }
}

fn bare_status(headers: &HeaderMap) -> Option<Status> {
    if headers.contains_key("grpc-status-details-bin") || headers.get("grpc-status")? == "0" {
        return None;
    }
    Status::from_header_map(headers)
}
