//! A gateway on a port of its own, in front of a health service in this process or in another server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use analytics_domain::SystemClock;
use analytics_gateway::{Gateway, GatewayOptions, Page, RemoteService, Upstream};
use analytics_rpc::{ClientTls, Drain, Limits, TrustedProxies};
use axum::Router;
use bytes::Bytes;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

pub(crate) const ENTRY: &str = "<!doctype html><title>page</title><script src=\"assets/app-1a2b.js\"></script>";

/// The script is long enough to be worth compressing.
pub(crate) fn script() -> String {
    "console.log('page');\n".repeat(200)
}

pub(crate) fn page() -> Page {
    Page::from_files([
        ("index.html".to_owned(), Bytes::from_static(ENTRY.as_bytes())),
        ("assets/app-1a2b.js".to_owned(), Bytes::from(script())),
        ("favicon.svg".to_owned(), Bytes::from_static(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>")),
    ])
}

/// A health service that knows the service `ready`, and what changes it.
pub(crate) async fn health() -> (HealthReporter, Routes) {
    let (reporter, service) = tonic_health::server::health_reporter();
    reporter.set_service_status("ready", ServingStatus::Serving).await;
    (reporter, Routes::new(service))
}

/// Serves these routes as every server of the platform does, until the test ends.
pub(crate) async fn serve(routes: Routes) -> SocketAddr {
    serve_router(routes.into_axum_router()).await
}

pub(crate) async fn serve_router(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (limits, drain) = (Limits::default(), Drain::new(Duration::ZERO));
        analytics_rpc::serve(listener, router, &limits, TrustedProxies::none(), &drain).await;
    });
    address
}

/// A gateway with the test's page, in front of these services.
pub(crate) async fn gateway<U: Upstream>(options: GatewayOptions, upstream: U) -> SocketAddr {
    gateway_with_page(options, upstream, page()).await
}

/// A gateway with this page.
pub(crate) async fn gateway_with_page<U: Upstream>(options: GatewayOptions, upstream: U, page: Page) -> SocketAddr {
    serve_router(Gateway::with_page(options, upstream, page, Arc::new(SystemClock)).into_router()).await
}

/// A gateway as it is when nothing was set, in front of a health service in the same process.
pub(crate) async fn default_gateway() -> SocketAddr {
    gateway(GatewayOptions::default(), health().await.1).await
}

/// A gateway in front of a health service in another server.
pub(crate) async fn remote_gateway() -> SocketAddr {
    let services = serve(health().await.1).await;
    gateway(GatewayOptions::default(), remote([services])).await
}

/// A service in other servers.
pub(crate) fn remote(addresses: impl IntoIterator<Item = SocketAddr>) -> RemoteService {
    let addresses = addresses.into_iter().map(|address| format!("http://{address}").parse().unwrap());
    RemoteService::new(addresses, &ClientTls::trusting(None).unwrap())
}

/// A client's connection.
pub(crate) fn channel(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}

/// An address at which nobody listens.
pub(crate) async fn nowhere() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}
