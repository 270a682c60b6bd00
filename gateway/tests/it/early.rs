//! Refusals that come before the request was read, as a client sees them that reads no answer before it has written all.

use std::net::SocketAddr;

use analytics_gateway::GatewayOptions;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::http1::{Answer, parse};
use crate::ingest::Ingest;
use crate::setup::{gateway, remote, serve_router};

const MIB: usize = 1024 * 1024;

async fn post(address: SocketAddr, path: &str, content_type: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.expect("the connection stays open while the client writes");
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.expect("closed in order");
    parse(&received).expect("an answer")
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
            let answer = post(address, call, "application/grpc-web+proto", &message).await;
            assert_eq!((answer.status, answer.header("grpc-status")), (200, Some("3")), "{size}");
        }
        let answer = post(address, "/track", "application/json", &vec![b' '; 4 * MIB]).await;
        assert_eq!(answer.status, 413);
        let answer = post(address, "/nowhere", "text/html", &vec![b' '; 4 * MIB]).await;
        assert_eq!(answer.status, 405);
    }
}
