//! grpc-web clients over HTTP/1.1, their bytes framed by hand.

use std::net::SocketAddr;

use analytics_gateway::GatewayOptions;

use crate::http1::{Answer, send};
use crate::setup::{default_gateway, gateway, health, nowhere, remote, remote_gateway};

const CHECK: &str = "POST /grpc.health.v1.Health/Check";
const WEB: &str = "content-type: application/grpc-web+proto";

/// A message of one frame: `HealthCheckRequest { service }`.
fn asking_for(service: &str) -> Vec<u8> {
    let mut message = vec![0x0a, u8::try_from(service.len()).unwrap()];
    message.extend_from_slice(service.as_bytes());
    [&[0, 0, 0, 0, u8::try_from(message.len()).unwrap()], message.as_slice()].concat()
}

/// The frames of a grpc-web body: the flags and the content of each.
fn frames(mut body: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [flags, a, b, c, d, rest @ ..] = body {
        let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        frames.push((*flags, rest[..size].to_vec()));
        body = &rest[size..];
    }
    assert!(body.is_empty(), "the body ends with its last frame");
    frames
}

fn assert_serving(answer: &Answer) {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/grpc-web+proto")));
    let frames = frames(&answer.body);
    // `HealthCheckResponse { status: SERVING }`, then the trailers as a frame.
    assert_eq!(frames[0], (0, vec![0x08, 0x01]));
    let (flags, trailers) = &frames[1];
    assert_eq!((*flags, String::from_utf8_lossy(trailers).contains("grpc-status:0")), (0x80, true));
    assert_eq!(frames.len(), 2);
}

async fn check(address: SocketAddr, headers: &[&str], service: &str) -> Answer {
    send(address, CHECK, headers, &asking_for(service)).await
}

#[tokio::test]
async fn a_call_is_answered_with_message_and_trailers() {
    for address in [default_gateway().await, remote_gateway().await] {
        assert_serving(&check(address, &[WEB], "ready").await);
    }
}

#[tokio::test]
async fn parameters_of_the_content_type_are_ignored() {
    let address = default_gateway().await;
    assert_serving(&check(address, &["content-type: application/grpc-web+proto; charset=utf-8"], "ready").await);
}

#[tokio::test]
async fn the_text_form_is_understood() {
    let address = default_gateway().await;
    let headers = ["content-type: application/grpc-web-text", "accept: application/grpc-web-text"];
    // The frame of `HealthCheckRequest { service: "ready" }`, in base 64.
    let answer = send(address, CHECK, &headers, b"AAAAAAcKBXJlYWR5").await;
    assert_eq!(answer.header("content-type"), Some("application/grpc-web-text+proto"));
    assert!(answer.text().starts_with("AAAAAAIIAQ=="), "{}", answer.text());
}

#[tokio::test]
async fn an_error_before_any_message_stands_in_the_headers() {
    let answer = check(default_gateway().await, &[WEB], "unheard-of").await;
    assert_eq!((answer.status, answer.header("grpc-status")), (200, Some("5")));
    assert_eq!(answer.header("content-type"), Some("application/grpc-web+proto"));
}

#[tokio::test]
async fn refusals_of_the_gateway_itself_are_readable_statuses() {
    let address = gateway(GatewayOptions::default(), remote([nowhere().await])).await;
    let unavailable = check(address, &[WEB], "ready").await;
    assert_eq!((unavailable.status, unavailable.header("grpc-status")), (200, Some("14")));
    assert!(unavailable.header("grpc-status-details-bin").is_some());

    let unknown = send(address, "POST /stranger.v1.Stranger/Call", &[WEB], &asking_for("")).await;
    assert_eq!((unknown.status, unknown.header("grpc-status")), (200, Some("12")));
    assert_eq!(unknown.header("content-type"), Some("application/grpc-web+proto"));
}

#[tokio::test]
async fn calls_below_the_prefix_reach_the_services() {
    let options = GatewayOptions { path_prefix: "/stats".parse().unwrap(), ..GatewayOptions::default() };
    let address = gateway(options, health().await.1).await;
    assert_serving(&send(address, "POST /stats/grpc.health.v1.Health/Check", &[WEB], &asking_for("ready")).await);
}

#[tokio::test]
async fn what_is_nearly_a_call_is_told_what_a_call_is() {
    let address = default_gateway().await;
    let body = asking_for("ready");
    let expectations = [
        (CHECK, "content-type: application/grpc", 505, "HTTP/2"),
        (CHECK, "content-type: application/grpc-web+json", 415, "application/grpc-web+proto"),
        (CHECK, "content-type: application/json", 415, "this is a gRPC method"),
        ("GET /grpc.health.v1.Health/Check", "accept: */*", 415, "this is a gRPC method"),
        ("PUT /grpc.health.v1.Health/Check", WEB, 405, "POST"),
    ];
    for (request_line, header, status, hint) in expectations {
        let answer = send(address, request_line, &[header], &body).await;
        assert_eq!(answer.status, status, "{request_line} {header}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(answer.text().contains(hint), "{request_line} {header}: {}", answer.text());
    }
}
