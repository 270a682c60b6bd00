use std::sync::LazyLock;

use analytics_domain::{
    AnswerInfo, AnswerNote, Dimension, DurationMs, Event, Interval, MetricKind, MetricValue, Millis, QueryScope,
    TotalsSpec, TrendSpec, Zone, calendar,
};
use analytics_engine::{Engine, EngineError};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::{
    data::{DAY_MS, ORIGIN_MS, Question, TIMEOUTS, events, question},
    reference::{Group, Reference, Rows},
    world::{Kept, World, scope},
};

/// One store for all cases: to open one takes longer than to answer all questions of a case.
static SHARED: LazyLock<(Runtime, World)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(World::new());
    (runtime, world)
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(80) })]

    #[test]
    fn every_answer_is_that_of_the_naive_model(
        events in events(0..50, 3),
        split in 0usize..50,
        timeout in prop::sample::select(&TIMEOUTS[..]),
        questions in prop::collection::vec(question(), 8),
    ) {
        compare(&events, split, timeout, &questions)?;
    }
}

proptest! {
    // Few, but each of more rows than a block has, and of whole words of rows of one group.
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::with_cases(3) })]

    #[test]
    fn every_answer_over_many_blocks_is_that_of_the_naive_model(
        events in events(5_000..6_000, 40),
        split in 4_000usize..5_000,
        timeout in prop::sample::select(&TIMEOUTS[..]),
        questions in prop::collection::vec(question(), 4),
        plain in question(),
    ) {
        let interval = Interval { start: Millis(ORIGIN_MS), end: Millis(ORIGIN_MS + 30 * DAY_MS) };
        let plain = Question { filter: None, interval, as_of: interval.end, ..plain };
        compare(&events, split, timeout, &[&questions[..], &[plain]].concat())?;
    }
}

fn compare(events: &[Event], split: usize, timeout: DurationMs, questions: &[Question]) -> Result<(), TestCaseError> {
    let (runtime, world) = &*SHARED;
    runtime.block_on(async {
        for kept in [Kept::Segments, Kept::Events, Kept::Both(split)] {
            let project = world.filled(timeout, events, kept).await;
            let engine = world.engine(if split.is_multiple_of(2) { 64 << 20 } else { 0 });
            for question in questions {
                let scope = QueryScope {
                    as_of: question.as_of,
                    zone: Zone::named(question.zone).expect("a zone"),
                    filter: question.filter.clone(),
                    ..scope(&project, question.interval)
                };
                check(&engine, &scope, question, events).await?;
            }
        }
        Ok(())
    })
}

async fn check(
    engine: &Engine,
    scope: &QueryScope,
    question: &Question,
    events: &[Event],
) -> Result<(), TestCaseError> {
    let reference = Reference::new(scope, events);
    let metrics = &question.metrics;

    let totals = engine.totals(scope, &TotalsSpec { metrics: metrics.clone() }, None).await.expect("an answer");
    prop_assert_eq!(&totals.values, &reference.totals(metrics));
    check_info(&totals.info, &reference, metrics)?;

    let trend = TrendSpec { metrics: metrics.clone(), unit: question.unit };
    let trend = engine.trend(scope, &trend, None).await.expect("an answer");
    let buckets =
        calendar::buckets(scope.interval, question.unit, &scope.zone, scope.project.week_start, 10_000).expect("few");
    let expected: Vec<(bool, bool, Vec<MetricValue>)> = buckets
        .iter()
        .map(|bucket| {
            let edges = bucket.interval;
            let clipped = edges.start < scope.interval.start || scope.interval.end < edges.end;
            let partial = edges.start <= scope.as_of && scope.as_of < edges.end;
            (clipped, partial, reference.bucket(metrics, edges))
        })
        .collect();
    let points: Vec<_> =
        trend.points.iter().map(|point| (point.clipped, point.partial, point.values.clone())).collect();
    prop_assert_eq!(points, expected);
    prop_assert_eq!(trend.points.iter().map(|point| point.bucket).collect::<Vec<_>>(), buckets);
    check_info(&trend.info, &reference, metrics)?;

    let spec = &question.breakdown;
    let answer = engine.breakdown(scope, spec, None).await;
    let of_events = |dimension: &Dimension| !dimension.goes_with_session_metrics();
    if metrics.iter().any(|metric| metric.is_session_metric())
        && let Some(place) = spec.dimensions.iter().position(of_events)
    {
        let refused = matches!(&answer, Err(EngineError::NotComputable { field, .. }) if *field == format!("breakdown.dimensions[{place}]"));
        prop_assert!(refused, "{:?}", answer);
        return Ok(());
    }
    let answer = answer.expect("an answer");
    let row = |row: &analytics_domain::BreakdownRow| Group { key: row.dimensions.clone(), values: row.values.clone() };
    let rows = Rows {
        rows: answer.rows.iter().map(row).collect(),
        others: answer.others.as_ref().map(|others| (others.row_count, others.values.clone())),
    };
    prop_assert_eq!(rows, reference.breakdown(spec));
    check_info(&answer.info, &reference, metrics)
}

fn check_info(info: &AnswerInfo, reference: &Reference<'_>, metrics: &[MetricKind]) -> Result<(), TestCaseError> {
    prop_assert_eq!(info.identity_coverage, reference.coverage());
    let summed = metrics.contains(&MetricKind::Visitors) && reference.days_with_visitors() > 1;
    prop_assert_eq!(info.notes.contains(&AnswerNote::DailyVisitorsSummed), summed);
    Ok(())
}
