//! Which pages may read the answers, beside those of the gateway's own origin.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::Origin;

/// What grpc-web clients send beyond the headers that browsers allow anyway.
const ALLOWED_HEADERS: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::AUTHORIZATION,
    HeaderName::from_static("x-grpc-web"),
    HeaderName::from_static("x-user-agent"),
    HeaderName::from_static("grpc-timeout"),
];

/// An error that comes before any message stands in the headers: a page that cannot read these sees every error as "unknown".
const EXPOSED_HEADERS: [HeaderName; 3] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
];

/// How long a browser may keep the answer to a preflight: as long as Chromium keeps any.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// Compares origins as a whole, byte by byte: `null` and look-alikes find nothing. Credentials (cookies) are never allowed.
pub(crate) fn layer(allowed_origins: &[Origin]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(allowed_origins.iter().map(header_value)))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(ALLOWED_HEADERS)
        .expose_headers(EXPOSED_HEADERS)
        .max_age(PREFLIGHT_MAX_AGE)
}

fn header_value(origin: &Origin) -> HeaderValue {
    HeaderValue::from_str(origin.as_str()).expect("an origin is visible ASCII")
}
