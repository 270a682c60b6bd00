//! Streams of batches through the gateway: held back from both sides, ended in order, and never left without a status.

use std::{future::Future, net::SocketAddr, time::Duration};

use analytics_domain::SystemClock;
use analytics_gateway::{Gateway, GatewayOptions};
use analytics_proto::v1::{
    TrackRequest, TrackStreamRequest, TrackStreamResponse, ingest_service_client::IngestServiceClient,
    track_stream_response::Result as Told,
};
use analytics_rpc::{Drain, Limits, TrustedProxies};
use axum::Router;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Streaming, transport::Channel};
use tonic_types::StatusExt as _;

use crate::ingest::Ingest;
use crate::setup::{channel, gateway, page, remote, serve_router};

/// A wait that would otherwise hang the suite.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("in time")
}

fn batch(number: i64, size: usize) -> TrackStreamRequest {
    let batch = TrackRequest { project: "x".repeat(size), ..TrackRequest::default() };
    TrackStreamRequest { batch_number: number, batch: Some(batch) }
}

async fn open(address: SocketAddr) -> (mpsc::Sender<TrackStreamRequest>, Streaming<TrackStreamResponse>) {
    let (batches, requests) = mpsc::channel(1);
    let mut client: IngestServiceClient<Channel> = IngestServiceClient::new(channel(address));
    let answers = soon(client.track_stream(ReceiverStream::new(requests))).await.unwrap().into_inner();
    (batches, answers)
}

fn number_of(answer: TrackStreamResponse) -> i64 {
    let Some(Told::Verdicts(verdicts)) = answer.result else { panic!("{answer:?}") };
    verdicts.batch_number
}

/// A server that is told to stop.
struct Running {
    address: SocketAddr,
    drain: Drain,
    server: JoinHandle<()>,
}

async fn start(router: Router, limits: Limits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let drain = Drain::new(limits.grace);
    let draining = drain.clone();
    let server = tokio::spawn(async move {
        analytics_rpc::serve(listener, router, &limits, TrustedProxies::none(), &draining).await;
    });
    Running { address, drain, server }
}

/// A way to a server that is cut, without a word to either side, when the task is aborted.
async fn line_to(server: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let line = tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let mut far = TcpStream::connect(server).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
    });
    (address, line)
}

fn gateway_router(ingest: &Ingest, behind: Option<SocketAddr>) -> Router {
    let (options, clock) = (GatewayOptions::default(), std::sync::Arc::new(SystemClock));
    match behind {
        Some(behind) => Gateway::with_page(options, remote([behind]), page(), clock).into_router(),
        None => Gateway::with_page(options, ingest.upstream(), page(), clock).into_router(),
    }
}

#[tokio::test]
async fn each_batch_is_answered_before_the_next_is_made() {
    let ingest = Ingest::default();
    let behind = serve_router(ingest.router()).await;
    for address in [
        gateway(GatewayOptions::default(), ingest.upstream()).await,
        gateway(GatewayOptions::default(), remote([behind])).await,
    ] {
        let (batches, mut answers) = open(address).await;
        for number in 1..=20 {
            batches.send(batch(number, 10)).await.unwrap();
            assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), number);
        }
        drop(batches);
        assert!(soon(answers.message()).await.unwrap().is_none(), "the end of the one side is the end of the other");
    }
}

#[tokio::test]
async fn a_stream_takes_no_place_of_a_call() {
    let ingest = Ingest::within(Limits { calls: 1, ..Limits::default() });
    let behind = serve_router(ingest.router()).await;
    for address in [
        gateway(GatewayOptions::default(), ingest.upstream()).await,
        gateway(GatewayOptions::default(), remote([behind])).await,
    ] {
        let (batches, mut answers) = open(address).await;
        for number in 1..=3 {
            batches.send(batch(number, 10)).await.unwrap();
            assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), number);
            let mut client = IngestServiceClient::new(channel(address));
            client.track(TrackRequest::default()).await.expect("the only place of calls is free");
        }
    }
}

