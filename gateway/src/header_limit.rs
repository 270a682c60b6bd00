//! The limit on what comes before a request's body.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;

use crate::refusal::refuse;

/// The largest sum of a request's target and header fields, in bytes.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;

/// A lower limit than that of HTTP servers, and the same for both versions of HTTP.
pub(crate) async fn refuse_large_headers(request: Request, next: Next) -> Response {
    let fields: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if fields + target > MAX_HEADER_BYTES {
        return refuse(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "the path and the header fields are larger than 8192 bytes; cookies of other programs on this host may be the cause",
        );
    }
    next.run(request).await
}
