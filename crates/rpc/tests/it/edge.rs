use std::io::Write as _;

use analytics_proto::v1::{ErrorReason, ingest_service_client::IngestServiceClient};
use analytics_rpc::{Edge, Limits};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::time::{Duration, Instant};
use tonic::{Code, Status, service::Routes};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;
use tower::ServiceExt as _;

use crate::probe::{Signals, ask, limits, probe, text};

const TRACK: &str = "/analytics.v1.IngestService/Track";

fn client(limits: &Limits) -> IngestServiceClient<Edge<Routes>> {
    IngestServiceClient::new(probe(limits, Signals::default()))
}

#[track_caller]
fn assert_failure(status: &Status, code: Code, reason: ErrorReason) {
    assert_eq!(status.code(), code, "{status:?}");
    assert_eq!(status.get_details_error_info().expect("an ErrorInfo").reason, reason.as_str_name());
}

/// Sends bytes as they are; returns the status wherever it stands.
async fn send(path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Status {
    let mut request = Request::post(path).header("content-type", "application/grpc");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::from(body)).expect("a request");
    let response = probe(&limits(), Signals::default()).oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let trailers: Option<HeaderMap> = body.collect().await.expect("a body").trailers().cloned();
    let status = Status::from_header_map(&parts.headers);
    status.or_else(|| Status::from_header_map(&trailers?)).expect("a status")
}

fn framed(flag: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("short");
    [&[flag][..], &length.to_be_bytes(), message].concat()
}

#[tokio::test]
async fn a_request_that_is_too_large_is_told_the_limit_and_is_not_retried() {
    let status = client(&limits()).track(ask(&"x".repeat(3000))).await.expect_err("too large");
    assert_failure(&status, Code::InvalidArgument, ErrorReason::MessageTooLarge);
    assert_eq!(status.get_details_error_info().expect("info").metadata["limit_bytes"], "2000");
    assert_eq!(status.get_details_bad_request().expect("a BadRequest").field_violations.len(), 1);
    assert!(status.message().contains("larger than 2000 bytes"), "{}", status.message());
}

#[tokio::test]
async fn a_bomb_is_a_request_that_is_too_large() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&vec![0; 1_000_000]).expect("compressed");
    let bomb = gzip.finish().expect("compressed");
    assert!(bomb.len() < 2000);
    let status = send(TRACK, &[("grpc-encoding", "gzip")], framed(1, &bomb)).await;
    assert_failure(&status, Code::InvalidArgument, ErrorReason::MessageTooLarge);
}

