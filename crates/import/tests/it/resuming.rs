use std::{fmt::Write as _, sync::Arc, time::Duration};

use analytics_import::{
    ImportError, ImportTarget, Summary,
    access_log::{self, AccessLogOptions},
};
use analytics_proto::v1::ErrorReason;
use tonic::{Code, Status, transport::Channel};

use crate::{
    sending::file,
    server::{Act, Messages, TestServer, failure},
};

const LINES: usize = 2500;

/// Three batches.
fn log() -> String {
    (0..LINES).fold(String::new(), |mut log, line| {
        let (minute, second) = (line / 60, line % 60);
        let request = format!("\"GET /{line} HTTP/1.1\" 200 5 \"-\" \"Mozilla\"");
        writeln!(log, "192.0.2.1 - - [17/May/2015:10:{minute:02}:{second:02} +0000] {request}").unwrap();
        log
    })
}

async fn import(target: ImportTarget, patience: Duration) -> (Result<Summary, ImportError>, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let files = vec![file(&directory, "access.log", &log())];
    let messages = Arc::new(Messages::default());
    let options = AccessLogOptions { files, patience, ..AccessLogOptions::default() };
    let result = access_log::import(target, options, messages.clone()).await;
    let messages = messages.0.lock().unwrap().clone();
    (result, messages)
}

fn urls(server: &TestServer) -> Vec<String> {
    let state = server.0.lock().unwrap();
    state.batches.iter().flat_map(|batch| &batch.events).map(|event| event.url.clone()).collect()
}

#[tokio::test]
async fn a_server_that_fails_for_a_while_gets_the_same_batch_again() {
    let server = TestServer::default();
    let unavailable = || failure(Code::Unavailable, ErrorReason::Unavailable, "the log is full");
    let broken = Status::unknown("transport error");
    server.script([Act::Take, Act::Fail(unavailable()), Act::Fail(broken), Act::LoseAnswer, Act::Take, Act::Take]);
    let (summary, messages) = import(server.target().await, Duration::from_secs(60)).await;
    let summary = summary.unwrap();
    assert_eq!(summary.sent, LINES as u64);
    // The batch whose answer was lost was stored: this server tells so, the real one knows it by its entry.
    assert_eq!((summary.stored, summary.duplicate), (1500, 1000));
    let sent = urls(&server);
    assert_eq!(sent[1000..2000], sent[2000..3000], "the same batch");
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("the log is full") && messages[0].contains("60 s"), "{messages:?}");
    assert!(messages[1].contains("answers again"), "{messages:?}");
}

#[tokio::test]
async fn events_with_the_verdict_retry_are_sent_again_before_the_next() {
    let server = TestServer::default();
    server.script([Act::RetryFrom(998)]);
    let (summary, _) = import(server.target().await, Duration::from_secs(60)).await;
    assert_eq!(summary.unwrap().stored, LINES as u64);
    let state = server.0.lock().unwrap();
    assert_eq!(state.batches.iter().map(|batch| batch.events.len()).collect::<Vec<_>>(), [1000, 2, 1000, 500]);
    assert_eq!(state.batches[1].events[0].url, "/998");
}

#[tokio::test]
async fn an_import_that_was_stopped_goes_on() {
    let server = TestServer::default();
    let stop = failure(Code::Internal, ErrorReason::Internal, "the disk is full");
    server.script([Act::Take, Act::Fail(stop)]);
    let (stopped, _) = import(server.target().await, Duration::from_secs(60)).await;
    assert_eq!(stopped.unwrap_err().to_string(), "the disk is full");
    let (resumed, _) = import(server.target().await, Duration::from_secs(60)).await;
    let resumed = resumed.unwrap();
    assert!(resumed.resumed);
    assert_eq!((resumed.stored, resumed.duplicate), (1500, 1000));
    let state = server.0.lock().unwrap();
    assert_eq!(state.imports[0].import_id, state.imports[1].import_id);
}

#[tokio::test]
async fn an_import_that_expired_is_explained() {
    let server = TestServer::default();
    server.script([Act::Take, Act::Fail(failure(Code::NotFound, ErrorReason::ImportNotFound, "no such import"))]);
    let (result, _) = import(server.target().await, Duration::from_secs(60)).await;
    let error = result.unwrap_err();
    assert!(matches!(error, ImportError::Expired { .. }), "{error}");
    assert!(error.to_string().contains("start the same command again"), "{error}");
}

#[tokio::test]
async fn an_unreachable_server_is_given_up_with_advice() {
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let channel = Channel::from_shared(format!("http://{free}")).unwrap().connect_lazy();
    let target = ImportTarget { channel, key: "secret".to_owned(), project: "web".to_owned() };
    let (result, messages) = import(target, Duration::from_millis(50)).await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("start the same command again"), "{error}");
    assert!(error.to_lowercase().contains("refused"), "{error}");
    assert_eq!(messages.len(), 1, "{messages:?}");
}
