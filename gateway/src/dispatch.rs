//! Tells calls from page requests, and each its place below the path prefix.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode, Uri, Version, header};
use tower::ServiceExt as _;

use crate::PathPrefix;
use crate::forward::GrpcService;
use crate::page::{self, Page};
use crate::protocol::Protocol;
use crate::refusal::{refuse, refuse_method};
use crate::service_names::ServiceNames;

#[derive(Clone)]
struct Destinations {
    prefix: PathPrefix,
    services: ServiceNames,
    grpc: GrpcService,
    page: Router,
}

pub(crate) fn router(prefix: PathPrefix, services: ServiceNames, grpc: GrpcService, page: Page) -> Router {
    Router::new().fallback(dispatch).with_state(Destinations { prefix, services, grpc, page: page::router(page) })
}

async fn dispatch(State(to): State<Destinations>, request: Request) -> Response {
    match Protocol::of(request.headers()) {
        Protocol::Grpc if request.version() < Version::HTTP_2 => refuse(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "gRPC needs HTTP/2 from end to end; grpc-web (application/grpc-web+proto) works over HTTP/1.1",
        ),
        Protocol::Grpc => to.call(request, None).await,
        Protocol::GrpcWeb(content_type) => to.call(request, Some(content_type)).await,
        Protocol::GrpcWebUnknown => refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "of grpc-web, application/grpc-web+proto and application/grpc-web-text+proto are understood",
        ),
        Protocol::Http => to.page(request).await,
    }
}

impl Destinations {
    async fn call(self, mut request: Request, content_type: Option<&'static str>) -> Response {
        if request.method() != Method::POST {
            return refuse_method("POST", "calls are sent with POST");
        }
        if let Some(content_type) = content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        // Native clients cannot be told a path prefix, so calls are also taken without it.
        if let Some(below) = self.prefix.strip(request.uri().path()).and_then(path_only) {
            *request.uri_mut() = below;
        }
        infallible(self.grpc.oneshot(request).await).map(axum::body::Body::new)
    }

    async fn page(self, mut request: Request) -> Response {
        let Some(path) = self.prefix.strip(request.uri().path()) else {
            return page::not_found(request.headers());
        };
        if self.services.cover(path) {
            return refuse(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "this is a gRPC method: call it with gRPC over HTTP/2, or with grpc-web (application/grpc-web+proto)",
            );
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return refuse_method("GET, HEAD", "the page is read with GET");
        }
        if path.is_empty() {
            return Redirect::permanent(&format!("{}/", self.prefix)).into_response();
        }
        match path_only(path) {
            Some(path) => *request.uri_mut() = path,
            None => return page::not_found(request.headers()),
        }
        infallible(self.page.oneshot(request).await)
    }
}

/// A target of this path alone. None for an empty one.
fn path_only(path: &str) -> Option<Uri> {
    (!path.is_empty()).then(|| PathAndQuery::try_from(path).ok().map(Uri::from)).flatten()
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}
