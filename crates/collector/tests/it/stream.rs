//! `TrackStream` over real connections.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use analytics_collector::StreamLimits;
use analytics_domain::{
    ConsentPolicy,
    ports::{Catalog as _, DeliveryOutcome, EventOutcome, EventStore as _, IngestCounts as _, LogConsumer as _},
};
use analytics_proto::v1::{
    self, ErrorReason, Verdict, ingest_service_client::IngestServiceClient, track_stream_response::Result as Answer,
};
use analytics_stream::local::LocalLogOptions;
use futures::StreamExt as _;
use tonic::{Code, transport::Endpoint};

use crate::{
    stream_client::Server,
    world::{SECOND, World, batch, noon, plus, reason_of, verdicts, view},
};

fn one(number: usize) -> v1::TrackRequest {
    batch(vec![view(number, noon())])
}

/// A batch of so many bytes or a few more, too large to share an entry.
fn large(number: usize, bytes: usize) -> v1::TrackRequest {
    let events = (bytes / 4000).max(60);
    let url = format!("/{}", "x".repeat(bytes / events - 50));
    let event = |nth| v1::Event { url: url.clone(), ..view(number * 1000 + nth, noon()) };
    batch((0..events).map(event).collect())
}

fn patient() -> LocalLogOptions {
    LocalLogOptions { max_wait: std::time::Duration::from_secs(3600), ..LocalLogOptions::default() }
}

#[tokio::test]
async fn each_batch_is_answered_by_its_number_and_the_end_comes_after_the_last_answer() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let mut stream = server.open(&web.browser()).await;
    let numbers: Vec<i64> = (1..=40).map(|number| number * 3).collect();
    for &number in &numbers {
        stream.send(number, batch(vec![view(number as usize, noon()), v1::Event::default()]));
    }
    stream.close();
    let mut answered = Vec::new();
    for _ in &numbers {
        let (number, response) = stream.verdicts().await;
        assert_eq!(verdicts(&response), [Verdict::Stored, Verdict::Rejected]);
        answered.push(number);
    }
    answered.sort_unstable();
    assert_eq!(answered, numbers);
    assert_eq!(stream.next().await.expect("it ends well"), None);
    assert_eq!(world.stored(&web).await.len(), numbers.len());
}

#[tokio::test]
async fn numbers_that_do_not_ascend_end_the_stream_after_what_came_before() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    for (first, second) in [(7, 7), (7, 6), (7, -1)] {
        let mut stream = server.open(&web.browser()).await;
        stream.send(first, one(1));
        stream.send(second, one(2));
        let (answered, status) = stream.failure().await;
        assert_eq!(answered, [first]);
        assert_eq!(reason_of(&status), (Code::InvalidArgument, Some(ErrorReason::InvalidField)));
        assert!(status.message().contains("`batch_number`"), "{status}");
    }
    let mut stream = server.open(&web.browser()).await;
    stream.send(0, one(3));
    let (_, status) = stream.failure().await;
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(world.stored(&web).await.len(), 1, "and none of the others was taken");
}

#[tokio::test]
async fn a_batch_that_is_not_taken_says_why_and_the_stream_goes_on() {
    let world = World::new().await;
    let (web, _) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let server = Server::start(&world, StreamLimits::default()).await;
    let mut stream = server.open(&web.browser()).await;
    let import = "projects/web/imports/history".to_owned();
    for (number, request, reason, field) in [
        (1, batch(vec![]), ErrorReason::InvalidField, "events"),
        (2, batch((0..1001).map(|number| view(number, noon())).collect()), ErrorReason::InvalidField, "events"),
        (3, v1::TrackRequest { ack_level: 9, ..one(1) }, ErrorReason::InvalidField, "ack_level"),
        (4, v1::TrackRequest { project: "projects/app".to_owned(), ..one(1) }, ErrorReason::ProjectNotFound, ""),
        (5, v1::TrackRequest { import, ..one(1) }, ErrorReason::FieldNotAllowed, "import"),
    ] {
        stream.send(number, request);
        let refusal = stream.refusal().await;
        assert_eq!((refusal.batch_number, refusal.reason(), refusal.field.as_str()), (number, reason, field));
        assert!(!refusal.description.is_empty());
        assert_eq!(refusal.retry_after, None, "it would be refused again");
    }
    stream.send(6, one(6));
    assert_eq!(stream.verdicts().await.0, 6);
}

