//! Refusals that come before the request was read, as a real client of HTTP/1.1 sees them.

use std::net::SocketAddr;

use analytics_gateway::GatewayOptions;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::ingest::Ingest;
use crate::setup::{gateway, remote, serve_router};

const MIB: usize = 1024 * 1024;

/// Sends such a body; the answer's status, and that of the call.
async fn post(address: SocketAddr, path: &str, content_type: &str, body: Vec<u8>) -> (StatusCode, Option<String>) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post(path).header("host", "gateway").header("content-type", content_type);
    let request = request.body(Full::new(Bytes::from(body))).unwrap();
    let answer = sender.send_request(request).await.expect("an answer");
    let grpc_status = answer.headers().get("grpc-status").map(|status| status.to_str().unwrap().to_owned());
    let status = answer.status();
    answer.into_body().collect().await.expect("all of it");
    (status, grpc_status)
}

#[tokio::test]
async fn a_client_that_still_writes_reads_why_it_is_refused() {
    let ingest = Ingest::default();
    let behind = serve_router(ingest.router()).await;
    for address in [
        gateway(GatewayOptions::default(), ingest.upstream()).await,
        gateway(GatewayOptions::default(), remote([behind])).await,
    ] {
        let call = "/analytics.v1.IngestService/Track";
        for size in [MIB + 1, 4 * MIB + MIB / 10] {
            let length = u32::try_from(size).unwrap().to_be_bytes();
            let message = [&[0][..], &length, &vec![0; size]].concat();
            let answer = post(address, call, "application/grpc-web+proto", message).await;
            assert_eq!(answer, (StatusCode::OK, Some("3".to_owned())), "{size}");
        }
        let answer = post(address, "/track", "application/json", vec![b' '; 4 * MIB]).await;
        assert_eq!(answer, (StatusCode::PAYLOAD_TOO_LARGE, None));
        let answer = post(address, "/nowhere", "text/html", vec![b' '; 4 * MIB]).await;
        assert_eq!(answer, (StatusCode::METHOD_NOT_ALLOWED, None));
    }
}
