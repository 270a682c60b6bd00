//! Over sockets: connections, their addresses, and the end of a server.

use std::{future::Future, net::SocketAddr, time::Duration};

use analytics_proto::v1::ingest_service_client::IngestServiceClient;
use analytics_rpc::{Drain, Limits, TrustedProxies, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tonic::{Request, transport::Channel};

use crate::probe::{Signals, ask, limits, probe, text};

/// Nothing ends by itself within a test.
pub(crate) fn patient() -> Limits {
    let hour = Duration::from_secs(3600);
    Limits { call_timeout: hour, grace: hour, ..limits() }
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    drain: Drain,
    pub(crate) signals: Signals,
    server: JoinHandle<()>,
}

pub(crate) async fn start(limits: Limits, proxies: TrustedProxies) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (drain, signals) = (Drain::new(limits.grace), Signals::default());
    let (service, draining) = (probe(&limits, signals.clone()), drain.clone());
    let server = tokio::spawn(async move { serve(listener, service, &limits, proxies, &draining).await });
    Running { address, drain, signals, server }
}

impl Running {
    pub(crate) async fn client(&self) -> IngestServiceClient<Channel> {
        IngestServiceClient::connect(format!("http://{}", self.address)).await.expect("connected")
    }
}

/// A wait that would otherwise hang the suite.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("in time")
}

#[tokio::test]
async fn a_call_carries_the_address_of_its_client() {
    for (proxies, address) in
        [(TrustedProxies::none(), "127.0.0.1"), (TrustedProxies::loopback_and([]), "198.51.100.7")]
    {
        let running = start(patient(), proxies).await;
        let mut request = Request::new(ask("address"));
        request.metadata_mut().insert("x-forwarded-for", "198.51.100.7".parse().expect("a value"));
        assert_eq!(text(running.client().await.track(request).await.expect("told")), address);
    }
}

#[tokio::test]
async fn a_drain_lets_calls_finish_and_takes_no_more() {
    let running = start(patient(), TrustedProxies::none()).await;
    let mut client = running.client().await;
    let call = tokio::spawn(async move { client.track(ask("wait")).await });
    soon(running.signals.began.notified()).await;
    running.drain.begin();
    running.signals.go_on.notify_one();
    assert_eq!(text(soon(call).await.expect("ran").expect("answered")), "went on");
    soon(running.server).await.expect("ended");
    TcpStream::connect(running.address).await.expect_err("nobody listens");
}

#[tokio::test]
async fn a_drain_does_not_wait_for_ever() {
    let limits = Limits { grace: Duration::from_millis(20), ..patient() };
    let running = start(limits, TrustedProxies::none()).await;
    let mut client = running.client().await;
    let call = tokio::spawn(async move { client.track(ask("wait")).await });
    soon(running.signals.began.notified()).await;
    running.drain.begin();
    soon(running.server).await.expect("ended");
    soon(call).await.expect("ran").expect_err("cut off");
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_a_drain() {
    let running = start(patient(), TrustedProxies::none()).await;
    let mut silent = TcpStream::connect(running.address).await.expect("connected");
    running.client().await.track(ask("")).await.expect("done");
    running.drain.begin();
    soon(running.server).await.expect("ended");
    assert_eq!(soon(silent.read(&mut [0; 1])).await.expect("closed in order"), 0);
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_let_go_and_one_that_asked_stays() {
    let limits = Limits { first_request_timeout: Duration::from_millis(200), ..patient() };
    let running = start(limits, TrustedProxies::none()).await;
    let mut client = running.client().await;
    client.track(ask("")).await.expect("done");
    let mut silent = TcpStream::connect(running.address).await.expect("connected");
    let mut hesitant = TcpStream::connect(running.address).await.expect("connected");
    hesitant.write_all(b"P").await.expect("sent");
    for held in [&mut silent, &mut hesitant] {
        soon(held.read_to_end(&mut Vec::new())).await.expect("closed in order");
    }
    let call = tokio::spawn(async move { client.track(ask("wait")).await });
    soon(running.signals.began.notified()).await;
    running.signals.go_on.notify_one();
    soon(call).await.expect("ran").expect("the older connection still works");
}

#[tokio::test]
async fn headers_beyond_the_limit_are_refused() {
    let running = start(patient(), TrustedProxies::none()).await;
    let mut request = Request::new(ask(""));
    request.metadata_mut().insert("x-long", "x".repeat(9000).parse().expect("a value"));
    running.client().await.track(request).await.expect_err("too long");

    let mut plain = TcpStream::connect(running.address).await.expect("connected");
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-long: ").await.expect("sent");
    plain.write_all("x".repeat(9000).as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    soon(plain.read_to_end(&mut answer)).await.expect("answered and closed");
    assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_room() {
    let running = start(Limits { connections: 1, ..patient() }, TrustedProxies::none()).await;
    let mut first = running.client().await;
    first.track(ask("")).await.expect("done");
    let second = tokio::spawn({
        let address = running.address;
        async move {
            let mut client = IngestServiceClient::connect(format!("http://{address}")).await.expect("connected");
            client.track(ask("")).await
        }
    });
    for _ in 0..100 {
        first.track(ask("")).await.expect("done");
    }
    assert!(!second.is_finished(), "served beside the first");
    drop(first);
    assert_eq!(text(soon(second).await.expect("ran").expect("answered")), "done");
}