#[tokio::test]
async fn a_full_log_refuses_the_batch_for_now() {
    let options = LocalLogOptions { max_pending_events: 1, ..patient() };
    let (world, mut consumer) = World::with_log(options, ConsentPolicy::default()).await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let mut stream = server.open(&web.browser()).await;
    stream.send(1, one(1));
    let first = consumer.next(1).await.expect("the log works").expect("an entry").remove(0);
    // Too large to share the next entry.
    stream.send(2, batch((2..102).map(|number| view(number, noon())).collect()));
    let refusal = stream.refusal().await;
    assert_eq!((refusal.batch_number, refusal.reason()), (2, ErrorReason::Unavailable));
    assert!(refusal.retry_after.is_some_and(|delay| delay.seconds >= 1), "{refusal:?}");
    consumer.acknowledge(first.token, DeliveryOutcome::Committed(vec![])).await.expect("the log works");
    assert_eq!(stream.verdicts().await.0, 1);
}

#[tokio::test]
async fn a_key_that_is_revoked_ends_its_streams() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let (mut silent, mut busy) = (server.open(&web.browser()).await, server.open(&web.browser()).await);
    busy.send(1, one(1));
    assert_eq!(busy.verdicts().await.0, 1);

    let hash = web.ingest_key.hash();
    let key = world.store.key_by_secret(&hash).await.expect("read").expect("it exists");
    world.store.revoke_key(&key.id, noon()).await.expect("written").expect("it exists");
    world.clock.set(plus(noon(), 5 * SECOND));
    busy.send(2, one(2));
    for stream in [&mut silent, &mut busy] {
        let (answered, status) = stream.failure().await;
        assert!(answered.is_empty());
        assert_eq!(reason_of(&status), (Code::Unauthenticated, Some(ErrorReason::KeyRevoked)));
    }
    assert_eq!(world.stored(&web).await.len(), 1);
    let refused = server.open_with(&web.browser(), futures::stream::empty()).await.expect_err("revoked");
    assert_eq!(reason_of(&refused), (Code::Unauthenticated, Some(ErrorReason::KeyRevoked)));
}

#[tokio::test]
async fn what_cannot_be_read_ends_the_stream_and_says_the_limit() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let mut stream = server.open(&web.browser()).await;
    stream.send(1, one(1));
    stream.send(2, batch(vec![v1::Event { url: "x".repeat(2 << 20), ..view(2, noon()) }]));
    let (answered, status) = stream.failure().await;
    assert_eq!(answered, [1]);
    assert_eq!(reason_of(&status), (Code::InvalidArgument, Some(ErrorReason::MessageTooLarge)));
    assert!(status.message().contains("1048576"), "{status}");
}

/// Messages that count how many of them the connection has taken.
fn counted(
    messages: impl Iterator<Item = v1::TrackRequest> + Send + 'static,
) -> (Arc<AtomicUsize>, impl futures::Stream<Item = v1::TrackStreamRequest> + Send + 'static) {
    let handed_over = Arc::new(AtomicUsize::new(0));
    let counter = handed_over.clone();
    let messages = messages.zip(1..).map(move |(batch, batch_number)| {
        counter.fetch_add(1, Ordering::SeqCst);
        v1::TrackStreamRequest { batch_number, batch: Some(batch) }
    });
    (handed_over, futures::stream::iter(messages))
}

/// Waits until a number stays the same while many calls of somebody else come and go.
async fn settled(server: &Server, mut number: impl AsyncFnMut() -> usize) -> usize {
    let mut other = server.client().await;
    let mut before = usize::MAX;
    loop {
        for _ in 0..100 {
            other.track(tonic::Request::new(one(1))).await.expect_err("it has no key");
        }
        let now = number().await;
        if now == before {
            return now;
        }
        before = now;
    }
}

