use std::{sync::Arc, time::Duration};

use analytics_domain::{
    DurationMs, Event, ProjectId,
    ports::{AckLevel, DeliveryOutcome, EventLog, LogConsumer, LogEntry, LogError, Receipt},
};
use analytics_stream::local::{ConsumerExists, LocalConsumer, LocalLog, LocalLogOptions};
use analytics_testkit::{event_log::LogFixture, sample};
use async_trait::async_trait;
use futures::future::{FutureExt, join_all, poll_immediate};

struct LocalFixture(LocalLog);

#[async_trait]
impl LogFixture for LocalFixture {
    fn log(&self) -> Arc<dyn EventLog> {
        Arc::new(self.0.clone())
    }

    async fn consumer(&self) -> Box<dyn LogConsumer> {
        Box::new(self.0.consumer().expect("the last one was dropped"))
    }

    async fn close(&self) {
        self.0.close();
    }
}

async fn fresh_log(max_pending_events: usize) -> LocalFixture {
    LocalFixture(LocalLog::new(LocalLogOptions { max_pending_events, ..LocalLogOptions::default() }).0)
}

analytics_testkit::event_log_suite!(fresh_log);

fn entry(id: i64, events: u32) -> LogEntry {
    sample::entry(id, ProjectId(1), sample::events(0..events))
}

async fn next_ids(consumer: &mut LocalConsumer, max_events: usize) -> Vec<i64> {
    let deliveries = consumer.next(max_events).await.expect("it works").expect("it has not ended");
    deliveries.iter().map(|delivery| delivery.entry.id.0).collect()
}

fn assert_unavailable(receipt: Result<Receipt, LogError>, expected: &str) {
    let Err(LogError::Unavailable { reason, retry_after }) = receipt else { panic!("{receipt:?}") };
    assert_eq!((reason.as_str(), retry_after), (expected, LocalLogOptions::default().retry_after));
}

#[tokio::test]
async fn entries_that_wait_together_are_delivered_in_the_order_they_came() {
    let (log, mut consumer) = LocalLog::new(LocalLogOptions::default());
    let mut appends = join_all((0..6).map(|id| log.append(entry(id, 2), AckLevel::Durable)));
    assert!(poll_immediate(&mut appends).await.is_none());
    assert_eq!(next_ids(&mut consumer, 5).await, [0, 1]);
    drop(consumer);
    let mut consumer = log.consumer().expect("the last one was dropped");
    assert_eq!(next_ids(&mut consumer, 9).await, [0, 1, 2, 3]);
    assert_eq!(next_ids(&mut consumer, 9).await, [4, 5]);
}

#[tokio::test]
async fn one_consumer_exists_at_a_time() {
    let (log, consumer) = LocalLog::new(LocalLogOptions::default());
    assert_eq!(log.consumer().map(drop), Err(ConsumerExists));
    drop(consumer);
    assert_eq!(log.consumer().map(drop), Ok(()));
}

#[tokio::test]
async fn an_entry_beyond_the_bounds_is_taken_when_it_is_alone() {
    let bounds = [
        LocalLogOptions { max_pending_events: 3, ..LocalLogOptions::default() },
        LocalLogOptions { max_pending_bytes: 500, ..LocalLogOptions::default() },
    ];
    for options in bounds {
        let (log, mut consumer) = LocalLog::new(options);
        let mut large = log.append(entry(1, 4), AckLevel::Durable);
        assert!(poll_immediate(&mut large).await.is_none());
        assert_unavailable(log.append(entry(2, 1), AckLevel::Durable).await, "it is full");
        assert_eq!(next_ids(&mut consumer, 1).await, [1]);
        assert_unavailable(log.append(entry(2, 1), AckLevel::Durable).await, "it is full");
        consumer.acknowledge(0, DeliveryOutcome::Committed(Vec::new())).await.expect("it works");
        assert_eq!(large.await, Ok(Receipt::Committed(Vec::new())));
        assert!(poll_immediate(log.append(entry(3, 1), AckLevel::Durable)).await.is_none(), "there is room");
    }
}

#[tokio::test]
async fn what_was_answered_makes_room_in_bytes_too() {
    // Two entries of one small event fit, a third would not.
    let options = LocalLogOptions { max_pending_bytes: size_of::<Event>() * 5 / 2, ..LocalLogOptions::default() };
    let (log, mut consumer) = LocalLog::new(options);
    for _ in 0..10 {
        let mut appends = join_all((0..2).map(|id| log.append(entry(id, 1), AckLevel::Durable)));
        assert!(poll_immediate(&mut appends).await.is_none());
        assert_unavailable(log.append(entry(2, 1), AckLevel::Durable).await, "it is full");
        for delivery in consumer.next(2).await.expect("it works").expect("it has not ended") {
            let outcome = DeliveryOutcome::Committed(Vec::new());
            consumer.acknowledge(delivery.token, outcome).await.expect("it works");
        }
        assert!(appends.await.iter().all(Result::is_ok));
    }
}

#[tokio::test(start_paused = true)]
async fn an_append_ends_when_nobody_stores_its_entry() {
    let options = LocalLogOptions { max_wait: Duration::from_secs(8), ..LocalLogOptions::default() };
    let (log, mut consumer) = LocalLog::new(options);
    let started = tokio::time::Instant::now();
    assert_unavailable(log.append(entry(1, 1), AckLevel::Durable).await, "the entry was not stored in time");
    assert_eq!(started.elapsed(), options.max_wait);
    assert_eq!(next_ids(&mut consumer, 1).await, [1], "it is stored all the same");
}

#[tokio::test]
async fn a_log_that_ends_tells_its_appenders() {
    for closed_first in [true, false] {
        let (log, mut consumer) = LocalLog::new(LocalLogOptions::default());
        let mut appends = join_all((0..2).map(|id| log.append(entry(id, 1), AckLevel::Durable)));
        assert!(poll_immediate(&mut appends).await.is_none());
        assert_eq!(next_ids(&mut consumer, 1).await, [0]);
        if closed_first {
            log.close();
            drop(consumer);
        } else {
            drop(consumer);
            log.close();
        }
        for receipt in appends.await {
            assert_unavailable(receipt, "it ended before the entry was stored");
        }
        let mut next = log.consumer().expect("the last one was dropped");
        assert!(next.next(1).await.expect("it works").is_none());
    }
}

#[tokio::test]
async fn the_consumer_ends_with_the_last_appender() {
    let (log, mut consumer) = LocalLog::new(LocalLogOptions::default());
    let other = log.clone();
    drop(log);
    assert!(consumer.next(1).now_or_never().is_none(), "another appender is left");
    drop(other);
    assert!(matches!(consumer.next(1).now_or_never(), Some(Ok(None))));
}

#[tokio::test]
async fn an_answer_given_twice_changes_nothing() {
    let (log, mut consumer) = LocalLog::new(LocalLogOptions::default());
    let mut append = log.append(entry(1, 1), AckLevel::Durable);
    assert!(poll_immediate(&mut append).await.is_none());
    let token = consumer.next(1).await.expect("it works").expect("it has not ended")[0].token;
    consumer.acknowledge(token, DeliveryOutcome::Committed(Vec::new())).await.expect("it works");
    let failed = DeliveryOutcome::Failed { reason: "late".to_owned(), retry_after: DurationMs(1) };
    consumer.acknowledge(token, failed).await.expect("it works");
    assert_eq!(append.await, Ok(Receipt::Committed(Vec::new())));
}
