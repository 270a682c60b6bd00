//! What every event log does, whatever it is made of. [`event_log_suite!`](crate::event_log_suite) makes the tests.
//!
//! Each behaviour takes a function that makes a fresh log which holds at most so many events that are not acknowledged yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use analytics_domain::{
    DurationMs, ProjectId,
    ports::{AckLevel, Delivery, DeliveryOutcome, EventLog, EventOutcome, LogConsumer, LogEntry, LogError, Receipt},
};
use async_trait::async_trait;
use tokio::task::{JoinHandle, JoinSet};

use crate::sample;

/// Longer than any behaviour takes.
const COMMITTED: AckLevel = AckLevel::Committed { within: DurationMs(60_000) };

/// One log.
#[async_trait]
pub trait LogFixture: Send + Sync {
    /// The appending side.
    fn log(&self) -> Arc<dyn EventLog>;
    /// A consumer. The one before, if any, was dropped as if its process had died.
    async fn consumer(&self) -> Box<dyn LogConsumer>;
    /// Shuts the log down: it refuses appends, and its consumer ends after what is left.
    async fn close(&self);
}

/// Tests of an event log; `$make` is the path of an `async fn(usize) -> impl LogFixture`.
#[macro_export]
macro_rules! event_log_suite {
    ($make:path) => {
        $crate::port_behaviours!(event_log, $make:
            concurrent_appenders_lose_and_double_nothing,
            entries_of_a_project_stay_in_order,
            a_batch_holds_at_most_the_events_asked_for,
            what_a_lost_consumer_held_is_delivered_again,
            an_entry_that_failed_can_be_appended_again,
            a_full_log_refuses_and_recovers,
            an_abandoned_append_takes_no_room_for_ever,
            a_closed_log_refuses_and_drains,
        );
    };
}

/// Hundreds of tasks append at once: each entry arrives once and unchanged, and each appender gets the outcomes of its own.
pub async fn concurrent_appenders_lose_and_double_nothing<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(100_000).await;
    let processor = process(fixture.consumer().await, 50, commit);
    let mut appenders = JoinSet::new();
    for appender in 0..100 {
        let log = fixture.log();
        appenders.spawn(async move {
            for nth in 0..10 {
                let entry = entry(ProjectId(appender % 7), appender * 10 + nth, 1 + nth as u32 % 3);
                let expected = outcomes(&entry);
                let ack = if nth % 2 == 0 { COMMITTED } else { AckLevel::Durable };
                match log.append(entry, ack).await.expect("there is room") {
                    Receipt::Committed(outcomes) => assert_eq!(outcomes, expected),
                    Receipt::Durable => assert_eq!(ack, AckLevel::Durable, "the outcome was asked for"),
                }
            }
        });
    }
    appenders.join_all().await;
    fixture.close().await;
    let mut seen: Vec<LogEntry> =
        processor.await.expect("no panic").into_iter().flatten().map(|delivery| delivery.entry).collect();
    seen.sort_by_key(|entry| entry.id);
    let sent: Vec<LogEntry> = (0..1000).map(|id| entry(ProjectId(id / 10 % 7), id, 1 + id as u32 % 10 % 3)).collect();
    assert_eq!(seen, sent);
}

/// What was appended after another entry of the project is delivered after it.
pub async fn entries_of_a_project_stay_in_order<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(1_000).await;
    let processor = process(fixture.consumer().await, 3, commit);
    let mut appenders = JoinSet::new();
    for project in 0..4 {
        let log = fixture.log();
        appenders.spawn(async move {
            for nth in 0..50 {
                let entry = entry(ProjectId(project), project * 1000 + nth, 1);
                log.append(entry, AckLevel::Durable).await.expect("there is room");
            }
        });
    }
    appenders.join_all().await;
    fixture.close().await;
    let mut by_project: BTreeMap<ProjectId, Vec<i64>> = BTreeMap::new();
    for delivery in processor.await.expect("no panic").into_iter().flatten() {
        by_project.entry(delivery.entry.project).or_default().push(delivery.entry.id.0);
    }
    let expected: BTreeMap<_, Vec<i64>> =
        (0..4).map(|project| (ProjectId(project), (project * 1000..project * 1000 + 50).collect())).collect();
    assert_eq!(by_project, expected);
}

