//! Answers to requests for the page.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::Page;
use crate::refusal::refuse;

/// The page loads nothing from elsewhere, talks to its own origin only and stands in no frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Names under `assets/` carry a hash of the content, so what they name never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Ask again each time; an entity tag makes that cheap.
const REVALIDATE: &str = "no-cache";

const NOT_BUILT: &str = include_str!("not_built.html");
const NOT_FOUND: &str = include_str!("not_found.html");

pub(super) fn respond(page: &Page, request: &Request) -> Response {
    let path = request.uri().path();
    let Some(file) = page.file(path) else {
        return if path == "/" {
            html(StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT)
        } else {
            not_found(request.headers())
        };
    };
    let unchanged = request.headers().get(header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &file.entity_tag));
    let content = if unchanged { Body::empty() } else { Body::from(file.content.clone()) };
    let mut response = Response::new(content);
    let headers = response.headers_mut();
    headers.insert(header::ETAG, file.entity_tag.clone());
    let caching = if path.starts_with("/assets/") { IMMUTABLE } else { REVALIDATE };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    }
    with_security_headers(response)
}

/// What is not here, as a page for people and as JSON for programs.
pub(crate) fn not_found(request_headers: &HeaderMap) -> Response {
    let accept = request_headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") {
        html(StatusCode::NOT_FOUND, NOT_FOUND)
    } else {
        refuse(StatusCode::NOT_FOUND, "nothing is here; calls are sent to /SERVICE/METHOD")
    }
}

fn html(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    with_security_headers(response)
}

fn with_security_headers(mut response: Response) -> Response {
    let security = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    response.headers_mut().extend(security.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

/// Whether a list of entity tags has this one, or stands for all. Tags are compared without their mark of weakness.
fn names(tags: &HeaderValue, entity_tag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(entity_tag)) = (tags.to_str(), entity_tag.to_str()) else { return false };
    let strip = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.split(',').any(|tag| tag.trim() == "*" || strip(tag) == strip(entity_tag))
}
