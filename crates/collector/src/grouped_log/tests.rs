//! Calls over the embedded log, whose entries the test takes out and answers itself.

use std::{collections::BTreeMap, pin::pin};

use analytics_domain::{
    Actor, Day, EventId, EventKind, Micros, Millis,
    ports::{Delivery, DeliveryOutcome, EventOutcome, LogConsumer as _},
};
use analytics_stream::local::{LocalConsumer, LocalLog, LocalLogOptions};
use futures::{future::join_all, poll};
use proptest::{collection::vec, prelude::*};

use super::*;

const WEB: ProjectId = ProjectId(1);
const APP: ProjectId = ProjectId(2);
const BUSY: usize = MAX_EVENTS_OF_CALL + 1;

fn log() -> (GroupedLog, LocalConsumer) {
    let (log, consumer) = LocalLog::new(LocalLogOptions::default());
    (GroupedLog::new(Arc::new(log)), consumer)
}

fn event(number: u64) -> Event {
    Event {
        event_id: EventId(u128::from(number).to_be_bytes()),
        occurred_at: Micros(0),
        time: Millis(0),
        visitor_day: Day(0),
        kind: EventKind::View,
        name: "view".to_owned(),
        actor: Actor::default(),
        interactive: false,
        sequence: None,
        host: None,
        page: None,
        referrer: None,
        utm_source: None,
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        click_id: None,
        channel: None,
        country: None,
        region: None,
        city: None,
        browser: None,
        os: None,
        device: None,
        language: None,
        screen_class: None,
        value: None,
        properties: BTreeMap::new(),
    }
}

fn number(event: &Event) -> u64 {
    u128::from_be_bytes(event.event_id.0) as u64
}

/// What the store of these tests says of an event.
fn outcome_of(number: u64) -> EventOutcome {
    match number % 3 {
        0 => EventOutcome::Stored,
        1 => EventOutcome::Duplicate,
        _ => EventOutcome::Quarantined,
    }
}

fn committed(delivery: &Delivery) -> DeliveryOutcome {
    DeliveryOutcome::Committed(delivery.entry.events.iter().map(|event| outcome_of(number(event))).collect())
}

fn append(project: ProjectId, level: Level, numbers: impl IntoIterator<Item = u64>) -> Append {
    let events: Vec<Event> = numbers.into_iter().map(event).collect();
    let deadline = Instant::now() + Duration::from_secs(5);
    Append { project, bytes: 100 * events.len(), events, level, deadline }
}

fn numbers(delivery: &Delivery) -> Vec<u64> {
    delivery.entry.events.iter().map(number).collect()
}

async fn next(consumer: &mut LocalConsumer) -> Delivery {
    consumer.next(1).await.expect("the log works").expect("an entry").remove(0)
}

async fn answer(consumer: &mut LocalConsumer, delivery: Delivery) {
    let outcome = committed(&delivery);
    consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
}

fn own(numbers: impl IntoIterator<Item = u64>) -> Receipt {
    Receipt::Committed(numbers.into_iter().map(outcome_of).collect())
}

#[tokio::test]
async fn who_comes_while_an_entry_is_on_its_way_shares_the_next() {
    let (log, mut consumer) = log();
    let mut first = pin!(log.append(append(WEB, Level::Durable, [0])));
    assert!(poll!(&mut first).is_pending());
    // Alone and at once, for nothing was on its way.
    let entry = next(&mut consumer).await;
    assert_eq!(numbers(&entry), [0]);
    let mut others = pin!(join_all([
        log.append(append(WEB, Level::Durable, [1])),
        log.append(append(WEB, Level::Durable, [2, 3])),
        log.append(append(WEB, Level::Durable, [4])),
    ]));
    let mut elsewhere = pin!(log.append(append(APP, Level::Durable, [5])));
    let mut committing = pin!(log.append(append(WEB, Level::Committed, [6])));
    assert!(poll!(&mut others).is_pending() && poll!(&mut elsewhere).is_pending());
    assert!(poll!(&mut committing).is_pending());

    // Another project and another level do not wait for it.
    for expected in [5, 6] {
        let entry = next(&mut consumer).await;
        assert_eq!(numbers(&entry), [expected]);
        answer(&mut consumer, entry).await;
    }
    assert_eq!(elsewhere.await.expect("taken").receipt, own([5]));
    assert_eq!(committing.await.expect("taken").receipt, own([6]));

    answer(&mut consumer, entry).await;
    assert_eq!(first.await.expect("taken").receipt, own([0]));
    let entry = next(&mut consumer).await;
    assert_eq!(numbers(&entry), [1, 2, 3, 4]);
    let id = entry.entry.id;
    answer(&mut consumer, entry).await;
    let logged: Vec<Logged> = others.await.into_iter().map(|logged| logged.expect("taken")).collect();
    assert!(logged.iter().all(|logged| logged.entry == id));
    let receipts: Vec<Receipt> = logged.into_iter().map(|logged| logged.receipt).collect();
    assert_eq!(receipts, [own([1]), own([2, 3]), own([4])]);
}

