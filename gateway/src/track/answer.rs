//! What a sender is told.

use std::time::Duration;

use analytics_proto::v1::{ErrorReason, TrackResponse};
use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::TAKEN;

/// Why a request was not taken as a whole.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    /// The name of an `ErrorReason`, if there is one for it.
    reason: String,
    message: String,
    field_violations: Vec<FieldViolation>,
    retry_after: Option<Duration>,
}

#[derive(Debug, Serialize)]
struct FieldViolation {
    field: String,
    description: String,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    field_violations: &'a [FieldViolation],
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl Refusal {
    /// One that only HTTP knows.
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        let (reason, message) = (String::new(), message.to_owned());
        Self { status, reason, message, field_violations: Vec::new(), retry_after: None }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The name of the reason, for programs; may be empty.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// As JSON: `{"error":{"status":401,"reason":"ERROR_REASON_KEY_MISSING","message":"…"}}`.
    pub(super) fn into_json(self) -> Response {
        let retry_after_ms = self.retry_after.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
        let error = ErrorBody {
            status: self.status.as_u16(),
            reason: &self.reason,
            message: &self.message,
            field_violations: &self.field_violations,
            retry_after_ms,
        };
        let mut response = json(self.status, &Envelope { error });
        self.add_headers(&mut response);
        response
    }

    /// When to come back, and how to say who one is.
    pub(super) fn add_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(delay) = self.retry_after {
            // Whole seconds: a client that reads no JSON comes late rather than early.
            headers.insert(header::RETRY_AFTER, HeaderValue::from(delay.as_millis().div_ceil(1000) as u64));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let reason = details.error_info().map(|info| info.reason.clone()).unwrap_or_default();
        let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
        let violations = violations
            .into_iter()
            .map(|violation| FieldViolation { field: violation.field, description: violation.description });
        Self {
            status: http_status(status.code(), &reason),
            reason,
            message: status.message().to_owned(),
            field_violations: violations.collect(),
            retry_after: details.retry_info().and_then(|info| info.retry_delay),
        }
    }
}

/// A client may send the same again after 429 and 503, and after nothing else.
fn http_status(code: Code, reason: &str) -> StatusCode {
    match code {
        Code::InvalidArgument if reason == ErrorReason::MessageTooLarge.as_str_name() => StatusCode::PAYLOAD_TOO_LARGE,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Aborted => StatusCode::SERVICE_UNAVAILABLE,
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// The verdicts, as the contract's message in JSON.
pub(super) fn verdicts(response: &TrackResponse) -> Response {
    json(TAKEN, response)
}

fn json(status: StatusCode, content: &impl Serialize) -> Response {
    let body = serde_json::to_vec(content).expect("messages and refusals have text keys only");
    bare(status, "application/json", Body::from(body))
}

/// An answer that nobody keeps, and that pages of any origin may load.
pub(super) fn bare(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().extend(
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        ]
        .map(|(name, value)| (name, HeaderValue::from_static(value))),
    );
    response
}