/// A batch has no more events than asked for, unless a single entry has.
pub async fn a_batch_holds_at_most_the_events_asked_for<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(1_000).await;
    let mut appenders = JoinSet::new();
    for id in 0..20 {
        let log = fixture.log();
        let events = if id == 7 { 25 } else { 4 };
        appenders.spawn(async move { log.append(entry(ProjectId(1), id, events), AckLevel::Durable).await });
    }
    let processor = process(fixture.consumer().await, 10, commit);
    while let Some(receipt) = appenders.join_next().await {
        receipt.expect("no panic").expect("there is room");
    }
    fixture.close().await;
    let batches = processor.await.expect("no panic");
    for batch in &batches {
        let events: usize = batch.iter().map(|delivery| delivery.entry.events.len()).sum();
        assert!(
            !batch.is_empty() && (events <= 10 || batch.len() == 1),
            "{} entries with {events} events",
            batch.len()
        );
    }
    assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), 20);
}

/// A consumer dies with entries that it had not acknowledged: the next one gets them, marked, and nothing else twice.
pub async fn what_a_lost_consumer_held_is_delivered_again<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(1_000).await;
    let mut appenders = JoinSet::new();
    for id in 0..10 {
        let log = fixture.log();
        appenders.spawn(async move { log.append(entry(ProjectId(1), id, 2), COMMITTED).await });
    }
    let mut lost = fixture.consumer().await;
    let answered = next_batch(&mut lost, 2).await.remove(0);
    assert_eq!(answered.redeliveries, 0);
    lost.acknowledge(answered.token, commit(&answered)).await.expect("it was delivered");
    let held: BTreeSet<i64> = next_batch(&mut lost, 6).await.iter().map(|delivery| delivery.entry.id.0).collect();
    drop(lost);

    let processor = process(fixture.consumer().await, 1_000, commit);
    while let Some(receipt) = appenders.join_next().await {
        receipt.expect("no panic").expect("nothing was lost");
    }
    fixture.close().await;
    let seen: Vec<Delivery> = processor.await.expect("no panic").into_iter().flatten().collect();
    let again: BTreeSet<i64> =
        seen.iter().filter(|delivery| delivery.redeliveries > 0).map(|delivery| delivery.entry.id.0).collect();
    assert_eq!(again, held);
    let mut ids: Vec<i64> = seen.iter().map(|delivery| delivery.entry.id.0).chain([answered.entry.id.0]).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..10).collect::<Vec<i64>>());
}

/// The store fails once: the log delivers the entry again, or its appender is told when to try again and does.
pub async fn an_entry_that_failed_can_be_appended_again<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(1_000).await;
    let retry_after = DurationMs(1_234);
    let mut has_failed = false;
    let processor = process(fixture.consumer().await, 1_000, move |delivery| {
        if std::mem::replace(&mut has_failed, true) {
            commit(delivery)
        } else {
            DeliveryOutcome::Failed { reason: "the disk is full".to_owned(), retry_after }
        }
    });
    let sent = entry(ProjectId(1), 5, 3);
    let receipt = match fixture.log().append(sent.clone(), COMMITTED).await {
        Err(LogError::Unavailable { reason, retry_after: after }) => {
            assert_eq!((reason.as_str(), after), ("the disk is full", retry_after));
            fixture.log().append(sent.clone(), COMMITTED).await.expect("the store works again")
        }
        Ok(receipt) => receipt,
    };
    assert_eq!(receipt, Receipt::Committed(outcomes(&sent)));
    fixture.close().await;
    let seen: Vec<Delivery> = processor.await.expect("no panic").into_iter().flatten().collect();
    assert_eq!(seen.iter().map(|delivery| &delivery.entry).collect::<Vec<_>>(), [&sent, &sent]);
}

/// More events than fit: the rest is refused with a time to wait, and once the consumer works there is room again.
pub async fn a_full_log_refuses_and_recovers<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(20).await;
    let mut appenders = JoinSet::new();
    for id in 0..30 {
        let log = fixture.log();
        appenders.spawn(async move { (id, log.append(entry(ProjectId(1), id, 1), AckLevel::Durable).await) });
    }
    let (mut accepted, mut refused) = (BTreeSet::new(), 0);
    let mut processor = None;
    while let Some(appended) = appenders.join_next().await {
        let (id, receipt) = appended.expect("no panic");
        match receipt {
            Ok(_) => assert!(accepted.insert(id)),
            Err(LogError::Unavailable { retry_after, .. }) => {
                assert!(retry_after > DurationMs(0));
                refused += 1;
            }
        }
        if refused == 10 && processor.is_none() {
            processor = Some(process(fixture.consumer().await, 1_000, commit));
        }
    }
    assert_eq!((accepted.len(), refused), (20, 10));
    // A log that answers before the store has an entry has room a moment later.
    while fixture.log().append(entry(ProjectId(1), 100, 20), COMMITTED).await.is_err() {
        tokio::task::yield_now().await;
    }
    accepted.insert(100);
    fixture.close().await;
    let seen = processor.expect("ten were refused").await.expect("no panic");
    assert_eq!(seen.into_iter().flatten().map(|delivery| delivery.entry.id.0).collect::<BTreeSet<_>>(), accepted);
}