#[tokio::test]
async fn a_failure_is_everybodys() {
    let (log, mut consumer) = log();
    let mut first = pin!(log.append(append(WEB, Level::Durable, [0])));
    assert!(poll!(&mut first).is_pending());
    let entry = next(&mut consumer).await;
    let mut others = pin!(join_all([1, 2].map(|number| log.append(append(WEB, Level::Durable, [number])))));
    assert!(poll!(&mut others).is_pending());
    answer(&mut consumer, entry).await;
    assert!(first.await.is_ok(), "its entry was another one");

    let entry = next(&mut consumer).await;
    let failed = DeliveryOutcome::Failed { reason: "disk full".to_owned(), retry_after: DurationMs(7) };
    consumer.acknowledge(entry.token, failed).await.expect("the log works");
    let error = LogError::Unavailable { reason: "disk full".to_owned(), retry_after: DurationMs(7) };
    assert_eq!(others.await, [Err(error.clone()), Err(error)]);

    // And the next one finds an idle project.
    let mut after = pin!(log.append(append(WEB, Level::Durable, [3])));
    assert!(poll!(&mut after).is_pending());
    let entry = next(&mut consumer).await;
    answer(&mut consumer, entry).await;
    assert!(after.await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_at_his_deadline_takes_his_events_back() {
    let (log, mut consumer) = log();
    let mut first = pin!(log.append(append(WEB, Level::Durable, [0])));
    assert!(poll!(&mut first).is_pending());
    let entry = next(&mut consumer).await;
    let began = Instant::now();
    let hurried = Append { deadline: began + Duration::from_millis(200), ..append(WEB, Level::Durable, [1]) };
    let mut waits =
        pin!(log.append(Append { deadline: began + Duration::from_millis(600), ..append(WEB, Level::Durable, [2]) }));
    let mut hurried = pin!(log.append(hurried));
    assert!(poll!(&mut hurried).is_pending() && poll!(&mut waits).is_pending());
    assert!(matches!(hurried.await, Err(LogError::Unavailable { .. })));
    assert_eq!(began.elapsed(), Duration::from_millis(200));

    answer(&mut consumer, entry).await;
    let entry = next(&mut consumer).await;
    assert_eq!(numbers(&entry), [2], "nobody waits for 1 any more");
    answer(&mut consumer, entry).await;
    assert!(waits.await.is_ok());
}

#[tokio::test]
async fn entries_are_bounded_and_large_calls_wait_for_nobody() {
    let (log, mut consumer) = log();
    let mut first = pin!(log.append(append(WEB, Level::Durable, [0])));
    assert!(poll!(&mut first).is_pending());
    let entry = next(&mut consumer).await;
    let calls = (0..30_u64).map(|call| log.append(append(WEB, Level::Durable, call * 100..call * 100 + 50)));
    let large = log.append(append(WEB, Level::Durable, 5_000..5_000 + BUSY as u64));
    let mut all = pin!(futures::future::join(join_all(calls), large));
    assert!(poll!(&mut all).is_pending());
    // What does not fit into one entry, and what is large by itself, goes its own way while the first is still there.
    let mut sizes = Vec::new();
    for _ in 0..2 {
        let entry = next(&mut consumer).await;
        sizes.push(entry.entry.events.len());
        answer(&mut consumer, entry).await;
    }
    sizes.sort_unstable();
    assert_eq!(sizes, [BUSY, 1000]);
    answer(&mut consumer, entry).await;
    let entry = next(&mut consumer).await;
    assert_eq!(entry.entry.events.len(), 500);
    answer(&mut consumer, entry).await;
    let (calls, large) = all.await;
    assert!(calls.into_iter().all(|logged| logged.is_ok()) && large.is_ok() && first.await.is_ok());
}

#[derive(Debug, Clone)]
struct Called {
    project: i64,
    level: Level,
    events: usize,
}

#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Lets calls run until all wait.
    Calls(usize),
    Takes,
    Commits(usize),
    Fails(usize),
}

fn called() -> impl Strategy<Value = Called> {
    let events = prop_oneof![6 => 1..4_usize, 1 => 40..60_usize];
    (1..3_i64, any::<bool>(), events).prop_map(|(project, is_durable, events)| Called {
        project,
        level: if is_durable { Level::Durable } else { Level::Committed },
        events,
    })
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        (1..5_usize).prop_map(Turn::Calls),
        Just(Turn::Takes),
        any::<usize>().prop_map(Turn::Commits),
        any::<usize>().prop_map(Turn::Fails)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn each_call_gets_exactly_its_own_outcomes_in_any_interleaving(calls in vec(called(), 1..60), turns in vec(turn(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
        runtime.block_on(interleave(calls, turns));
    }
}

async fn interleave(calls: Vec<Called>, turns: Vec<Turn>) {
    let (log, mut consumer) = log();
    let mut first_number = 0;
    let mut to_call = calls.into_iter().map(|call| {
        let own: Vec<u64> = (first_number..first_number + call.events as u64).collect();
        first_number += call.events as u64;
        (call, own)
    });
    let mut running = Vec::new();
    let mut taken: Vec<Delivery> = Vec::new();
    // Of each event, the entry that it was in, and whether that was committed.
    let mut fate: BTreeMap<u64, (EntryId, bool)> = BTreeMap::new();
    let rest = [Turn::Calls(usize::MAX)].into_iter().chain(std::iter::repeat_with(|| Turn::Commits(0)).take(200));
    for turn in turns.into_iter().chain(rest) {
        match turn {
            Turn::Calls(count) => {
                for (call, own) in to_call.by_ref().take(count) {
                    let (log, append) = (log.clone(), append(ProjectId(call.project), call.level, own.clone()));
                    running.push((own, tokio::spawn(async move { log.append(append).await })));
                }
            }
            Turn::Takes => taken.extend(consumer.at_hand_for_test().await),
            Turn::Commits(which) | Turn::Fails(which) => {
                taken.extend(consumer.at_hand_for_test().await);
                if taken.is_empty() {
                    continue;
                }
                let delivery = taken.remove(which % taken.len());
                let is_committed = matches!(turn, Turn::Commits(_));
                for number in numbers(&delivery) {
                    assert!(
                        fate.insert(number, (delivery.entry.id, is_committed)).is_none(),
                        "{number} was appended twice"
                    );
                }
                let failed = || DeliveryOutcome::Failed { reason: "no".to_owned(), retry_after: DurationMs(1) };
                let outcome = if is_committed { committed(&delivery) } else { failed() };
                consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
            }
        }
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
    }
    for (own_numbers, call) in running {
        let logged = call.await.expect("it ends");
        let (entry, is_committed) = fate[&own_numbers[0]];
        assert!(own_numbers.iter().all(|number| fate[number] == (entry, is_committed)), "a call was torn apart");
        match logged {
            Ok(logged) => {
                assert!(is_committed);
                assert_eq!(logged, Logged { entry, receipt: own(own_numbers) });
            }
            Err(_) => assert!(!is_committed),
        }
    }
}

/// What can be had from the log without waiting for an appender.
trait AtHand {
    async fn at_hand_for_test(&mut self) -> Vec<Delivery>;
}

impl AtHand for LocalConsumer {
    async fn at_hand_for_test(&mut self) -> Vec<Delivery> {
        match poll!(pin!(self.next(usize::MAX))) {
            std::task::Poll::Ready(deliveries) => deliveries.expect("the log works").unwrap_or_default(),
            std::task::Poll::Pending => Vec::new(),
        }
    }
}
