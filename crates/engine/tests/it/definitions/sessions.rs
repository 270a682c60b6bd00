use analytics_domain::{Filter, MetricKind, MetricKind::*, MetricValue::*};

use super::{EXIT_PAGE, Story, page_is, rows, text};
use crate::story::{Told, click, conversion, view};

#[tokio::test]
async fn a_session_ends_after_a_gap_of_more_than_the_timeout_since_its_last_event() {
    let story = Story::of([
        view("2024-05-01T10:00:00.000Z").by(1),
        view("2024-05-01T10:30:00.000Z").by(1),
        view("2024-05-01T11:00:00.000Z").by(1),
        view("2024-05-01T11:30:00.001Z").by(1),
    ])
    .await;
    assert_eq!(story.totals(&[Sessions, SessionDuration]).await, [Count(2), Number(1_800_000.0)]);
}

#[tokio::test]
async fn a_session_ends_24_hours_after_its_start_however_busy_it_is() {
    let half_hours = |count: i64| (0..count).map(|half| view("2024-05-01T00:00:00Z").by(1).later_ms(half * 1_800_000));
    let story = Story::of(half_hours(49)).await;
    assert_eq!(story.totals(&[Sessions]).await, [Count(2)]);
    let story = Story::of(half_hours(48).chain([view("2024-05-01T23:59:59.999Z").by(1)])).await;
    assert_eq!(story.totals(&[Sessions]).await, [Count(1)]);
}

#[tokio::test]
async fn a_filter_by_page_does_not_turn_a_session_into_a_bounce() {
    let told = [view("2024-05-01T10:00:00Z").by(1).page("/a"), view("2024-05-01T10:01:00Z").by(1).page("/b")];
    let story = Story::of(told).await.filter(page_is("/a"));
    let metrics = [Events, Sessions, BounceRate, ViewsPerSession, SessionDuration];
    assert_eq!(story.totals(&metrics).await, [Count(1), Count(1), Number(0.0), Number(2.0), Number(60_000.0)]);
}

#[tokio::test]
async fn one_event_must_make_the_whole_tree_true_for_its_session_to_pass() {
    let told = [view("2024-05-01T10:00:00Z").by(1).page("/a"), view("2024-05-01T10:01:00Z").by(1).page("/b")];
    let story = Story::of(told).await.filter(Filter::All(vec![page_is("/a"), page_is("/b")]));
    assert_eq!(story.totals(&[Sessions, BounceRate]).await, [Count(0), Absent]);
    let did = |page| Filter::ActorDid(Box::new(page_is(page)));
    let story = story.filter(Filter::All(vec![did("/a"), did("/b")]));
    assert_eq!(story.totals(&[Sessions, Events]).await, [Count(1), Count(2)]);
}

#[tokio::test]
async fn what_an_actor_did_counts_inside_the_range_only_and_an_event_without_actor_never_did_anything() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1).page("/a"),
        view("2024-05-01T12:00:00Z").by(1).page("/b"),
        view("2024-05-01T12:00:00Z").page("/b"),
    ])
    .await
    .between("2024-05-01T11:00:00Z", "2024-05-01T13:00:00Z");
    let did = |page| Filter::ActorDid(Box::new(page_is(page)));
    assert_eq!(story.totals(&[Events]).await, [Count(2)]);
    let story = story.filter(did("/a"));
    assert_eq!(story.totals(&[Events]).await, [Count(0)]);
    let story = story.filter(did("/b"));
    assert_eq!(story.totals(&[Events]).await, [Count(1)]);
    let story = story.filter(Filter::Not(Box::new(did("/b"))));
    assert_eq!(story.totals(&[Events]).await, [Count(1)], "the one without an actor");
}

