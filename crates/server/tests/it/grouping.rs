//! Single events from many callers at once share log entries.

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{self, Verdict, ingest_service_client::IngestServiceClient};

use crate::{
    calls::{by, channel},
    support::{Deployment, Server, Stack, block_on, metric},
};

const CALLERS: u128 = 50;
const CALLS: u128 = 20;

#[test]
fn single_events_of_many_callers_share_entries_and_each_gets_its_verdict() {
    let server = Server::start();
    assert_shares(&server, || metric(server.management(), "analytics_collector_entries_total", ""));
    let stack = Stack::start();
    assert_shares(&stack, || stack.collectors[0].metric("analytics_collector_entries_total", ""));
}

fn assert_shares(platform: &dyn Deployment, entries: impl Fn() -> f64) {
    platform.create_project("web", "UTC");
    let (endpoint, key) = (platform.endpoint(), platform.admin_key());
    block_on(async {
        let mut client = IngestServiceClient::new(channel(&endpoint).await);
        // A collector that knows no key yet asks its catalog, which takes as long as it takes.
        while client.track(by(&key, single(u128::MAX))).await.is_err() {}
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..CALLERS {
            let (mut client, key) = (client.clone(), key.clone());
            callers.spawn(async move {
                for call in 0..CALLS {
                    let number = caller * CALLS + call;
                    // Every second event was sent by the caller before.
                    for expected in [Verdict::Stored, Verdict::Duplicate] {
                        let response = client.track(by(&key, single(number))).await.expect("taken").into_inner();
                        assert_eq!(response.verdicts[0].verdict(), expected, "{number}");
                    }
                }
            });
        }
        callers.join_all().await;
    });
    let (calls, entries) = ((2 * CALLERS * CALLS) as f64, entries());
    eprintln!("{calls} calls in {entries} entries");
    assert!(entries > 0.0 && entries < calls / 2.0, "{calls} calls in {entries} entries");
}

fn single(number: u128) -> v1::TrackRequest {
    let day = SystemClock.now().0 / 86_400_000_000 * 86_400;
    let event = v1::Event {
        event_id: uuid::Uuid::from_u128(number).to_string(),
        occurred_at: Some(pbjson_types::Timestamp { seconds: day, nanos: 0 }),
        kind: v1::EventKind::View.into(),
        url: "/".to_owned(),
        ..Default::default()
    };
    let ack_level = v1::AckLevel::Committed.into();
    v1::TrackRequest { project: "projects/web".to_owned(), events: vec![event], ack_level, ..Default::default() }
}
