//! What happened to an event.

use analytics_domain::{
    EntryId, Event, FilterRule, Micros, Millis,
    ports::{EncodedColumn, EventStore as _, LogEntry, SegmentKey, TraceRecord, TraceStep},
};
use analytics_proto::v1::{self, ErrorReason, TraceStepKind};
use analytics_testkit::sample;

use crate::world::{NOW, Traces, World, by, refused_fields};

/// An event of now.
fn event(number: u32) -> Event {
    let event = sample::event(number);
    Event { occurred_at: Micros(NOW.0 - i64::from(number)), time: NOW.to_millis(), ..event }
}

fn id_of(event: &Event) -> String {
    event.event_id.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
}

async fn trace(world: &World, project: &str, id: &str) -> v1::TraceEventResponse {
    let id = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    let request = v1::TraceEventRequest { project: project.to_owned(), event_id: id };
    world.admin.clone().trace_event(by(&world.root, request)).await.expect("traced").into_inner()
}

fn record(world: &World, time: i64, entry: Option<i64>, step: TraceStep, event: &Event) -> TraceRecord {
    let time = Millis(NOW.to_millis().0 + time);
    TraceRecord { project: world.web, time, entry: entry.map(EntryId), steps: vec![(event.event_id, step)] }
}

#[tokio::test]
async fn steps_come_in_order_with_their_causes() {
    let world = World::new().await;
    let (kept, dropped) = (event(1), event(2));
    let rejected = TraceStep::Rejected { reason: ErrorReason::TooLate.into(), field: "occurred_at".to_owned() };
    world.trace.record(record(&world, 0, Some(7), TraceStep::Accepted, &kept));
    world.trace.record(record(&world, 5, Some(7), TraceStep::Stored, &kept));
    world.trace.record(record(&world, 9, Some(8), TraceStep::Duplicate, &kept));
    world.trace.record(record(&world, 1, None, TraceStep::Filtered(FilterRule::Bot), &dropped));
    world.trace.record(record(&world, 2, None, rejected, &dropped));
    world.trace.record(record(&world, 3, Some(9), TraceStep::Quarantined, &dropped));
    let traced = trace(&world, "projects/web", &id_of(&kept)).await;
    assert!(!traced.steps_unavailable && traced.stored.is_empty());
    let kinds: Vec<_> = traced.steps.iter().map(|step| (step.kind(), step.entry_id)).collect();
    assert_eq!(kinds, [(TraceStepKind::Accepted, 7), (TraceStepKind::Stored, 7), (TraceStepKind::Duplicate, 8)]);
    assert_eq!(traced.steps[1].time.expect("a time").nanos - traced.steps[0].time.expect("a time").nanos, 5_000_000);

    let traced = trace(&world, "projects/web", &id_of(&dropped)).await;
    let causes: Vec<_> = traced.steps.iter().map(|step| (step.kind(), step.filter_rule(), step.reason())).collect();
    let none = (v1::FilterRule::Unspecified, ErrorReason::Unspecified);
    assert_eq!(
        causes,
        [
            (TraceStepKind::Filtered, v1::FilterRule::Bot, none.1),
            (TraceStepKind::Rejected, none.0, ErrorReason::TooLate),
            (TraceStepKind::Quarantined, none.0, none.1),
        ]
    );
    assert_eq!(traced.steps[1].field, "occurred_at");
    let elsewhere = trace(&world, "projects/shop", &id_of(&kept)).await;
    assert_eq!(elsewhere, v1::TraceEventResponse::default(), "the same id in another project is another event");
}

#[tokio::test]
async fn what_is_stored_tells_where_queries_read_it() {
    let world = World::new().await;
    let first = event(1);
    let second = Event { occurred_at: Micros(first.occurred_at.0 + 1), ..first.clone() };
    for (entry, event) in [(1, first.clone()), (2, second)] {
        let entry = LogEntry { id: EntryId(entry), project: world.web, events: vec![event] };
        world.catalog.commit(world.web, &[entry]).await.expect("stored");
    }
    let day = world.catalog.day(world.web, first.visitor_day).await.expect("read").expect("the day");
    let seen = async || {
        let traced = trace(&world, "projects/web", &id_of(&first)).await;
        traced.stored.iter().map(|stored| (stored.version, stored.in_segment)).collect::<Vec<_>>()
    };
    assert_eq!(seen().await, [(1, false), (2, false)]);
    let column = || EncodedColumn { name: "time".to_owned(), bytes: vec![1].into() };
    let mut key =
        SegmentKey { project: world.web, day: first.visitor_day, generation: day.generation, version: day.version };
    key.version.0 = 1;
    world.segments.put(key, vec![column()]).await.expect("put");
    assert_eq!(seen().await, [(1, true), (2, false)], "up to its version");
    key.version.0 = 2;
    world.segments.put(key, vec![column()]).await.expect("put");
    assert_eq!(seen().await, [(1, true), (2, true)]);
    world.catalog.raise_generation(world.web, first.visitor_day).await.expect("raised");
    assert_eq!(seen().await, [(1, false), (2, false)], "a segment of another generation is void");
    let traced = trace(&world, "projects/web", &id_of(&first)).await;
    assert_eq!(traced.stored[0].visitor_day, first.visitor_day.to_string());
    assert_eq!(traced.stored[0].occurred_at.expect("a time").nanos / 1000, (first.occurred_at.0 % 1_000_000) as i32);
}

#[tokio::test]
async fn a_server_that_cannot_know_the_steps_says_so() {
    let world = World::with(Traces::Elsewhere).await;
    let event = event(1);
    let entry = LogEntry { id: EntryId(1), project: world.web, events: vec![event.clone()] };
    world.catalog.commit(world.web, &[entry]).await.expect("stored");
    let traced = trace(&world, "projects/web", &id_of(&event)).await;
    assert!(traced.steps_unavailable && traced.steps.is_empty());
    assert_eq!(traced.stored.len(), 1);
}

#[tokio::test]
async fn an_id_that_is_none_is_refused() {
    let world = World::new().await;
    let request = v1::TraceEventRequest { project: "projects/web".to_owned(), event_id: "7".to_owned() };
    let result = world.admin.clone().trace_event(by(&world.root, request)).await;
    refused_fields(result, ErrorReason::InvalidField, &["event_id"]);
}
