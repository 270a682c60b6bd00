//! What every trace log does. [`trace_log_suite!`](crate::trace_log_suite) makes the tests.
//!
//! Each behaviour takes a function that makes a fresh trace log with these bounds, which goes by the given clock. What was recorded
//! may be told a moment later.

use std::sync::Arc;

use analytics_domain::{
    EntryId, EventId, FilterRule, ManualClock, Millis, ProjectId,
    ports::{TraceLog, TraceRecord, TraceStep, TracedStep},
};
use tokio::task::JoinSet;

/// How much a trace log remembers.
#[derive(Debug, Clone, Copy)]
pub struct TraceBounds {
    /// Of one project.
    pub max_project_bytes: usize,
    /// In all.
    pub max_bytes: usize,
}

/// One trace log.
pub trait TraceFixture: Send + Sync {
    /// A handle, as each process has its own.
    fn log(&self) -> Arc<dyn TraceLog>;
}

/// Tests of a trace log; `$make` is the path of an `async fn(TraceBounds, Arc<ManualClock>) -> impl TraceFixture`.
#[macro_export]
macro_rules! trace_log_suite {
    ($make:path) => {
        $crate::port_behaviours!(trace_log, $make:
            every_step_of_an_event_is_told_by_time,
            many_writers_lose_nothing_while_there_is_room,
            steps_are_remembered_for_24_hours,
            the_oldest_steps_of_a_project_go_first,
            a_project_with_much_takes_nothing_from_others,
            of_an_event_that_is_sent_for_ever_the_latest_steps_are_told,
        );
    };
}

const NOW: Millis = Millis(1_772_323_200_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const PROJECT: ProjectId = ProjectId(7);
const ROOMY: TraceBounds = TraceBounds { max_project_bytes: 4 << 20, max_bytes: 8 << 20 };

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(NOW.to_micros()))
}

fn id(number: u128) -> EventId {
    EventId(number.to_be_bytes())
}

fn record(project: ProjectId, time: i64, steps: Vec<(EventId, TraceStep)>) -> TraceRecord {
    TraceRecord { project, time: Millis(NOW.0 + time), entry: Some(EntryId(time)), steps }
}

fn traced(time: i64, step: TraceStep) -> TracedStep {
    TracedStep { time: Millis(NOW.0 + time), entry: Some(EntryId(time)), step }
}

/// Waits until this is what is told of an event.
async fn until_told(log: &dyn TraceLog, project: ProjectId, event: EventId, expected: &[TracedStep]) {
    until(log, project, event, |steps| steps == expected).await;
}

async fn until(log: &dyn TraceLog, project: ProjectId, event: EventId, holds: impl Fn(&[TracedStep]) -> bool) {
    while !holds(&log.steps_of(project, event).await.expect("the log works")) {
        tokio::task::yield_now().await;
    }
}

async fn steps(log: &dyn TraceLog, project: ProjectId, event: EventId) -> Vec<TracedStep> {
    log.steps_of(project, event).await.expect("the log works")
}

/// Whatever happened to an event comes back as it was recorded, by time, whoever recorded it, and nothing of other events and projects.
pub async fn every_step_of_an_event_is_told_by_time<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let fixture = make(ROOMY, clock()).await;
    let (collector, processor, query) = (fixture.log(), fixture.log(), fixture.log());
    let rejected = TraceStep::Rejected { reason: 9, field: "events[3].name".to_owned() };
    let kinds: Vec<TraceStep> = [TraceStep::Accepted, rejected, TraceStep::Stored, TraceStep::Duplicate]
        .into_iter()
        .chain([TraceStep::Quarantined])
        .chain(FilterRule::ALL.iter().map(|rule| TraceStep::Filtered(*rule)))
        .collect();
    // One record in which each event meets another end, then one for each end, the latest recorded first.
    let mixed = kinds.iter().cloned().zip(10..).map(|(step, event)| (id(event), step)).collect();
    collector.record(record(PROJECT, 0, mixed));
    for time in (1..=kinds.len() as i64).rev() {
        let step = &kinds[time as usize - 1];
        let writer = if time % 2 == 0 { &collector } else { &processor };
        writer.record(record(PROJECT, time, vec![(id(1), step.clone()), (id(2), TraceStep::Accepted)]));
    }
    let elsewhere = TraceRecord { entry: None, ..record(ProjectId(8), 5, vec![(id(1), TraceStep::Accepted)]) };
    collector.record(elsewhere);

    let expected: Vec<TracedStep> = kinds.iter().cloned().zip(1..).map(|(step, time)| traced(time, step)).collect();
    until_told(&*query, PROJECT, id(1), &expected).await;
    for (step, event) in kinds.iter().zip(10..) {
        until_told(&*query, PROJECT, id(event), &[traced(0, step.clone())]).await;
    }
    let without_entry = TracedStep { entry: None, ..traced(5, TraceStep::Accepted) };
    until_told(&*query, ProjectId(8), id(1), &[without_entry]).await;
    assert_eq!(steps(&*query, PROJECT, id(3)).await, []);
    assert_eq!(steps(&*query, ProjectId(9), id(1)).await, []);
}