#[tokio::test]
async fn more_streams_than_allowed_are_told_to_come_back() {
    let ingest = Ingest::within(Limits { streams: 1, ..Limits::default() });
    let address = gateway(GatewayOptions::default(), ingest.upstream()).await;
    let (batches, answers) = open(address).await;
    let mut client = IngestServiceClient::new(channel(address));
    let refusal = client.track_stream(tokio_stream::empty()).await.expect_err("one too many");
    assert_eq!((refusal.code(), refusal.get_details_retry_info().is_some()), (Code::Unavailable, true));
    drop((batches, answers));
    // Its place is free once the server has seen the end.
    while let Err(refusal) = soon(client.track_stream(tokio_stream::empty())).await {
        assert_eq!(refusal.code(), Code::Unavailable);
    }
}

#[tokio::test]
async fn a_service_that_stalls_holds_its_caller_back_and_nobody_else() {
    let ingest = Ingest::default().stalled();
    let behind = serve_router(ingest.router()).await;
    for address in [
        gateway(GatewayOptions::default(), ingest.upstream()).await,
        gateway(GatewayOptions::default(), remote([behind])).await,
    ] {
        let (batches, mut answers) = open(address).await;
        let (size, mut taken) = (64 * 1024, 0);
        while let Ok(sent) =
            tokio::time::timeout(Duration::from_millis(500), batches.send(batch(taken + 1, size))).await
        {
            sent.unwrap();
            taken += 1;
            assert!(taken < 64, "4 MiB went into a stream that nobody reads");
        }
        let mut client = IngestServiceClient::new(channel(address));
        soon(client.track(TrackRequest::default())).await.expect("calls of others go through");
        ingest.reads.add_permits(1000);
        for number in 1..=taken {
            assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), number);
        }
        ingest.reads.forget_permits(1000);
    }
}

#[tokio::test]
async fn a_process_that_dies_ends_its_streams_with_a_time_to_come_back() {
    let ingest = Ingest::default();
    let (behind, line) = line_to(serve_router(ingest.router()).await).await;
    let address = gateway(GatewayOptions::default(), remote([behind])).await;
    let (batches, mut answers) = open(address).await;
    batches.send(batch(1, 10)).await.unwrap();
    assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), 1);
    line.abort();
    let status = soon(answers.message()).await.expect_err("a broken stream must not look like one that is done");
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert!(status.get_details_retry_info().is_some(), "{status:?}");
}

#[tokio::test]
async fn a_stream_is_told_that_its_server_stops_and_ends_in_order() {
    let ingest = Ingest::default();
    let patient = Limits { grace: Duration::from_secs(3600), ..Limits::default() };
    let process = start(ingest.router(), patient.clone()).await;
    // The server of the stream's own connection stops, or the process behind a gateway.
    let near = start(gateway_router(&ingest, None), patient.clone()).await;
    let far = start(gateway_router(&ingest, Some(process.address)), patient).await;
    for (address, stops) in [(near.address, near), (far.address, process)] {
        let (batches, mut answers) = open(address).await;
        batches.send(batch(1, 10)).await.unwrap();
        assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), 1);
        stops.drain.begin();
        let told = soon(answers.message()).await.unwrap().unwrap();
        assert!(matches!(told.result, Some(Told::Ending(_))), "{told:?}");
        assert!(soon(answers.message()).await.unwrap().is_none());
        soon(stops.server).await.expect("the server waits for nothing more");
        drop(batches);
    }
    far.drain.begin();
    soon(far.server).await.unwrap();
}

#[tokio::test]
async fn a_gateway_that_stops_ends_streams_to_others_after_a_whole_message() {
    let ingest = Ingest::default();
    let process = start(ingest.router(), Limits::default()).await;
    let patient = Limits { grace: Duration::from_secs(3600), ..Limits::default() };
    let front = start(gateway_router(&ingest, Some(process.address)), patient).await;
    let (batches, mut answers) = open(front.address).await;
    batches.send(batch(1, 10)).await.unwrap();
    assert_eq!(number_of(soon(answers.message()).await.unwrap().unwrap()), 1);
    front.drain.begin();
    assert!(soon(answers.message()).await.unwrap().is_none(), "it ends, and nothing is wrong");
    soon(front.server).await.expect("the gateway waits for nothing more");
    drop(batches);
}