#[tokio::test]
async fn bounces_and_engagement_follow_views_interactive_events_conversions_and_ten_seconds() {
    let bounce_and_engagement = [BounceRate, EngagementRate];
    let of = async |told: Vec<Told>| Story::of(told).await.totals(&bounce_and_engagement).await;
    let start = "2024-05-01T10:00:00Z";
    assert_eq!(of(vec![view(start).by(1)]).await, [Number(1.0), Number(0.0)]);
    assert_eq!(of(vec![view(start).by(1), click(start).by(1)]).await, [Number(0.0), Number(0.0)]);
    assert_eq!(of(vec![view(start).by(1), click(start).by(1).passive()]).await, [Number(1.0), Number(0.0)]);
    assert_eq!(of(vec![click(start).by(1)]).await, [Number(0.0), Number(0.0)], "no view, no bounce");
    assert_eq!(of(vec![view(start).by(1), conversion(start).by(1).passive()]).await, [Number(1.0), Number(1.0)]);
    assert_eq!(of(vec![view(start).by(1), view(start).by(1)]).await, [Number(0.0), Number(1.0)]);
    let passive = |later_ms| click(start).by(1).passive().later_ms(later_ms);
    assert_eq!(of(vec![view(start).by(1), passive(9_999)]).await, [Number(1.0), Number(0.0)]);
    assert_eq!(of(vec![view(start).by(1), passive(10_000)]).await, [Number(1.0), Number(1.0)]);
}

#[tokio::test]
async fn single_event_sessions_stay_in_the_mean_duration() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1),
        view("2024-05-01T10:00:00Z").by(2),
        view("2024-05-01T10:01:00Z").by(2),
    ])
    .await;
    assert_eq!(story.totals(&[SessionDuration]).await, [Number(30_000.0)]);
}

#[tokio::test]
async fn an_event_without_a_visitor_neither_opens_nor_extends_a_session() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1),
        view("2024-05-01T10:20:00Z"),
        view("2024-05-01T10:40:00Z").by(1),
    ])
    .await;
    assert_eq!(story.totals(&[Events, Sessions]).await, [Count(3), Count(2)]);
}

#[tokio::test]
async fn without_a_denominator_rates_are_absent_and_counts_are_zero() {
    let story = Story::of([view("2024-05-01T10:00:00Z")]).await;
    let all = MetricKind::ALL;
    let expected = [Count(1), Count(1), Count(0), Count(0), Count(0), Absent, Absent, Absent, Absent];
    assert_eq!(story.totals(&all).await, expected);
}

#[tokio::test]
async fn a_range_selects_sessions_by_their_start_and_does_not_clip_them() {
    let told = [view("2024-05-01T10:50:00Z").by(1), view("2024-05-01T11:10:00Z").by(1)];
    let story = Story::of(told).await.between("2024-05-01T10:00:00Z", "2024-05-01T11:00:00Z");
    let metrics = [Events, Sessions, SessionDuration, BounceRate];
    assert_eq!(story.totals(&metrics).await, [Count(1), Count(1), Number(1_200_000.0), Number(0.0)]);
    let story = story.between("2024-05-01T11:00:00Z", "2024-05-01T12:00:00Z");
    assert_eq!(story.totals(&metrics).await, [Count(1), Count(0), Absent, Absent]);
}

#[tokio::test]
async fn events_after_as_of_do_not_exist_for_sessions_either() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1).page("/a"),
        view("2024-05-01T10:10:00Z").by(1).page("/b"),
        view("2024-05-01T10:20:00Z").by(1).page("/c"),
    ])
    .await;
    let metrics = [Events, BounceRate, SessionDuration];
    let early = story.seen_at("2024-05-01T10:09:59.999Z");
    assert_eq!(early.totals(&metrics).await, [Count(1), Number(1.0), Number(0.0)]);
    let later = early.seen_at("2024-05-01T10:10:00Z");
    assert_eq!(later.totals(&metrics).await, [Count(2), Number(0.0), Number(600_000.0)]);
    assert_eq!(rows(&later.breakdown(&EXIT_PAGE, &[Events], 10).await), [(text("/b"), vec![Count(2)])]);
}
