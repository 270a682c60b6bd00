//! Segments make answers fast, never different: whatever is wrong with one, the truth answers.

use std::time::Duration;

use analytics_domain::{
    BreakdownSpec, Dimension, DimensionField, Event, MetricKind, MetricValue, NewProject, Project, TimeUnit,
    TotalsSpec, TrendSpec,
    ports::{EncodedColumn, EventStore, SegmentStore},
};
use analytics_engine::{Engine, EngineError};
use analytics_segment::Builder;
use bytes::Bytes;
use tokio::time::Instant;

use crate::{
    story::view,
    world::{ALL_TIME, Kept, World, scope, segment_key},
};

const METRICS: [MetricKind; 3] = [MetricKind::Events, MetricKind::Visitors, MetricKind::Sessions];

fn events(count: usize) -> Vec<Event> {
    let one = |place: usize| view("2024-05-01T10:00:00Z").by(place as i64 % 3).later_ms(place as i64).event(place);
    (0..count).map(one).collect()
}

async fn filled(world: &World, kept: Kept) -> Project {
    world.filled(NewProject::DEFAULT_SESSION_TIMEOUT, &events(10), kept).await
}

async fn ask(engine: &Engine, project: &Project) -> Vec<MetricValue> {
    let spec = TotalsSpec { metrics: METRICS.to_vec() };
    engine.totals(&scope(project, ALL_TIME), &spec, None).await.expect("an answer").values
}

fn counts(events: i64) -> Vec<MetricValue> {
    [events, 3, 3].map(MetricValue::Count).to_vec()
}

#[tokio::test]
async fn a_segment_with_damaged_columns_is_not_used() {
    let world = World::new().await;
    for damaged in ["time", "visitor", "kind"] {
        let project = filled(&world, Kept::Segments).await;
        let state = world.states(&project).await[0];
        let mut builder = Builder::new();
        builder.extend(&events(10));
        let mut columns = builder.finish().expect("a small day");
        let column = columns.iter_mut().find(|column| column.name == damaged).expect("it is stored");
        column.bytes = Bytes::from_static(b"damaged");
        world.segments.put(segment_key(&project, &state), columns).await.expect("a segment");
        let engine = world.engine(1 << 20);
        assert_eq!(ask(&engine, &project).await, counts(10), "{damaged}");
        assert_eq!(ask(&engine, &project).await, counts(10), "{damaged}, warm");
    }
}

#[tokio::test]
async fn a_segment_that_lacks_columns_or_events_is_not_used() {
    let world = World::new().await;
    let engine = world.engine(1 << 20);
    let mut builder = Builder::new();
    builder.extend(&events(4));
    let fewer = builder.finish().expect("a small day");
    let nothing = vec![EncodedColumn { name: "other".to_owned(), bytes: Bytes::new() }];
    for columns in [fewer, nothing] {
        for kept in [Kept::Segments, Kept::Both(6)] {
            let project = filled(&world, kept).await;
            let state = world.states(&project).await[0];
            let key = world.segments.latest(project.id, state.day, state.generation).await.expect("a store");
            world.segments.put(key.expect("a segment"), columns.clone()).await.expect("a segment");
            assert_eq!(ask(&engine, &project).await, counts(10), "{kept:?}");
            assert_eq!(ask(&engine, &project).await, counts(10), "{kept:?}, warm");
        }
    }
}

#[tokio::test]
async fn a_segment_of_another_generation_is_not_used() {
    let world = World::new().await;
    let project = filled(&world, Kept::Segments).await;
    let engine = world.engine(1 << 20);
    assert_eq!(ask(&engine, &project).await, counts(10));
    let state = world.states(&project).await[0];
    let mut builder = Builder::new();
    builder.extend(&events(4));
    world.segments.put(segment_key(&project, &state), builder.finish().expect("a day")).await.expect("a segment");
    world.events.raise_generation(project.id, state.day).await.expect("raised");
    assert_eq!(ask(&engine, &project).await, counts(10));
}

#[tokio::test]
async fn a_segment_of_the_future_is_not_used() {
    let world = World::new().await;
    let project = filled(&world, Kept::Events).await;
    let mut state = world.states(&project).await[0];
    state.version.0 += 1;
    // As many events, so that their number does not tell: as after a restored backup.
    let mut builder = Builder::new();
    (0..10).for_each(|place| builder.push(&view("2024-05-01T10:00:00Z").by(place).event(place as usize)));
    world.segments.put(segment_key(&project, &state), builder.finish().expect("a day")).await.expect("a segment");
    assert_eq!(ask(&world.engine(1 << 20), &project).await, counts(10));
}

#[tokio::test]
async fn an_engine_sees_every_commit_and_every_new_segment_at_once() {
    let world = World::new().await;
    let project = world.project(NewProject::DEFAULT_SESSION_TIMEOUT).await;
    let engine = world.engine(1 << 20);
    for count in 3..20 {
        let events = events(count);
        let new = if count == 3 { &events[..] } else { &events[count - 1..] };
        world.commit(&project, new).await;
        if count % 5 == 0 {
            world.compact(&project).await;
        }
        if count % 10 == 0 {
            let state = world.states(&project).await[0];
            world.segments.remove_before(segment_key(&project, &state)).await.expect("removed");
        }
        // Sometimes the segment comes between two questions, so that what was read for the older one does not follow it.
        if count % 10 != 5 {
            assert_eq!(ask(&engine, &project).await, counts(count as i64), "after {count}");
        }
    }
}

#[tokio::test]
async fn a_segment_replaced_under_a_warm_engine_changes_nothing() {
    let world = World::new().await;
    let project = filled(&world, Kept::Segments).await;
    let engine = world.engine(1 << 20);
    assert_eq!(ask(&engine, &project).await, counts(10));
    world.commit(&project, &events(12)[10..]).await;
    world.compact(&project).await;
    let state = world.states(&project).await[0];
    world.segments.remove_before(segment_key(&project, &state)).await.expect("removed");
    // The page column was never read: it has to come from the segment that there is now.
    let spec = BreakdownSpec {
        metrics: METRICS.to_vec(),
        dimensions: vec![Dimension::Field(DimensionField::Page)],
        limit: 10,
    };
    let answer = engine.breakdown(&scope(&project, ALL_TIME), &spec, None).await.expect("an answer");
    assert_eq!(answer.rows[0].values, counts(12));
}

#[tokio::test]
async fn a_deadline_that_has_passed_is_an_error() {
    let world = World::new().await;
    let project = filled(&world, Kept::Events).await;
    let engine = world.engine(0);
    let spec = TrendSpec { metrics: METRICS.to_vec(), unit: TimeUnit::Day };
    let mut scope = scope(&project, ALL_TIME);
    scope.interval.start = view("2024-05-01T00:00:00Z").event(0).time;
    scope.interval.end = view("2024-05-02T00:00:00Z").event(0).time;
    let late = engine.trend(&scope, &spec, Some(Instant::now() - Duration::from_secs(1))).await;
    assert_eq!(late, Err(EngineError::DeadlineExceeded));
    let in_time = engine.trend(&scope, &spec, Some(Instant::now() + Duration::from_secs(3600))).await;
    assert_eq!(in_time.expect("an answer").points[0].values, counts(10));
}
