//! Requests that no honest client sends. Each has an answer, and the next client is served as ever.

use crate::http1::{Answer, get, send, send_bytes};
use crate::setup::default_gateway;

const WEB_CALL: &str = "POST /grpc.health.v1.Health/Check HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/grpc-web+proto\r\n";

#[tokio::test]
async fn every_request_has_an_answer() {
    let address = default_gateway().await;
    let long_path = format!("GET /{} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "a".repeat(9000));
    let web_call = |rest: &str| format!("{WEB_CALL}{rest}").into_bytes();
    let requests: Vec<(&str, Vec<u8>, u16)> = vec![
        ("no request line", b"\r\n\r\nnonsense\r\n\r\n".to_vec(), 400),
        ("no such version", b"GET / HTTP/9.9\r\n\r\n".to_vec(), 400),
        ("a space in the path", b"GET /a b HTTP/1.1\r\nhost: a\r\n\r\n".to_vec(), 400),
        ("a target that is no path", b"GET * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 404),
        (
            "a proxy's target",
            b"GET http://evil.example/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(),
            404,
        ),
        ("a tunnel", b"CONNECT evil.example:443 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 405),
        ("options of the server", b"OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 200),
        ("a method of one's own", b"BREW / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 405),
        ("a path of 9 kB", long_path.into_bytes(), 431),
        ("a zero byte", b"GET /\0 HTTP/1.1\r\nhost: a\r\n\r\n".to_vec(), 400),
        ("half an escape", b"GET /%2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_vec(), 404),
        ("two lengths", web_call("content-length: 5\r\ncontent-length: 6\r\n\r\n\0\0\0\0\0x"), 400),
        (
            "a length and chunks, which decide",
            web_call("content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
            200,
        ),
        ("no body", web_call("content-length: 0\r\n\r\n"), 200),
        ("half a frame header", web_call("content-length: 3\r\n\r\n\0\0\0"), 200),
        ("a frame that says 4 GiB", web_call("content-length: 6\r\n\r\n\0\u{7f}\u{7f}\u{7f}\u{7f}x"), 200),
        ("a frame of no message", web_call("content-length: 7\r\n\r\n\0\0\0\0\u{2}\u{a}\u{7f}"), 200),
        ("trailers for a request", web_call("content-length: 6\r\n\r\n\u{1}\0\0\0\u{1}x"), 200),
    ];
    for (name, request, status) in requests {
        let answer = send_bytes(address, &request).await.unwrap_or_else(|| panic!("{name}: no answer"));
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        if status == 200 && request.starts_with(b"POST") {
            assert_ne!(grpc_status(&answer), 0, "{name}: a broken call cannot succeed");
        }
    }
    assert_eq!(get(address, "/").await.status, 200);
}

/// The status of a call: in the headers, or in the frame of trailers.
fn grpc_status(answer: &Answer) -> u8 {
    let text = answer.text();
    let trailer = || text.split("grpc-status:").nth(1).and_then(|rest| rest.split("\r\n").next());
    answer.header("grpc-status").or_else(trailer).expect("every call has a status").parse().unwrap()
}

#[tokio::test]
async fn text_that_is_no_base_64_is_an_error_of_the_call() {
    let answer = send(
        default_gateway().await,
        "POST /grpc.health.v1.Health/Check",
        &["content-type: application/grpc-web-text"],
        b"!!!! no base 64 !!!!",
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_ne!(answer.header("grpc-status").expect("an error stands in the headers"), "0");
}

#[tokio::test]
async fn large_headers_are_refused_in_one_piece_and_in_many() {
    let address = default_gateway().await;
    let one = format!("x-large: {}", "x".repeat(8192));
    assert_eq!(send(address, "GET /", &[&one], b"").await.status, 431);
    let many: Vec<String> = (0..90).map(|i| format!("x-{i}: {}", "x".repeat(90))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(send(address, "GET /", &many, b"").await.status, 431);
    let just_enough = format!("x-large: {}", "x".repeat(8000));
    assert_eq!(send(address, "GET /", &[&just_enough], b"").await.status, 200);
}
