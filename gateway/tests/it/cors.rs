//! What browsers are told about pages of other origins.

use std::net::SocketAddr;

use analytics_gateway::GatewayOptions;

use crate::http1::{Answer, send};
use crate::setup::{default_gateway, gateway, health};

const ALLOWED: &str = "https://stats.example.org";

async fn gateway_that_allows_one_origin() -> SocketAddr {
    let options = GatewayOptions { allowed_origins: vec![ALLOWED.parse().unwrap()], ..GatewayOptions::default() };
    gateway(options, health().await.1).await
}

async fn preflight(address: SocketAddr, origin: &str) -> Answer {
    let headers = [
        &format!("origin: {origin}"),
        "access-control-request-method: POST",
        "access-control-request-headers: authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent",
    ];
    send(address, "OPTIONS /analytics.v1.QueryService/QueryTotals", &headers, b"").await
}

#[tokio::test]
async fn an_allowed_origin_may_send_what_grpc_web_needs() {
    let answer = preflight(gateway_that_allows_one_origin().await, ALLOWED).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(ALLOWED));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    let allowed = answer.header("access-control-allow-headers").unwrap().to_owned();
    for name in ["authorization", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent"] {
        assert!(allowed.split(',').any(|header| header == name), "{name} is not in {allowed}");
    }
}

#[tokio::test]
async fn other_origins_are_not_allowed_however_alike() {
    let address = gateway_that_allows_one_origin().await;
    for origin in [
        "null",
        "https://evil.example",
        "https://stats.example.org.evil.example",
        "https://evilstats.example.org",
        "https://stats.example.org:8443",
        "http://stats.example.org",
        "https://STATS.example.org",
        "https://sub.stats.example.org",
        "*",
    ] {
        assert_eq!(preflight(address, origin).await.header("access-control-allow-origin"), None, "{origin}");
    }
}

#[tokio::test]
async fn by_default_no_other_origin_is_allowed() {
    let address = default_gateway().await;
    for origin in [ALLOWED, "null", &format!("http://{address}")] {
        assert_eq!(preflight(address, origin).await.header("access-control-allow-origin"), None, "{origin}");
    }
}

#[tokio::test]
async fn errors_can_be_read_by_an_allowed_origin() {
    let address = gateway_that_allows_one_origin().await;
    let origin = format!("origin: {ALLOWED}");
    let grpc_error = send(
        address,
        "POST /stranger.v1.Stranger/Call",
        &[&origin, "content-type: application/grpc-web+proto"],
        &[0, 0, 0, 0, 0],
    )
    .await;
    assert_eq!((grpc_error.status, grpc_error.header("grpc-status")), (200, Some("12")));
    let not_found = send(address, "GET /nothing", &[&origin], b"").await;
    assert_eq!(not_found.status, 404);
    for answer in [grpc_error, not_found] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(ALLOWED));
        let exposed = answer.header("access-control-expose-headers").unwrap().to_owned();
        for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
            assert!(exposed.split(',').any(|header| header == name), "{name} is not in {exposed}");
        }
    }
}
