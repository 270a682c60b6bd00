//! Every batch sent three times, over calls and streams at once, in other orders, by other ways: each event counts once.

use std::collections::BTreeMap;

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{
    self, ErrorReason, Verdict, ingest_service_client::IngestServiceClient, track_stream_response::Result as Answer,
};
use tokio_stream::StreamExt as _;
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::{
    answers::{count as count_of, list},
    calls::{by, channel},
    support::{Counts, Deployment, Server, Stack, block_on},
};

/// Of each project. The same ids in two projects have nothing to do with each other.
const BATCHES: [(&str, u64); 2] = [("web", 34), ("app", 4)];
const EVENTS_PER_BATCH: u64 = 1000;
const COPIES: u64 = 3;

#[test]
fn what_is_sent_three_times_over_calls_and_streams_counts_once() {
    eprintln!("over the embedded store:");
    assert_counts_once(&Server::start());
    eprintln!("as separate services, two of each:");
    assert_counts_once(&Stack::start_many(Counts::TWO));
}

fn assert_counts_once(platform: &dyn Deployment) {
    BATCHES.iter().for_each(|(project, _)| platform.create_project(project, "UTC"));
    let (endpoints, key) = (platform.endpoints(), platform.admin_key());
    let now = SystemClock.now().0 / 1_000_000;
    let tallies = block_on(async {
        let mut senders = tokio::task::JoinSet::new();
        for copy in 0..COPIES {
            for (project, count) in BATCHES {
                let endpoint = endpoints[copy as usize % endpoints.len()].clone();
                let (key, batches) = (key.clone(), batches(project, count, copy, now));
                senders.spawn(async move {
                    let client = IngestServiceClient::new(channel(&endpoint).await);
                    let tally = match copy {
                        0 => call(client, &key, batches).await,
                        _ => stream(client, &key, batches).await,
                    };
                    (project, tally)
                });
            }
        }
        senders.join_all().await
    });
    for (project, batches) in BATCHES {
        let of_project = tallies.iter().filter(|(of, _)| *of == project);
        let mut told: BTreeMap<&str, Vec<Verdict>> = BTreeMap::new();
        for (id, verdict) in of_project.flat_map(|(_, tally)| tally) {
            told.entry(id).or_default().push(*verdict);
        }
        let events = batches * EVENTS_PER_BATCH;
        assert_eq!(told.len() as u64, events);
        for (id, verdicts) in told {
            // A cut stream heard nothing of some; what was heard names the copy that was stored at most once.
            let stored = verdicts.iter().filter(|verdict| **verdict == Verdict::Stored).count();
            assert!(stored <= 1, "{id}: {verdicts:?}");
            assert!(verdicts.len() as u64 >= COPIES, "{id}: {verdicts:?}");
        }
        let totals = ["query", "totals", "--project", project, "--metric", "events", "--json"];
        let range = ["--from", "2000-01-01", "--to", "2100-01-01", "--as-of", "2100-01-01T00:00:00Z"];
        let question = [&totals[..], &range].concat();
        // What was acknowledged as durable may still be on its way.
        let counted = || count_of(&list(&platform.analytics(&question).json(), "values")[0]) as u64;
        while counted() < events {}
        assert_eq!(counted(), events, "{project}");
    }
}

/// The batches of a copy, in an order of its own and with an order of its own in each.
fn batches(project: &str, count: u64, copy: u64, now: i64) -> Vec<v1::TrackRequest> {
    let event = |number: u64| v1::Event {
        event_id: uuid::Uuid::from_u128(u128::from(number)).to_string(),
        occurred_at: Some(pbjson_types::Timestamp { seconds: now - (number % 86_400) as i64, nanos: 0 }),
        kind: v1::EventKind::View.into(),
        url: format!("/{}", number % 50),
        ..Default::default()
    };
    let batch = |number: u64| {
        let number = (number * (2 * copy + 1) + copy * 11) % count;
        let mut events: Vec<v1::Event> =
            (0..EVENTS_PER_BATCH).map(|nth| event(number * EVENTS_PER_BATCH + nth)).collect();
        events.rotate_left((copy * EVENTS_PER_BATCH / COPIES) as usize);
        let ack = if number.is_multiple_of(2) { v1::AckLevel::Committed } else { v1::AckLevel::Durable };
        v1::TrackRequest { project: format!("projects/{project}"), events, ack_level: ack.into(), ..Default::default() }
    };
    (0..count).map(batch).collect()
}

type Tally = Vec<(String, Verdict)>;

fn told(batch: v1::TrackRequest, response: v1::TrackResponse) -> impl Iterator<Item = (String, Verdict)> {
    assert_eq!(batch.events.len(), response.verdicts.len());
    batch.events.into_iter().zip(response.verdicts).map(|(event, verdict)| {
        let taken = [Verdict::Accepted, Verdict::Stored, Verdict::Duplicate];
        assert!(taken.contains(&verdict.verdict()), "{verdict:?}");
        (event.event_id, verdict.verdict())
    })
}

/// Waits for as long as a busy server asks for. A machine that is busy itself may miss a deadline too; nothing else is to be refused.
async fn come_back(status: &Status) {
    if status.code() == Code::DeadlineExceeded {
        return;
    }
    let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
    tokio::time::sleep(asked.unwrap_or_else(|| panic!("a sender saw {status:?}"))).await;
}

async fn call(mut client: IngestServiceClient<Channel>, key: &str, batches: Vec<v1::TrackRequest>) -> Tally {
    let mut tally = Tally::new();
    for batch in batches {
        let response = loop {
            match client.track(by(key, batch.clone())).await {
                Ok(response) => break response.into_inner(),
                Err(status) => come_back(&status).await,
            }
        };
        tally.extend(told(batch, response));
    }
    tally
}

/// Cuts its first stream in the middle, without a word, and sends again on another what was not answered or put off.
async fn stream(mut client: IngestServiceClient<Channel>, key: &str, batches: Vec<v1::TrackRequest>) -> Tally {
    let mut unanswered: BTreeMap<i64, v1::TrackRequest> = (1..).zip(batches).collect();
    let mut answers_until_cut = unanswered.len() / 2;
    let mut tally = Tally::new();
    while !unanswered.is_empty() {
        let messages: Vec<_> = unanswered
            .iter()
            .map(|(&batch_number, batch)| v1::TrackStreamRequest { batch_number, batch: Some(batch.clone()) })
            .collect();
        let answers = match client.track_stream(by(key, tokio_stream::iter(messages))).await {
            Ok(answers) => answers.into_inner(),
            Err(status) => {
                come_back(&status).await;
                continue;
            }
        };
        let mut answers = answers.take(answers_until_cut);
        answers_until_cut = usize::MAX;
        while let Some(answer) = answers.next().await {
            match answer.expect("it goes on").result {
                Some(Answer::Verdicts(verdicts)) => {
                    let batch = unanswered.remove(&verdicts.batch_number).expect("answered once");
                    tally.extend(told(batch, verdicts.response.expect("verdicts")));
                }
                Some(Answer::Refusal(refusal)) if refusal.retry_after.is_some() => {
                    assert_eq!(refusal.reason(), ErrorReason::Unavailable, "{refusal:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
    tally
}
