//! Events as JSON, over HTTP/1.1 by hand.

use std::{io::Write as _, net::SocketAddr};

use analytics_gateway::{GatewayOptions, TrackPath};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::http1::{Answer, send};
use crate::ingest::{Heard, Ingest};
use crate::setup::{gateway, nowhere, remote, serve_router};

const EVENT: &str = r#"{"eventId":"018f2f7e-0000-7000-8000-000000000001","occurredAt":"2026-11-24T12:00:00.5Z","kind":"EVENT_KIND_VIEW","url":"https://shop.example/a"}"#;
const JSON: &str = "content-type: application/json";
const KEY: &str = "authorization: Bearer ak_1";
const POST: &str = "POST /track";

/// A gateway before a service in the same process, and one before a service in another.
async fn both() -> [(SocketAddr, Ingest); 2] {
    let (near, far) = (Ingest::default(), Ingest::default());
    let behind = serve_router(far.router()).await;
    [
        (gateway(GatewayOptions::default(), near.upstream()).await, near),
        (gateway(GatewayOptions::default(), remote([behind])).await, far),
    ]
}

async fn one() -> (SocketAddr, Ingest) {
    let ingest = Ingest::default();
    (gateway(GatewayOptions::default(), ingest.upstream()).await, ingest)
}

fn read(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn events_are_taken_in_every_shape_and_under_every_name() {
    let expected = json!({"verdicts": [{"verdict": "VERDICT_ACCEPTED"}], "counts": {"accepted": "1"}});
    for (address, ingest) in both().await {
        let shapes = [EVENT.to_owned(), format!("[{EVENT}]"), format!("{{\"events\":[{EVENT}]}}")];
        let types = [&[JSON][..], &["Content-Type: Text/Plain;charset=UTF-8"], &[]];
        for shape in &shapes {
            for content_type in types {
                let headers = [content_type, &[KEY]].concat();
                let answer = send(address, POST, &headers, shape.as_bytes()).await;
                assert_eq!((answer.status, read(&answer)), (202, expected.clone()), "{shape} {content_type:?}");
                assert_eq!(answer.header("content-type"), Some("application/json"));
                assert_eq!(answer.header("cache-control"), Some("no-store"));
            }
        }
        let heard = ingest.heard();
        assert_eq!(heard.len(), shapes.len() * types.len());
        assert!(heard.iter().all(|call| call.request == heard[0].request && call.request.events.len() == 1));
        assert_eq!(heard[0].request.events[0].url, "https://shop.example/a");
        assert_eq!(heard[0].request.events[0].occurred_at.unwrap().nanos, 500_000_000);
    }
}

#[tokio::test]
async fn the_service_sees_the_sender_as_in_any_call() {
    for (address, ingest) in both().await {
        let headers = [
            KEY,
            "user-agent: Mozilla/5.0 (X11; Linux x86_64)",
            "dnt: 1",
            "sec-gpc: 1",
            "origin: https://shop.example",
            "cookie: session=1",
            "x-forwarded-for: 198.51.100.9",
            "content-type: text/plain",
        ];
        assert_eq!(send(address, POST, &headers, EVENT.as_bytes()).await.status, 202);
        let Heard { headers, address, .. } = ingest.heard().swap_remove(0);
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(text("authorization").as_deref(), Some("Bearer ak_1"));
        assert_eq!(text("user-agent").as_deref(), Some("Mozilla/5.0 (X11; Linux x86_64)"));
        assert_eq!((text("dnt").as_deref(), text("sec-gpc").as_deref()), (Some("1"), Some("1")));
        assert_eq!(text("origin").as_deref(), Some("https://shop.example"));
        assert_eq!((text("cookie"), text("host")), (None, None));
        assert_eq!(address.as_deref(), Some("127.0.0.1"), "what a client claims about its address is not believed");
    }
}

#[tokio::test]
async fn the_key_may_stand_in_the_address_and_the_header_wins() {
    let (address, ingest) = one().await;
    let sent = [("/track?key=ak_2", None), ("/track?a=b&key=ak_3", Some(KEY)), ("/track", None)];
    for (path, header) in sent {
        let headers: Vec<&str> = header.into_iter().collect();
        assert_eq!(send(address, &format!("POST {path}"), &headers, EVENT.as_bytes()).await.status, 202);
    }
    let bad = send(address, "POST /track?key=ak%0a", &[], EVENT.as_bytes()).await;
    assert_eq!((bad.status, read(&bad)["error"]["reason"].clone()), (401, json!("ERROR_REASON_KEY_UNKNOWN")));
    let keys: Vec<Option<String>> = ingest
        .heard()
        .iter()
        .map(|heard| heard.headers.get("authorization").map(|key| key.to_str().unwrap().to_owned()))
        .collect();
    assert_eq!(keys, [Some("Bearer ak_2".to_owned()), Some("Bearer ak_1".to_owned()), None]);
}

#[tokio::test]
async fn one_bad_event_does_not_cost_the_others() {
    let (address, ingest) = one().await;
    let batch = format!(r#"[{EVENT},{{"kind":"EVENT_KIND_NONE"}},{{"kind":"EVENT_KIND_VIEW"}}]"#);
    let answer = send(address, POST, &[KEY, JSON], batch.as_bytes()).await;
    assert_eq!(answer.status, 202);
    let told = read(&answer);
    assert_eq!(told["counts"], json!({"accepted": "1", "rejected": "2"}));
    assert_eq!(told["verdicts"][0], json!({"verdict": "VERDICT_ACCEPTED"}));
    assert_eq!(told["verdicts"][1]["field"], "kind");
    assert_eq!(told["verdicts"][1]["reason"], "ERROR_REASON_INVALID_FIELD");
    assert!(told["verdicts"][1]["description"].as_str().unwrap().contains("EVENT_KIND_NONE"), "{told}");
    assert_eq!(told["verdicts"][2]["field"], "event_id");
    assert_eq!(ingest.heard()[0].request.events.len(), 3);
}

#[tokio::test]
async fn refusals_have_a_status_a_reason_and_a_time_to_come_back() {
    let (address, _) = one().await;
    for (project, status, reason, retry) in [
        ("keyless", 401, "KEY_MISSING", false),
        ("forbidden", 403, "FIELD_NOT_ALLOWED", false),
        ("unavailable", 503, "UNAVAILABLE", true),
        ("late", 503, "DEADLINE_EXCEEDED", false),
        ("broken", 500, "INTERNAL", false),
        ("no-batch", 400, "INVALID_FIELD", false),
    ] {
        let body = format!(r#"{{"project":"projects/{project}","events":[{EVENT}]}}"#);
        let answer = send(address, POST, &[JSON], body.as_bytes()).await;
        let error = read(&answer)["error"].clone();
        assert_eq!((answer.status, error["status"].clone()), (status, json!(status)), "{project}");
        assert_eq!(error["reason"], format!("ERROR_REASON_{reason}"));
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(answer.header("retry-after").is_some(), retry, "{project}");
        if let Some(delay_ms) = error["retryAfterMs"].as_u64() {
            let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1000..=1500).contains(&delay_ms) && seconds == delay_ms.div_ceil(1000), "{seconds} {delay_ms}");
        }
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
    let no_batch = send(address, POST, &[JSON], br#"{"project":"projects/no-batch"}"#).await;
    assert_eq!(
        read(&no_batch)["error"]["fieldViolations"],
        json!([{"field": "events", "description": "must have at least 1 item"}])
    );
    let (down, body) = (gateway(GatewayOptions::default(), remote([nowhere().await])).await, EVENT.as_bytes());
    let answer = send(down, POST, &[JSON], body).await;
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (503, true));
}

#[tokio::test]
async fn what_is_no_batch_never_reaches_the_service() {
    let (address, ingest) = one().await;
    let large = format!("{{\"events\":[{}", " ".repeat(1024 * 1024));
    let bomb = gzip(&vec![b' '; 8 * 1024 * 1024]);
    let gzipped = "content-encoding: gzip";
    let cases = [
        ("a form", vec!["content-type: application/x-www-form-urlencoded"], &b"a=b"[..], 415, "application/json"),
        ("another compression", vec![JSON, "content-encoding: br"], b"x", 415, "gzip"),
        ("no JSON", vec![JSON], b"{", 400, "EOF"),
        ("no text", vec![JSON], b"[\xff]", 400, "cannot be decoded"),
        ("no gzip", vec![JSON, gzipped], b"{}", 400, "gzip"),
        ("nothing", vec![JSON], b"", 400, "empty"),
        ("too large", vec![JSON], large.as_bytes(), 413, "1048576"),
        ("a bomb", vec![JSON, gzipped], &bomb, 413, "1048576"),
    ];
    for (name, headers, body, status, hint) in cases {
        let answer = send(address, POST, &headers, body).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        let message = read(&answer)["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(hint), "{name}: {message}");
    }
    let other = send(address, "PUT /track", &[JSON], b"{}").await;
    assert_eq!((other.status, other.header("allow")), (405, Some("GET, POST")));
    assert!(ingest.heard().is_empty());
}

#[tokio::test]
async fn compressed_events_are_read_and_answers_are_compressed_when_asked() {
    let (address, ingest) = one().await;
    let batch = format!("[{}]", vec![EVENT; 100].join(","));
    let body = gzip(batch.as_bytes());
    let answer = send(address, POST, &[JSON, "content-encoding: gzip", "accept-encoding: gzip"], &body).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (202, Some("gzip")));
    assert!(answer.body.starts_with(&[0x1f, 0x8b]));
    assert_eq!(ingest.heard()[0].request.events.len(), 100);
}

#[tokio::test]
async fn every_page_may_send_and_read_the_answer_but_never_with_credentials() {
    let (address, ingest) = one().await;
    for origin in ["https://shop.example", "https://shop.example.evil.test", "null"] {
        let header = format!("origin: {origin}");
        let bad = send(address, POST, &[&header, "content-type: text/plain"], b"{").await;
        let preflight = send(
            address,
            "OPTIONS /track",
            &[&header, "access-control-request-method: POST", "access-control-request-headers: authorization"],
            b"",
        )
        .await;
        for answer in [&bad, &preflight] {
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            let mut varies = answer.headers.iter().filter(|(name, _)| name == "vary");
            assert!(varies.any(|(_, by)| by.contains("origin")), "caches must keep them apart");
        }
        assert_eq!(preflight.status, 200);
        let allowed = preflight.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains("authorization") && allowed.contains("content-type"), "{allowed}");
        // Whether the key is good for the origin is said by the service, which sees it as it is.
        send(address, POST, &[&header, "content-type: text/plain"], EVENT.as_bytes()).await;
        assert_eq!(ingest.heard().pop().unwrap().headers["origin"], origin);
    }
    // The rest of the gateway goes on to answer its own pages only.
    let page = send(address, "GET /", &["origin: https://shop.example"], b"").await;
    assert_eq!(page.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn the_path_can_be_another_one_below_the_prefix() {
    let ingest = Ingest::default();
    let track_path: TrackPath = "/e/in".parse().unwrap();
    let options = GatewayOptions { path_prefix: "/stats".parse().unwrap(), track_path, ..GatewayOptions::default() };
    let address = gateway(options, ingest.upstream()).await;
    assert_eq!(send(address, "POST /stats/e/in", &[JSON], EVENT.as_bytes()).await.status, 202);
    for elsewhere in ["POST /track", "POST /e/in", "POST /stats/track", "POST /stats/e/in/"] {
        assert!(send(address, elsewhere, &[JSON], EVENT.as_bytes()).await.status >= 400, "{elsewhere}");
    }
    assert_eq!(ingest.heard().len(), 1);
}

#[tokio::test]
async fn the_pixel_counts_whoever_loads_it_and_is_an_image_in_any_case() {
    for (address, ingest) in both().await {
        let referer = "referer: https://shop.example:8443/cart";
        let path = "GET /track?key=ak_1&name=mail%20opened&kind=custom&prop.campaign=June";
        let answer = send(address, path, &[referer, "user-agent: Thunderbird"], b"").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/gif")));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert!(answer.body.starts_with(b"GIF89a") && answer.body.len() == 43, "{}", answer.body.len());

        let heard = ingest.heard().swap_remove(0);
        assert_eq!(heard.headers["authorization"], "Bearer ak_1");
        assert_eq!(heard.headers["user-agent"], "Thunderbird");
        assert_eq!(
            heard.headers["origin"], "https://shop.example:8443",
            "for keys that are good for some origins only"
        );
        let event = &heard.request.events[0];
        assert_eq!((event.name.as_str(), event.url.as_str()), ("mail opened", "https://shop.example:8443/cart"));

        for (path, status, reason) in [
            ("GET /track?nmae=x", 400, "ERROR_REASON_INVALID_FIELD"),
            ("GET /track?project=projects/keyless", 401, "ERROR_REASON_KEY_MISSING"),
            ("GET /track?project=projects/unavailable", 503, "ERROR_REASON_UNAVAILABLE"),
        ] {
            let answer = send(address, path, &[], b"").await;
            assert_eq!((answer.status, answer.header("x-track-reason")), (status, Some(reason)), "{path}");
            assert!(answer.body.starts_with(b"GIF89a"));
            assert_eq!(answer.header("retry-after").is_some(), status == 503);
        }
    }
}
