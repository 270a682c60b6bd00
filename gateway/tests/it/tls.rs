//! Every kind of client over TLS, and services that are reached by it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use analytics_domain::SystemClock;
use analytics_gateway::{Gateway, GatewayOptions, RemoteService};
use analytics_proto::v1::{TrackRequest, ingest_service_client::IngestServiceClient};
use analytics_rpc::{ClientTls, Drain, Limits, Port, ServerTls, TrustedProxies};
use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tonic::Code;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::certificates::{Authority, Pair};
use crate::ingest::Ingest;
use crate::setup::page;

async fn serve(router: Router, pair: &Pair) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let port = Port::with_tls(listener, ServerTls::read(&pair.certificate_file, &pair.key_file).unwrap());
    tokio::spawn(async move {
        let (limits, drain) = (Limits::default(), Drain::new(Duration::ZERO));
        analytics_rpc::serve(port, router, &limits, TrustedProxies::none(), &drain).await;
    });
    address
}

/// A gateway by TLS, before a service that is named so.
async fn gateway_to(service: &str, trusted: &ClientTls, pair: &Pair) -> SocketAddr {
    let remote = RemoteService::new([service.parse().unwrap()], trusted);
    let gateway = Gateway::with_page(GatewayOptions::default(), remote, page(), Arc::new(SystemClock));
    serve(gateway.into_router(), pair).await
}

async fn call(address: SocketAddr, trusted: &ClientTls, request: Request<Full<Bytes>>) -> Response<Bytes> {
    let stream = trusted.connect("localhost", TcpStream::connect(address).await.unwrap()).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn every_kind_of_client_speaks_tls_and_so_does_the_gateway() {
    let directory = TempDir::new().unwrap();
    let authority = Authority::new(directory.path());
    let pair = authority.certify(directory.path(), "server", &["localhost"]);
    let (ingest, trusted) = (Ingest::default(), ClientTls::trusting(Some(&authority.file)).unwrap());
    let behind = serve(ingest.router(), &pair).await;
    let address = gateway_to(&format!("https://localhost:{}", behind.port()), &trusted, &pair).await;

    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&authority.pem)).domain_name("localhost");
    let endpoint = Endpoint::from_shared(format!("https://{address}")).unwrap().tls_config(tls).unwrap();
    let mut native = IngestServiceClient::new(endpoint.connect().await.unwrap());
    native.track(TrackRequest::default()).await.unwrap();

    let web = Request::post(format!("https://localhost:{}/analytics.v1.IngestService/Track", address.port()))
        .header("content-type", "application/grpc-web+proto")
        .body(Full::from(vec![0; 5]))
        .unwrap();
    let answer = call(address, &trusted, web).await;
    assert_eq!(answer.headers()["content-type"], "application/grpc-web+proto");
    assert!(String::from_utf8_lossy(answer.body()).contains("grpc-status:0"), "{answer:?}");

    let json = Request::post(format!("https://localhost:{}/track", address.port())).body(Full::from("[]")).unwrap();
    assert_eq!(call(address, &trusted, json).await.status(), 202);
    assert_eq!(ingest.heard().len(), 3);
}

#[tokio::test]
async fn a_service_that_cannot_be_trusted_is_not_called() {
    let directory = TempDir::new().unwrap();
    let authority = Authority::new(directory.path());
    let pair = authority.certify(directory.path(), "server", &["localhost"]);
    let expired = authority.certify_expired(directory.path(), "expired", &["localhost"]);
    let (ingest, trusted) = (Ingest::default(), ClientTls::trusting(Some(&authority.file)).unwrap());
    let (good, bad) = (serve(ingest.router(), &pair).await, serve(ingest.router(), &expired).await);
    for (service, trust, problem) in [
        (format!("https://127.0.0.1:{}", good.port()), trusted.clone(), "not valid for name"),
        (format!("https://localhost:{}", bad.port()), trusted.clone(), "expired"),
        (format!("https://localhost:{}", good.port()), ClientTls::trusting(None).unwrap(), "UnknownIssuer"),
    ] {
        let remote = RemoteService::new([service.parse().unwrap()], &trust);
        let (_, reason) = remote.probe().await.swap_remove(0);
        assert!(reason.contains(problem), "{reason}");
        let refusal = IngestServiceClient::new(remote).track(TrackRequest::default()).await.expect_err("not called");
        assert_eq!(refusal.code(), Code::Unavailable);
    }
    assert!(ingest.heard().is_empty());
}
