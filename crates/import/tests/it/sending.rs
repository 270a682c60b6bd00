use std::path::PathBuf;

use analytics_import::{
    ImportError, Summary, Unit,
    access_log::{self, AccessLogOptions},
    events::{self, EventsOptions},
    progress,
};
use analytics_proto::v1;
use tempfile::TempDir;
use tonic::Code;

use crate::server::{Act, TestServer, failure};

/// Three views, one of a bot, a download, an equal pair, and one line of each kind that is no event; not in order of time.
const LOG: &str = r#"192.0.2.1 - - [17/May/2015:10:00:09 +0000] "GET /late HTTP/1.1" 200 5 "-" "Mozilla"
192.0.2.1 - - [17/May/2015:12:00:02 +0200] "GET /twice HTTP/1.1" 200 5 "-" "Mozilla"
192.0.2.1 - - [17/May/2015:12:00:02 +0200] "GET /twice HTTP/1.1" 200 5 "-" "Mozilla"
192.0.2.2 - - [17/May/2015:10:00:01 +0000] "GET /early HTTP/1.1" 200 5 "-" "a bot"
192.0.2.1 - - [17/May/2015:10:00:05 +0000] "GET /paper.pdf HTTP/1.1" 200 5 "-" "Mozilla"
192.0.2.1 - - [17/May/2015:10:00:05 +0000] "POST / HTTP/1.1" 200 5 "-" "Mozilla"
192.0.2.1 - - [17/May/2015:10:00:05 +0000] "GET / HTTP/1.1" 404 5 "-" "Mozilla"
192.0.2.1 - - [17/May/2015:10:00:05 +0000] "GET /a.css HTTP/1.1" 200 5 "-" "Mozilla"

not a line
"#;

pub(crate) fn file(directory: &TempDir, name: &str, content: &str) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

async fn import_log(server: &TestServer, log: &str) -> Result<Summary, ImportError> {
    let directory = tempfile::tempdir().unwrap();
    let options = AccessLogOptions { files: vec![file(&directory, "access.log", log)], ..AccessLogOptions::default() };
    access_log::import(server.target().await, options, progress::silent()).await
}

#[tokio::test]
async fn a_log_is_sent_in_order_of_time_as_one_import() {
    let server = TestServer::default();
    let summary = import_log(&server, LOG).await.unwrap();

    let state = server.0.lock().unwrap();
    let urls: Vec<&str> =
        state.batches.iter().flat_map(|batch| &batch.events).map(|event| event.url.as_str()).collect();
    assert_eq!(urls, ["/early", "/twice", "/twice", "/paper.pdf", "/late"]);
    assert!(state.keys.iter().eq(["Bearer secret"]), "{:?}", state.keys);
    assert_eq!(state.imports[0].parent, "projects/web");
    assert!(!state.imports[0].include_bots);
    assert!(state.batches.iter().all(|batch| batch.import == summary.import && batch.project == "projects/web"));
    assert!(state.batches.iter().all(|batch| batch.ack_level() == v1::AckLevel::Committed));
    assert_eq!(state.finished, [summary.import.as_str()]);
}

#[tokio::test]
async fn every_line_is_accounted_for() {
    let summary = import_log(&TestServer::default(), LOG).await.unwrap();
    assert_eq!(
        (summary.unit, summary.read, summary.sent, summary.stored, summary.duplicate),
        (Unit::Lines, 10, 5, 4, 0)
    );
    let counted = |counts: &std::collections::BTreeMap<String, u64>| -> Vec<(String, u64)> {
        counts.iter().map(|(name, count)| (name.clone(), *count)).collect()
    };
    let one = |name: &str| (name.to_owned(), 1);
    assert_eq!(counted(&summary.skipped), [one("asset"), one("empty line"), one("method"), one("status")]);
    assert_eq!(counted(&summary.filtered), [one("bot")]);
    assert_eq!(summary.unparsable.count, 1);
    assert!(summary.unparsable.first[0].place.ends_with("access.log:10"), "{:?}", summary.unparsable);
    assert_eq!(summary.read, summary.sent + summary.skipped_count() + summary.unparsable.count);
}

#[tokio::test]
async fn a_second_import_finds_duplicates_only() {
    let server = TestServer::default();
    let first = import_log(&server, LOG).await.unwrap();
    let second = import_log(&server, LOG).await.unwrap();
    assert_eq!((second.stored, second.duplicate), (0, first.stored));
    assert_eq!(second.import, first.import, "the same content is the same import");
    assert!(!second.resumed, "the first one was finished");
}

#[tokio::test]
async fn events_are_sorted_and_rejected_ones_named_by_their_line() {
    let lines = [
        r#"{"eventId":"0190163d-8694-739b-aea5-966c26f8ad92","occurredAt":"2024-06-14T09:30:02Z","kind":"EVENT_KIND_VIEW","url":"/b"}"#,
        r#"{"occurredAt":"2024-06-14T09:30:03Z","kind":"EVENT_KIND_VIEW","url":"/c"}"#,
        "",
        r#"{"kind":7.5}"#,
        r#"{"eventId":"0190163d-8694-739b-aea5-966c26f8ad91","occurredAt":"2024-06-14T09:30:01Z","kind":"EVENT_KIND_VIEW","url":"/a"}"#,
    ];
    let server = TestServer::default();
    let directory = tempfile::tempdir().unwrap();
    let files = vec![file(&directory, "events.ndjson", &lines.join("\n"))];
    let options = EventsOptions { files, include_bots: true, ..EventsOptions::default() };
    let summary = events::import(server.target().await, options, progress::silent()).await.unwrap();

    let state = server.0.lock().unwrap();
    let urls: Vec<&str> = state.batches[0].events.iter().map(|event| event.url.as_str()).collect();
    assert_eq!(urls, ["/a", "/b", "/c"]);
    assert_eq!(state.batches[0].events[0].event_id, "0190163d-8694-739b-aea5-966c26f8ad91", "events keep their ids");
    assert!(state.imports[0].include_bots);
    assert_eq!((summary.read, summary.stored, summary.rejected_count()), (5, 2, 1));
    assert_eq!((summary.rejected[0].field.as_str(), summary.rejected[0].count), ("event_id", 1));
    assert!(summary.rejected[0].first[0].ends_with("events.ndjson:2"), "{:?}", summary.rejected);
    let bad = &summary.unparsable.first[0];
    assert!(bad.place.ends_with("events.ndjson:4") && bad.problem.starts_with("kind: "), "{bad:?}");
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_its_words() {
    let server = TestServer::default();
    let status = failure(Code::Unauthenticated, v1::ErrorReason::KeyRevoked, "this key was revoked: create another");
    server.script([Act::Fail(status)]);
    let error = import_log(&server, LOG).await.unwrap_err();
    assert_eq!(error.to_string(), "this key was revoked: create another");
    assert!(server.0.lock().unwrap().finished.is_empty());
}

#[tokio::test]
async fn a_missing_file_is_told_before_anything_is_sent() {
    let server = TestServer::default();
    let options = AccessLogOptions { files: vec!["/nonexistent/access.log".into()], ..AccessLogOptions::default() };
    let error = access_log::import(server.target().await, options, progress::silent()).await.unwrap_err();
    assert!(error.to_string().contains("/nonexistent/access.log"), "{error}");
    assert!(server.0.lock().unwrap().imports.is_empty());
}