/// Callers that stop waiting leave no entry that counts against the bound for ever, and take nothing from others.
pub async fn an_abandoned_append_takes_no_room_for_ever<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(2).await;
    let log = fixture.log();
    let mut consumer = fixture.consumer().await;
    for round in 0..10 {
        let abandoned = entry(ProjectId(1), 1000 + round, 1);
        drop(futures::future::poll_immediate(log.append(abandoned, COMMITTED)).await);

        let kept = entry(ProjectId(1), round, 1);
        let expected = Receipt::Committed(outcomes(&kept));
        let append = log.append(kept, COMMITTED);
        let consume = async {
            loop {
                let mut found = false;
                for delivery in next_batch(&mut consumer, 10).await {
                    found |= delivery.entry.id.0 == round;
                    consumer.acknowledge(delivery.token, commit(&delivery)).await.expect("it was delivered");
                }
                if found {
                    break;
                }
            }
        };
        let (receipt, ()) = tokio::join!(append, consume);
        assert_eq!(receipt, Ok(expected));
    }
}

/// A log that is closed takes nothing more; whatever it had taken is delivered, then its consumer ends.
pub async fn a_closed_log_refuses_and_drains<L: LogFixture>(make: impl AsyncFn(usize) -> L) {
    let fixture = make(1_000).await;
    let mut consumer = fixture.consumer().await;
    let mut appenders = JoinSet::new();
    for id in 0..10 {
        let log = fixture.log();
        appenders.spawn(async move { (id, log.append(entry(ProjectId(1), id, 1), COMMITTED).await) });
    }
    let first = next_batch(&mut consumer, 1).await;
    fixture.close().await;
    let refused = fixture.log().append(entry(ProjectId(1), 99, 1), AckLevel::Durable).await;
    assert!(matches!(refused, Err(LogError::Unavailable { .. })), "{refused:?}");

    let mut delivered = BTreeSet::new();
    for delivery in first {
        delivered.insert(delivery.entry.id.0);
        consumer.acknowledge(delivery.token, commit(&delivery)).await.expect("it was delivered");
    }
    let rest = process(consumer, 3, commit).await.expect("no panic");
    delivered.extend(rest.into_iter().flatten().map(|delivery| delivery.entry.id.0));
    let appended = appenders.join_all().await;
    let accepted: BTreeSet<i64> =
        appended.into_iter().filter(|(_, receipt)| receipt.is_ok()).map(|(id, _)| id).collect();
    assert_eq!(delivered, accepted);
}

/// A processor with an own task: what `decide` says becomes of each delivery. Ends with the log and returns the batches it saw.
fn process(
    mut consumer: Box<dyn LogConsumer>,
    max_events: usize,
    mut decide: impl FnMut(&Delivery) -> DeliveryOutcome + Send + 'static,
) -> JoinHandle<Vec<Vec<Delivery>>> {
    tokio::spawn(async move {
        let mut batches = Vec::new();
        while let Some(batch) = consumer.next(max_events).await.expect("the log works") {
            for delivery in &batch {
                consumer.acknowledge(delivery.token, decide(delivery)).await.expect("it was delivered");
            }
            batches.push(batch);
        }
        batches
    })
}

async fn next_batch(consumer: &mut Box<dyn LogConsumer>, max_events: usize) -> Vec<Delivery> {
    consumer.next(max_events).await.expect("the log works").expect("the log has not ended")
}

fn commit(delivery: &Delivery) -> DeliveryOutcome {
    DeliveryOutcome::Committed(outcomes(&delivery.entry))
}

/// Outcomes that tell most entries apart.
fn outcomes(entry: &LogEntry) -> Vec<EventOutcome> {
    let is_stored = |index: usize| entry.id.0 >> index & 1 == 1;
    (0..entry.events.len())
        .map(|index| if is_stored(index) { EventOutcome::Stored } else { EventOutcome::Duplicate })
        .collect()
}

/// An entry whose events depend on its id alone.
fn entry(project: ProjectId, id: i64, event_count: u32) -> LogEntry {
    let first = u32::try_from(id).expect("a small number") * 100;
    sample::entry(id, project, sample::events(first..first + event_count))
}