#[tokio::test]
async fn bytes_that_are_no_message_are_the_senders_fault() {
    for body in [framed(0, b"\xff\xff\xff"), framed(9, b""), framed(1, b"x"), b"\0\0".to_vec(), Vec::new()] {
        let status = send(TRACK, &[], body.clone()).await;
        assert_failure(&status, Code::InvalidArgument, ErrorReason::InvalidField);
        assert!(status.message().starts_with("the request cannot be decoded"), "{body:?}: {}", status.message());
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_asks_for_less() {
    let status = client(&limits()).track(ask("too large")).await.expect_err("too large");
    assert_failure(&status, Code::InvalidArgument, ErrorReason::MessageTooLarge);
    assert!(status.message().contains("ask for less"), "{}", status.message());
}

#[tokio::test]
async fn a_failure_of_the_service_passes_as_it_is() {
    let status = client(&limits()).track(ask("refuse")).await.expect_err("refused");
    assert_failure(&status, Code::Unauthenticated, ErrorReason::KeyMissing);
    assert_eq!(send("/analytics.v1.Absent/Call", &[], framed(0, b"")).await.code(), Code::Unimplemented);
}

#[tokio::test]
async fn a_panic_is_an_opaque_failure_of_one_call() {
    let mut client = client(&limits());
    let status = client.track(ask("panic")).await.expect_err("panicked");
    assert_failure(&status, Code::Internal, ErrorReason::Internal);
    assert!(!status.message().contains("as asked"), "{}", status.message());
    assert_eq!(text(client.track(ask("")).await.expect("still there")), "done");
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_the_callers_deadline_or_the_servers() {
    let mut client = client(&limits());
    for (callers, ends_after) in [(None, 10_000), (Some(400), 400), (Some(3_600_000), 10_000)] {
        let mut request = tonic::Request::new(ask("forever"));
        if let Some(timeout_ms) = callers {
            request.set_timeout(Duration::from_millis(timeout_ms));
        }
        let before = Instant::now();
        let status = client.track(request).await.expect_err("never ends");
        assert_failure(&status, Code::DeadlineExceeded, ErrorReason::DeadlineExceeded);
        assert_eq!(before.elapsed(), Duration::from_millis(ends_after));
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_learns_by_when_it_must_answer() {
    let mut client = client(&limits());
    for (callers_ms, handlers_ms) in [(400, 360), (3_600_000, 9_900)] {
        let mut request = tonic::Request::new(ask("deadline"));
        request.set_timeout(Duration::from_millis(callers_ms));
        let told = text(client.track(request).await.expect("told"));
        assert_eq!(told, format!("{:?}", Duration::from_millis(handlers_ms)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_beyond_the_time_of_a_call() {
    let mut client = client(&limits());
    let mut stream = client.track_stream(futures::stream::empty()).await.expect("open").into_inner();
    let told = tokio::time::timeout(Duration::from_secs(3600), stream.message()).await;
    assert!(told.is_err(), "it neither ended nor failed within an hour: {told:?}");
}

#[tokio::test]
async fn streams_are_bounded_apart_from_calls() {
    let client = IngestServiceClient::new(probe(&Limits { streams: 1, calls: 1, ..limits() }, Signals::default()));
    let open = client.clone().track_stream(futures::stream::empty()).await.expect("open");
    let status = client.clone().track_stream(futures::stream::empty()).await.expect_err("one too many");
    assert_failure(&status, Code::Unavailable, ErrorReason::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    assert_eq!(text(client.clone().track(ask("")).await.expect("a call has a place of its own")), "done");
    drop(open);
    client.clone().track_stream(futures::stream::empty()).await.expect("there is room again");
}

#[tokio::test]
async fn streams_that_need_no_key_take_no_place_from_the_others() {
    let edge = probe(&Limits { streams: 1, keyless_streams: 2, ..limits() }, Signals::default());
    let ask_health = async || HealthClient::new(edge.clone()).watch(HealthCheckRequest::default()).await;
    let watched = [ask_health().await.expect("the first"), ask_health().await.expect("the second")];
    let status = ask_health().await.expect_err("one too many");
    assert_failure(&status, Code::Unavailable, ErrorReason::Unavailable);
    let ingest = IngestServiceClient::new(edge.clone());
    let _open = ingest.clone().track_stream(futures::stream::empty()).await.expect("has a place of its own");
    drop(watched);
    ask_health().await.expect("there is room again");
}

#[tokio::test]
async fn more_calls_than_allowed_are_told_to_come_back() {
    let signals = Signals::default();
    let client = IngestServiceClient::new(probe(&limits(), signals.clone()));
    let mut running = Vec::new();
    for _ in 0..2 {
        let mut client = client.clone();
        running.push(tokio::spawn(async move { client.track(ask("wait")).await }));
        signals.began.notified().await;
    }
    let status = client.clone().track(ask("")).await.expect_err("one too many");
    assert_failure(&status, Code::Unavailable, ErrorReason::Unavailable);
    let delay = status.get_details_retry_info().expect("a RetryInfo").retry_delay.expect("a delay");
    assert!((1000..=1500).contains(&delay.as_millis()), "{delay:?}");
    for call in running {
        signals.go_on.notify_one();
        assert_eq!(text(call.await.expect("ran").expect("answered")), "went on");
    }
    assert_eq!(text(client.clone().track(ask("")).await.expect("there is room again")), "done");
}

#[test]
fn calls_are_counted_by_method_and_code_and_paths_of_strangers_are_not_kept() {
    let text = metrics_of(async {
        let mut client = client(&limits());
        client.track(ask("")).await.expect("done");
        client.track(ask("")).await.expect("done");
        client.track(ask("too large")).await.expect_err("too large");
        client.track(ask("refuse")).await.expect_err("refused");
        send("/attack/1", &[], Vec::new()).await;
        send("/attack/2", &[], Vec::new()).await;
    });
    for (method, code, count) in [
        ("analytics.v1.IngestService/Track", "OK", 2),
        ("analytics.v1.IngestService/Track", "INVALID_ARGUMENT", 1),
        ("analytics.v1.IngestService/Track", "UNAUTHENTICATED", 1),
        ("other", "UNIMPLEMENTED", 2),
    ] {
        let line = format!("analytics_rpc_requests_total{{method=\"{method}\",code=\"{code}\"}} {count}\n");
        assert!(text.contains(&line), "{line} in {text}");
    }
    let count = "analytics_rpc_request_duration_seconds_count{method=\"analytics.v1.IngestService/Track\"} 4\n";
    assert!(text.contains(count), "{text}");
    assert!(!text.contains("attack"), "{text}");
}

#[test]
fn a_caller_who_goes_away_is_counted_and_makes_room() {
    let text = metrics_of(async {
        let signals = Signals::default();
        let client = IngestServiceClient::new(probe(&Limits { calls: 1, ..limits() }, signals.clone()));
        let mut waiting = client.clone();
        let call = tokio::spawn(async move { waiting.track(ask("wait")).await });
        signals.began.notified().await;
        call.abort();
        assert!(call.await.expect_err("aborted").is_cancelled());
        assert_eq!(text(client.clone().track(ask("")).await.expect("there is room")), "done");
    });
    let line = "analytics_rpc_requests_total{method=\"analytics.v1.IngestService/Track\",code=\"CANCELLED\"} 1\n";
    assert!(text.contains(line), "{text}");
}

/// The metrics that some work leaves behind, as text.
fn metrics_of(work: impl Future<Output = ()>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work);
    });
    handle.render()
}