/// Many processes record at once: each step is told once.
pub async fn many_writers_lose_nothing_while_there_is_room<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let fixture = make(ROOMY, clock()).await;
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let log = fixture.log();
        writers.spawn(async move {
            for round in 0..50 {
                let accepted = (0..20).map(|event| (id(event), TraceStep::Accepted)).collect();
                log.record(record(PROJECT, writer * 50 + round, accepted));
            }
        });
    }
    writers.join_all().await;
    let expected: Vec<TracedStep> = (0..200).map(|time| traced(time, TraceStep::Accepted)).collect();
    for event in [0, 19] {
        until_told(&*fixture.log(), PROJECT, id(event), &expected).await;
    }
}

/// A step is told for 24 hours by the clock and not a millisecond longer.
pub async fn steps_are_remembered_for_24_hours<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let clock = clock();
    let fixture = make(ROOMY, Arc::clone(&clock)).await;
    let log = fixture.log();
    for time in [0, 1] {
        log.record(record(PROJECT, time, vec![(id(1), TraceStep::Stored)]));
    }
    let both = [traced(0, TraceStep::Stored), traced(1, TraceStep::Stored)];
    until_told(&*log, PROJECT, id(1), &both).await;
    for (now, told) in [(DAY_MS, &both[..]), (DAY_MS + 1, &both[1..]), (DAY_MS + 2, &[])] {
        clock.set(Millis(NOW.0 + now).to_micros());
        assert_eq!(steps(&*log, PROJECT, id(1)).await, told, "{now} ms later");
    }
    let later = traced(DAY_MS + 2, TraceStep::Duplicate);
    log.record(record(PROJECT, DAY_MS + 2, vec![(id(1), TraceStep::Duplicate)]));
    until_told(&*log, PROJECT, id(1), &[later]).await;
}

/// A project that has more than its share forgets its oldest steps and keeps its newest.
pub async fn the_oldest_steps_of_a_project_go_first<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let fixture = make(TraceBounds { max_project_bytes: 20_000, ..ROOMY }, clock()).await;
    let log = fixture.log();
    for round in 0..60 {
        record_many(&*log, PROJECT, round);
        until(&*log, PROJECT, last_of(round), |steps| !steps.is_empty()).await;
    }
    assert_eq!(steps(&*log, PROJECT, last_of(0)).await, []);
    let mut told = 0;
    for round in 0..60 {
        told += usize::from(!steps(&*log, PROJECT, last_of(round)).await.is_empty());
    }
    assert!((10..=12).contains(&told), "of 60 records of 1.6 kB {told} are told");
}

/// All projects together have too much: the one that has most loses its oldest, the others nothing.
pub async fn a_project_with_much_takes_nothing_from_others<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let fixture = make(TraceBounds { max_project_bytes: 30_000, max_bytes: 50_000 }, clock()).await;
    let log = fixture.log();
    for project in 100..110 {
        record_many(&*log, ProjectId(project), 0);
    }
    for round in 0..30 {
        for project in [1, 2] {
            record_many(&*log, ProjectId(project), round);
        }
        for project in [1, 2] {
            until(&*log, ProjectId(project), last_of(round), |steps| !steps.is_empty()).await;
        }
    }
    for project in [1, 2] {
        let mut told = 0;
        for round in 0..30 {
            told += usize::from(!steps(&*log, ProjectId(project), last_of(round)).await.is_empty());
        }
        assert!((7..=12).contains(&told), "of 30 records of project {project} {told} are told");
    }
    for project in 100..110 {
        assert_eq!(steps(&*log, ProjectId(project), last_of(0)).await.len(), 1, "of project {project}");
    }
}

/// Whoever sends the same id again and again gets an answer of a bounded size.
pub async fn of_an_event_that_is_sent_for_ever_the_latest_steps_are_told<T: TraceFixture>(
    make: impl AsyncFn(TraceBounds, Arc<ManualClock>) -> T,
) {
    let fixture = make(ROOMY, clock()).await;
    let log = fixture.log();
    for time in 0..1_100 {
        log.record(record(PROJECT, time, vec![(id(1), TraceStep::Duplicate)]));
    }
    let latest: Vec<TracedStep> = (100..1_100).map(|time| traced(time, TraceStep::Duplicate)).collect();
    until_told(&*log, PROJECT, id(1), &latest).await;
}

/// Records what happened to a hundred events.
fn record_many(log: &dyn TraceLog, project: ProjectId, round: i64) {
    let first = round as u128 * 100;
    log.record(record(project, round, (first..first + 100).map(|event| (id(event), TraceStep::Stored)).collect()));
}

fn last_of(round: i64) -> EventId {
    id(round as u128 * 100 + 99)
}
