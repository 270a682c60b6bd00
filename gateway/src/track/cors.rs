//! Which pages may read the answers of `/track`: all of them.
//!
//! A key for events is public and says itself for which origins it is good, which the collector checks by the origin that is handed on.
//! A list here would be a second place to keep, would not stop anything (a browser sends simple requests without asking), and would
//! only hide the reason of a refusal from the page that needs it. Credentials are never allowed, so nothing of the visitor's own can
//! be read.

use std::time::Duration;

use http::{Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// As long as Chromium keeps any answer to a preflight.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

pub(super) fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_ENCODING, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_MAX_AGE)
}
