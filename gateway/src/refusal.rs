//! Answers to requests that are not gRPC and that nothing here can serve.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// A refusal as JSON: `{"error":{"status":404,"message":"…"}}`. The message never repeats what was sent.
pub(crate) fn refuse(status: StatusCode, message: &'static str) -> Response {
    debug_assert!(!message.contains(['"', '\\']), "messages stand in JSON as they are");
    let body = format!("{{\"error\":{{\"status\":{},\"message\":\"{message}\"}}}}\n", status.as_u16());
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The refusal of a method, naming those that work.
pub(crate) fn refuse_method(allowed: &'static str, message: &'static str) -> Response {
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, message);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
