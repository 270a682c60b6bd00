//! What is told of events beside their verdicts: counts that add up, and a trace of each.

use analytics_domain::{
    ConsentPolicy, EventId, FilterRule,
    ports::{IngestCount, IngestCounts as _, IngestDecision, TraceLog as _, TraceStep},
};
use analytics_proto::v1::{self, ConsentSignals, ErrorReason, Verdict};

use crate::world::{FIREFOX, GOOGLEBOT, HOME, HOUR, Site, World, batch, day, from, noon, plus, verdicts, view};

/// One event of each fate, numbered from here on.
fn one_of_each(first: usize) -> Vec<v1::Event> {
    let home = |number, agent| from(HOME, agent, view(first + number, noon()));
    let objecting = ConsentSignals { do_not_track: true, global_privacy_control: false };
    vec![
        home(0, FIREFOX),
        home(0, FIREFOX),
        home(1, GOOGLEBOT),
        v1::Event { consent_signals: Some(objecting), ..home(2, FIREFOX) },
        v1::Event { kind: 0, ..home(3, FIREFOX) },
        v1::Event { event_id: "none".to_owned(), ..home(4, FIREFOX) },
        from(HOME, FIREFOX, view(first + 5, plus(noon(), 100 * HOUR))),
    ]
}

const FATES: [Verdict; 7] = [
    Verdict::Stored,
    Verdict::Duplicate,
    Verdict::Filtered,
    Verdict::Filtered,
    Verdict::Rejected,
    Verdict::Rejected,
    Verdict::Rejected,
];

async fn counts(world: &World, site: &Site, date: &str) -> Vec<(IngestDecision, u64)> {
    world.collector.as_ref().expect("it runs").write_counts().await;
    let day = day(date);
    let counts = world.store.ingest_counts(site.project.id, day..=day).await.expect("read");
    let mut counts: Vec<_> = counts.into_iter().map(|IngestCount { decision, count, .. }| (decision, count)).collect();
    counts.sort();
    counts
}

#[tokio::test]
async fn what_was_sent_is_what_was_counted_by_the_projects_day() {
    let world = World::with_consent(ConsentPolicy::Drop).await;
    // Noon in UTC is the next day there.
    let (web, apia) = (world.site("web", "UTC").await, world.site("apia", "Pacific/Apia").await);
    for round in 0..3 {
        assert_eq!(world.track(&web.backend(), one_of_each(round * 10)).await, FATES);
    }
    assert_eq!(world.track(&apia.backend(), one_of_each(0)).await, FATES);
    let expected = |times: u64| {
        vec![
            (IngestDecision::Accepted, 2 * times),
            (IngestDecision::Filtered(FilterRule::Bot), times),
            (IngestDecision::Filtered(FilterRule::Consent), times),
            (IngestDecision::Rejected("CLOCK_SKEW".to_owned()), times),
            (IngestDecision::Rejected("INVALID_FIELD".to_owned()), 2 * times),
        ]
    };
    assert_eq!(counts(&world, &web, "2026-03-02").await, expected(3));
    assert_eq!(counts(&world, &apia, "2026-03-03").await, expected(1));
    assert_eq!(counts(&world, &apia, "2026-03-02").await, []);
    // Written once.
    assert_eq!(counts(&world, &web, "2026-03-02").await, expected(3));
    let sent: u64 = counts(&world, &web, "2026-03-02").await.iter().map(|(_, count)| count).sum();
    assert_eq!(sent, 3 * FATES.len() as u64);
}

#[tokio::test]
async fn a_call_that_fails_decides_nothing() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    world.log.close();
    world.call(&web.backend(), batch(one_of_each(0))).await.expect_err("the log is closed");
    assert_eq!(counts(&world, &web, "2026-03-02").await, []);
    let id = EventId(0_u128.to_be_bytes());
    assert_eq!(world.trace.steps_of(web.project.id, id).await, Ok(vec![]));
}

#[tokio::test]
async fn each_event_can_be_traced() {
    let world = World::with_consent(ConsentPolicy::Drop).await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    world.track(&web.backend(), one_of_each(0)).await;
    let steps = async |number: u128| {
        let id = EventId(number.to_be_bytes());
        world.trace.steps_of(web.project.id, id).await.expect("in memory")
    };
    let accepted = steps(0).await;
    assert_eq!(accepted.iter().map(|step| &step.step).collect::<Vec<_>>(), [&TraceStep::Accepted; 2]);
    let entry = accepted[0].entry.expect("it went into the log");
    let rejected =
        |reason: ErrorReason, field: &str| TraceStep::Rejected { reason: reason.into(), field: field.to_owned() };
    for (number, step) in [
        (1, TraceStep::Filtered(FilterRule::Bot)),
        (2, TraceStep::Filtered(FilterRule::Consent)),
        (3, rejected(ErrorReason::InvalidField, "kind")),
        (5, rejected(ErrorReason::ClockSkew, "occurred_at")),
    ] {
        let traced = steps(number).await;
        assert_eq!(traced.len(), 1);
        assert_eq!((traced[0].time, &traced[0].step), (noon().to_millis(), &step));
        assert_eq!(traced[0].entry, Some(entry), "the batch went into the log in part");
    }
    let elsewhere = world.trace.steps_of(app.project.id, EventId(0_u128.to_be_bytes())).await;
    assert_eq!(elsewhere, Ok(vec![]), "of another project");
}

#[tokio::test]
async fn descriptions_stand_with_the_first_hundred_rejected_events_only() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let good_then_bad = |number| [view(number, noon()), v1::Event { kind: 0, ..view(number, noon()) }];
    let response = world.call(&web.browser(), batch((0..150).flat_map(good_then_bad).collect())).await.expect("taken");
    assert_eq!(verdicts(&response), [Verdict::Stored, Verdict::Rejected].repeat(150));
    let rejected: Vec<_> = response.verdicts.iter().skip(1).step_by(2).collect();
    assert!(rejected.iter().all(|verdict| verdict.field == "kind" && verdict.reason() == ErrorReason::InvalidField));
    let described = rejected.iter().map(|verdict| !verdict.description.is_empty());
    assert_eq!(described.collect::<Vec<_>>(), [vec![true; 100], vec![false; 50]].concat());
}

/// The log is not asked how late it is: the same identity counts once on whatever day it arrives.
#[tokio::test]
async fn an_identity_counts_once_on_whatever_day_and_in_whatever_batch_it_arrives() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let event = || view(1, noon());
    assert_eq!(world.track(&web.browser(), vec![event()]).await, [Verdict::Stored]);
    for hours in [1, 14, 30, 47] {
        world.clock.set(plus(noon(), hours * HOUR));
        let other = view(100 + hours as usize, world_now(&world));
        assert_eq!(
            world.track(&web.browser(), vec![other, event(), event()]).await,
            [Verdict::Stored, Verdict::Duplicate, Verdict::Duplicate]
        );
    }
    assert_eq!(world.track(&app.browser(), vec![event()]).await, [Verdict::Stored], "another project's");
    let moved = view(1, plus(noon(), HOUR));
    assert_eq!(world.track(&web.browser(), vec![moved]).await, [Verdict::Stored], "another identity");
    assert_eq!((world.stored(&web).await.len(), world.stored(&app).await.len()), (6, 1));
}

fn world_now(world: &World) -> analytics_domain::Micros {
    analytics_domain::Clock::now(world.clock.as_ref())
}
