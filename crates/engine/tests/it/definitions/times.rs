use analytics_domain::{
    AnswerNote, IdentityCoverage, MetricKind::*, MetricValue::*, TimeUnit, TotalsSpec, TrendSpec, WeekStart,
};
use analytics_engine::EngineError;

use super::{Story, first_values};
use crate::story::view;

#[tokio::test]
async fn a_session_over_midnight_is_one_visitor_of_both_days_and_one_in_each_bucket() {
    let story =
        Story::of([view("2024-05-01T23:50:00Z").by(1), view("2024-05-02T00:20:00Z").by(1).of_day("2024-05-01")])
            .await
            .between("2024-05-01T00:00:00Z", "2024-05-03T00:00:00Z");
    assert_eq!(story.totals(&[Visitors, Sessions]).await, [Count(1), Count(1)]);
    let days = story.trend(TimeUnit::Day, &[Visitors]).await;
    assert_eq!(first_values(&days), [Count(1), Count(1)]);
    let hours = story.trend(TimeUnit::Hour, &[Visitors]).await;
    let seen: Vec<usize> = (0..48).filter(|hour| hours.points[*hour].values == [Count(1)]).collect();
    assert_eq!(seen, [23, 24]);
    assert_eq!(hours.info.notes, [], "all of one visitor day");
    let sessions = story.trend(TimeUnit::Day, &[Sessions]).await;
    assert_eq!(first_values(&sessions), [Count(1), Count(0)], "by their start");
}

#[tokio::test]
async fn daily_visitors_are_added_up_and_the_answer_says_so_while_users_are_distinct() {
    let story =
        Story::of([view("2024-05-01T10:00:00Z").by(1).user(9), view("2024-05-02T10:00:00Z").by(1).user(9)]).await;
    assert_eq!(story.totals(&[Visitors, Users]).await, [Count(2), Count(1)]);
    let trend = story.between("2024-05-01T00:00:00Z", "2024-05-03T00:00:00Z");
    assert_eq!(trend.trend(TimeUnit::Day, &[Visitors]).await.info.notes, [AnswerNote::DailyVisitorsSummed]);
    assert_eq!(trend.trend(TimeUnit::Day, &[Users]).await.info.notes, []);
}

#[tokio::test]
async fn the_repeated_hour_of_autumn_is_two_buckets() {
    let story = Story::of([view("2024-10-27T00:30:00Z"), view("2024-10-27T01:30:00Z")])
        .await
        .zone("Europe/Berlin")
        .between("2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z");
    let hours = story.trend(TimeUnit::Hour, &[Events]).await;
    assert_eq!(hours.points.len(), 25);
    let (first, second) = (&hours.points[2], &hours.points[3]);
    assert_eq!((first.values[0], first.bucket.utc_offset_seconds), (Count(1), 7_200));
    assert_eq!((second.values[0], second.bucket.utc_offset_seconds), (Count(1), 3_600));
}

#[tokio::test]
async fn weeks_begin_as_the_project_says() {
    let told = [view("2024-05-12T12:00:00Z"), view("2024-05-13T12:00:00Z")];
    let mut story = Story::of(told).await.between("2024-05-12T00:00:00Z", "2024-05-14T00:00:00Z");
    assert_eq!(first_values(&story.trend(TimeUnit::Week, &[Events]).await), [Count(1), Count(1)]);
    story.scope.project.week_start = WeekStart::Sunday;
    assert_eq!(first_values(&story.trend(TimeUnit::Week, &[Events]).await), [Count(2)]);
}

#[tokio::test]
async fn trends_are_dense_and_say_what_is_clipped_and_partial() {
    let told = [view("2024-05-01T10:00:00Z"), view("2024-05-02T12:00:00Z"), view("2024-05-03T10:00:00Z")];
    let story =
        Story::of(told).await.between("2024-05-01T09:00:00Z", "2024-05-05T00:00:00Z").seen_at("2024-05-02T11:00:00Z");
    let trend = story.trend(TimeUnit::Day, &[Events, BounceRate]).await;
    let points: Vec<_> =
        trend.points.iter().map(|point| (point.clipped, point.partial, point.values.clone())).collect();
    let values = |count| vec![Count(count), Absent];
    let expected =
        [(true, false, values(1)), (false, true, values(0)), (false, false, values(0)), (false, false, values(0))];
    assert_eq!(points, expected);
}

#[tokio::test]
async fn too_many_buckets_are_refused() {
    let story = Story::of([]).await.between("2024-05-01T00:00:00Z", "2024-05-09T00:00:00Z");
    let spec = TrendSpec { metrics: vec![Events], unit: TimeUnit::Minute };
    let refused = story.world.engine(0).trend(&story.scope, &spec, None).await;
    assert!(matches!(refused, Err(EngineError::TooManyBuckets(_))), "{refused:?}");
}

#[tokio::test]
async fn the_same_id_with_another_claimed_time_is_another_event() {
    let one = view("2024-05-01T10:00:00Z").id(5);
    let other = view("2024-05-01T10:00:01Z").id(5);
    let copy = view("2024-05-01T10:00:00Z").id(5);
    let story = Story::of([one, other, copy]).await;
    assert_eq!(story.totals(&[Events]).await, [Count(2)]);
}

#[tokio::test]
async fn an_answer_tells_on_which_identities_and_days_it_rests() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1).user(1),
        view("2024-05-01T10:01:00Z").by(1),
        view("2024-05-02T10:00:00Z"),
        view("2024-05-02T10:00:00Z").user(2),
    ])
    .await;
    let spec = TotalsSpec { metrics: vec![Sessions] };
    let info = story.world.engine(0).totals(&story.scope, &spec, None).await.expect("an answer").info;
    let expected = IdentityCoverage { with_user: 2, with_visitor_only: 1, with_neither: 1 };
    assert_eq!(info.identity_coverage, expected);
    let states = story.world.states(&story.scope.project).await;
    let read: Vec<_> = info.watermark.iter().map(|day| (day.day, day.version, day.generation)).collect();
    let expected: Vec<_> = states.iter().map(|state| (state.day, state.version, state.generation)).collect();
    assert_eq!(read, expected);
    assert_eq!(read.len(), 2);
}
