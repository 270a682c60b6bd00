//! What every server holds its callers to. Those of headers, connections, drains and calls are tested with what they belong to.

use std::time::Duration;

use analytics_rpc::{Limits, TrustedProxies};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    probe::{ask, text},
    serving::{patient, soon, start},
};

#[test]
fn the_limits_are_those_that_are_promised() {
    let limits = Limits::default();
    assert_eq!((limits.ingest_request_bytes, limits.request_bytes, limits.answer_bytes), (1 << 20, 4 << 20, 8 << 20));
    assert_eq!((limits.header_bytes, limits.streams_per_connection), (8 << 10, 128));
    let seconds = [
        limits.call_timeout,
        limits.keepalive_interval,
        limits.keepalive_timeout,
        limits.connection_age,
        limits.tls_handshake_timeout,
    ];
    assert_eq!(seconds.map(|limit| limit.as_secs()), [10, 30, 10, 900, 5]);
}

#[tokio::test]
async fn more_calls_of_one_connection_than_allowed_wait_at_the_caller() {
    let running = start(Limits { streams_per_connection: 1, ..patient() }, TrustedProxies::none()).await;
    let mut client = running.client().await;
    let mut first = client.clone();
    let first = tokio::spawn(async move { first.track(ask("wait")).await });
    soon(running.signals.began.notified()).await;
    let second = tokio::spawn(async move { client.track(ask("")).await });
    // Another connection is served meanwhile.
    for _ in 0..100 {
        running.client().await.track(ask("")).await.expect("done");
    }
    assert!(!second.is_finished(), "served beside the first");
    running.signals.go_on.notify_one();
    soon(first).await.expect("ran").expect("answered");
    assert_eq!(text(soon(second).await.expect("ran").expect("answered")), "done");
}

#[tokio::test]
async fn a_connection_that_gives_no_sign_of_life_is_closed() {
    let soon_asked = Duration::from_millis(50);
    let limits = Limits { keepalive_interval: soon_asked, keepalive_timeout: soon_asked, ..patient() };
    let limits = Limits { first_request_timeout: Duration::from_secs(3600), ..limits };
    let running = start(limits, TrustedProxies::none()).await;
    let mut mute = TcpStream::connect(running.address).await.expect("connected");
    // The beginning of HTTP/2 and settings without any; pings are not answered.
    mute.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("sent");
    soon(mute.read_to_end(&mut Vec::new())).await.expect("closed in order");

    let mut halting = TcpStream::connect(running.address).await.expect("connected");
    halting.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.expect("sent");
    soon(halting.read_to_end(&mut Vec::new())).await.expect("closed in order");
}

#[tokio::test]
async fn an_old_connection_is_asked_to_go_and_its_calls_end_first() {
    let running =
        start(Limits { connection_age: Duration::from_millis(200), ..patient() }, TrustedProxies::none()).await;
    let mut old = TcpStream::connect(running.address).await.expect("connected");
    old.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    let mut client = running.client().await;
    let call = tokio::spawn(async move { client.track(ask("wait")).await });
    soon(running.signals.began.notified()).await;
    let mut answer = Vec::new();
    soon(old.read_to_end(&mut answer)).await.expect("answered, and closed in order when its time came");
    assert!(answer.starts_with(b"HTTP/1.1 "), "{}", String::from_utf8_lossy(&answer));
    running.signals.go_on.notify_one();
    assert_eq!(text(soon(call).await.expect("ran").expect("answered")), "went on");
}