#[tokio::test]
async fn while_the_log_stalls_the_clients_writes_wait_and_nothing_piles_up() {
    const OFFERED: usize = 60;
    // By the number of batches, and by their bytes.
    for (bytes, expected) in [(70_000, 16), (500_000, 9)] {
        let (world, mut consumer) = World::with_log(patient(), ConsentPolicy::default()).await;
        let web = world.site("web", "UTC").await;
        let server = Server::start(&world, StreamLimits::default()).await;
        let (handed_over, messages) = counted((0..OFFERED).map(move |number| large(number, bytes)));
        let mut answers = server.open_with(&web.browser(), messages).await.expect("a good key");
        let mut stalled = Vec::new();
        while stalled.len() < expected {
            stalled.extend(consumer.next(usize::MAX).await.expect("the log works").expect("entries"));
        }
        let in_hand = settled(&server, async || handed_over.load(Ordering::SeqCst)).await;
        let more = futures::poll!(std::pin::pin!(consumer.next(usize::MAX)));
        assert!(more.is_pending(), "the server took more than {expected} batches of {bytes} bytes");
        // What the server did not take is in the buffers of the connection, which are bounded in bytes.
        assert!((in_hand - expected) * bytes < 3 << 20, "{in_hand} batches of {bytes} bytes were handed over");

        // The log works again: everything goes on where it stopped.
        for delivery in stalled {
            let committed = world.store.commit(delivery.entry.project, &[delivery.entry]).await.expect("stored");
            let outcome = DeliveryOutcome::Committed(committed.outcomes.into_iter().flatten().collect());
            consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
        }
        world.drain(consumer);
        for _ in 0..OFFERED {
            let answer = answers.message().await.expect("it goes on").expect("an answer").result;
            assert!(matches!(answer, Some(Answer::Verdicts(_))), "{answer:?}");
        }
        assert_eq!(answers.message().await.expect("it ends well"), None);
        assert_eq!(world.stored(&web).await.len(), OFFERED * (bytes / 4000).max(60));
    }
}

#[tokio::test]
async fn answers_that_nobody_reads_do_not_pile_up() {
    const OFFERED: usize = 5000;
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let rejected = (0..OFFERED).map(|_| batch(vec![v1::Event::default(); 1000]));
    let (_, messages) = counted(rejected);
    let unread = server.open_with(&web.browser(), messages).await.expect("a good key");
    let collector = world.collector.clone().expect("it runs");
    let taken = settled(&server, async || {
        collector.write_counts().await;
        let day = crate::world::day("2026-03-02");
        let counts = world.store.ingest_counts(web.project.id, day..=day).await.expect("read");
        counts.iter().map(|count| count.count as usize / 1000).sum()
    })
    .await;
    assert!((1..OFFERED / 5).contains(&taken), "{taken} batches were taken");
    drop(unread);
}

