//! The one address for every client: native gRPC and grpc-web, told apart by content type and forwarded without knowing a single
//! RPC, `/track` for whoever speaks neither, and the web page.
//!
//! It owns what only browsers need: the translation of grpc-web, CORS, static files with their security headers, a path prefix.
//! Keys, limits and validation are the business of the services behind it, which see each request as its client sent it.

mod cors;
mod dispatch;
mod forward;
mod lingering;
mod options;
mod page;
mod protocol;
mod refusal;
mod remote;
mod service_names;
mod track;

use std::sync::Arc;

use analytics_domain::{Clock, SystemClock};
use axum::Router;
use http::{Request, Response};
use tonic::body::Body;
use tower::{BoxError, Service, util::MapRequestLayer};

use crate::service_names::ServiceNames;

pub use analytics_rpc::{InvalidOrigin, Origin};
pub use options::{GatewayOptions, InvalidOption, PathPrefix, TrackPath};
pub use page::Page;
pub use remote::{InvalidRemoteAddress, RemoteAddress, RemoteService};

/// What calls are forwarded to: the services of this process (`tonic::service::Routes`) or of others
/// ([`RemoteService`]).
pub trait Upstream:
    Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<S> Upstream for S where
    S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The gateway, ready to be served by [`analytics_rpc::serve`], which holds the limits of connections and headers.
#[derive(Debug, Clone)]
pub struct Gateway {
    router: Router,
}

impl Gateway {
    /// A gateway to these services, with the page that was built into this program.
    pub fn new<U: Upstream>(options: GatewayOptions, upstream: U) -> Self {
        Self::with_page(options, upstream, Page::embedded(), Arc::new(SystemClock))
    }

    /// A gateway to these services, with another page and another clock.
    pub fn with_page<U: Upstream>(options: GatewayOptions, upstream: U, page: Page, clock: Arc<dyn Clock>) -> Self {
        let services = ServiceNames::of_contract();
        let upcalls = forward::upcalls(services.clone(), upstream);
        let track_path = format!("{}{}", options.path_prefix, options.track_path);
        let grpc = forward::grpc_service(upcalls.clone());
        let router = dispatch::router(options.path_prefix, services, grpc, page)
            // Outermost: a preflight ends here, and every answer, errors included, says who may read it.
            .layer(cors::layer(&options.allowed_origins));
        let router = track::router(&track_path, upcalls, clock).fallback_service(router);
        Self { router: router.layer(MapRequestLayer::new(lingering::read_on)) }
    }

    /// The tower service. It never fails: every request has an answer.
    pub fn into_router(self) -> Router {
        self.router
    }
}