/// What appends hold of the share of all streams comes back when they are done, not when somebody reads the answers.
#[tokio::test]
async fn whoever_reads_no_answers_keeps_no_room_from_others() {
    const LARGE: usize = 500_000;
    let (world, mut consumer) = World::with_log(patient(), ConsentPolicy::default()).await;
    let web = world.site("web", "UTC").await;
    // Room for two large batches, and some small ones beside them.
    let limits = StreamLimits { bytes_of_all: 2 * LARGE + 200_000, ..StreamLimits::default() };
    let server = Server::start(&world, limits).await;
    // Two that wait for the log, then rejections whose answers fill what the client takes unread.
    let rejected = || batch(vec![v1::Event::default(); 1000]);
    let (_, messages) = counted((0..14).map(move |nth| if nth < 2 { large(nth, LARGE) } else { rejected() }));
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).expect("an address");
    let channel = endpoint.initial_stream_window_size(65_535).connect().await.expect("it listens");
    let messages = messages.chain(futures::stream::pending());
    let call = IngestServiceClient::new(channel).track_stream(web.browser().request(messages)).await;
    let unread = call.expect("a good key").into_inner();
    let mut stalled = Vec::new();
    while stalled.len() < 2 {
        stalled.extend(consumer.next(usize::MAX).await.expect("the log works").expect("entries"));
    }
    let collector = world.collector.clone().expect("it runs");
    let rejections = settled(&server, async || {
        collector.write_counts().await;
        let day = crate::world::day("2026-03-02");
        let counts = world.store.ingest_counts(web.project.id, day..=day).await.expect("read");
        counts.iter().map(|count| count.count as usize).sum()
    });
    assert!(rejections.await > 2000, "some were answered");
    for delivery in stalled {
        let outcome = DeliveryOutcome::Committed(vec![EventOutcome::Stored; delivery.entry.events.len()]);
        consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
    }
    world.drain(consumer);

    let mut other = server.open(&web.browser()).await;
    other.send(1, large(2, LARGE));
    let answer = tokio::time::timeout(Duration::from_secs(15), other.verdicts()).await;
    assert_eq!(answer.expect("nobody waits for who does not read").0, 1);
    drop(unread);
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_answers_what_it_has() {
    let (world, mut consumer) = World::with_log(patient(), ConsentPolicy::default()).await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let mut stream = server.open(&web.browser()).await;
    stream.send(1, one(1));
    let delivery = consumer.next(1).await.expect("the log works").expect("an entry").remove(0);
    server.drain.begin();
    let Some(Answer::Ending(ending)) = stream.next().await.expect("it goes on") else { panic!("it says nothing") };
    assert!(ending.retry_after.is_some());
    // It takes no more.
    stream.send(2, one(2));
    consumer.acknowledge(delivery.token, DeliveryOutcome::Committed(vec![])).await.expect("the log works");
    assert_eq!(stream.verdicts().await.0, 1);
    assert_eq!(stream.next().await.expect("it ends well"), None);
    server.ended.await.expect("it ends by itself");
    assert!(futures::poll!(std::pin::pin!(consumer.next(1))).is_pending());
}

/// Keys for events are public: whoever has one must not shut out all others.
#[tokio::test]
async fn a_key_has_no_more_than_its_share_of_the_streams() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let server = Server::start(&world, StreamLimits { of_key: 2, ..StreamLimits::default() }).await;
    let held = [server.open(&web.browser()).await, server.open(&web.browser()).await];
    let status = server.open_with(&web.browser(), futures::stream::empty()).await.expect_err("one too many");
    assert_eq!(status.code(), tonic::Code::Unavailable, "{status:?}");
    let _another = server.open(&app.browser()).await;
    drop(held);
    while server.open_with(&web.browser(), futures::stream::empty()).await.is_err() {}
}

#[tokio::test]
async fn a_silent_stream_is_ended() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let limits = StreamLimits { idle: std::time::Duration::ZERO, ..StreamLimits::default() };
    let server = Server::start(&world, limits).await;
    let mut stream = server.open(&web.browser()).await;
    assert!(matches!(stream.next().await, Ok(Some(Answer::Ending(_)))));
    assert_eq!(stream.next().await.expect("it ends well"), None);
}

#[tokio::test]
async fn what_was_not_answered_counts_once_when_it_is_sent_again() {
    let (world, mut consumer) = World::with_log(patient(), ConsentPolicy::default()).await;
    let web = world.site("web", "UTC").await;
    let server = Server::start(&world, StreamLimits::default()).await;
    let broken = server.open(&web.browser()).await;
    for number in 1..=10 {
        broken.send(number, large(number as usize, 4000));
    }
    // Some are in the log, none is answered, and the client is gone.
    let first = consumer.next(1).await.expect("the log works").expect("an entry");
    assert_eq!(first.len(), 1);
    drop((broken, first));
    world.drain(consumer);

    let mut again = server.open(&web.browser()).await;
    for number in 1..=10 {
        again.send(number, large(number as usize, 4000));
    }
    again.close();
    while let Some(answer) = again.next().await.expect("it goes on") {
        let Answer::Verdicts(verdicts) = answer else { panic!("{answer:?}") };
        let counts = verdicts.response.and_then(|response| response.counts).expect("counts");
        assert_eq!(counts.stored + counts.duplicate, 60);
    }
    assert_eq!(world.stored(&web).await.len(), 600);
}
