//! The cases of METRICS in which two honest readings give two numbers.

use analytics_domain::{
    AnswerNote, Breakdown, BreakdownSpec, Condition, Dimension, DimensionField, Event, Filter, FilterTest,
    IdentityCoverage, Interval,
    MetricKind::{self, *},
    MetricValue::{self, *},
    NewProject, PropertyValue, QueryScope, TimeUnit, TotalsSpec, Trend, TrendSpec, WeekStart, Zone,
};
use analytics_engine::EngineError;

use crate::{
    story::{Told, at, click, conversion, view},
    world::{ALL_TIME, Kept, World, scope},
};

/// A project in which these things happened.
struct Story {
    world: World,
    scope: QueryScope,
}

impl Story {
    async fn of(told: impl IntoIterator<Item = Told>) -> Self {
        let events: Vec<Event> = told.into_iter().enumerate().map(|(place, told)| told.event(place)).collect();
        let world = World::new().await;
        let timeout = NewProject::DEFAULT_SESSION_TIMEOUT;
        let project = world.filled(timeout, &events, Kept::Both(events.len() / 2)).await;
        let scope = scope(&project, ALL_TIME);
        Self { world, scope }
    }

    fn between(mut self, start: &str, end: &str) -> Self {
        self.scope.interval = Interval { start: at(start), end: at(end) };
        self
    }

    fn zone(mut self, name: &str) -> Self {
        self.scope.zone = Zone::named(name).expect("a zone");
        self
    }

    fn seen_at(mut self, time: &str) -> Self {
        self.scope.as_of = at(time);
        self
    }

    fn filter(mut self, filter: Filter) -> Self {
        self.scope.filter = Some(filter);
        self
    }

    async fn totals(&self, metrics: &[MetricKind]) -> Vec<MetricValue> {
        let spec = TotalsSpec { metrics: metrics.to_vec() };
        self.world.engine(1 << 20).totals(&self.scope, &spec, None).await.expect("an answer").values
    }

    async fn trend(&self, unit: TimeUnit, metrics: &[MetricKind]) -> Trend {
        let spec = TrendSpec { metrics: metrics.to_vec(), unit };
        self.world.engine(1 << 20).trend(&self.scope, &spec, None).await.expect("an answer")
    }

    async fn try_breakdown(
        &self,
        dimensions: &[Dimension],
        metrics: &[MetricKind],
        limit: usize,
    ) -> Result<Breakdown, EngineError> {
        let spec = BreakdownSpec { metrics: metrics.to_vec(), dimensions: dimensions.to_vec(), limit };
        self.world.engine(1 << 20).breakdown(&self.scope, &spec, None).await
    }

    async fn breakdown(&self, dimension: &Dimension, metrics: &[MetricKind], limit: usize) -> Breakdown {
        self.try_breakdown(std::slice::from_ref(dimension), metrics, limit).await.expect("an answer")
    }
}

fn rows(breakdown: &Breakdown) -> Vec<(Option<PropertyValue>, Vec<MetricValue>)> {
    breakdown.rows.iter().map(|row| (row.dimensions[0].clone(), row.values.clone())).collect()
}

fn first_values(trend: &Trend) -> Vec<MetricValue> {
    trend.points.iter().map(|point| point.values[0]).collect()
}

fn text(text: &str) -> Option<PropertyValue> {
    Some(PropertyValue::String(text.to_owned()))
}

fn page_is(page: &str) -> Filter {
    let test = FilterTest::Equals(PropertyValue::String(page.to_owned()));
    Filter::Condition(Condition { dimension: PAGE, test })
}

const PAGE: Dimension = Dimension::Field(DimensionField::Page);
const ENTRY_PAGE: Dimension = Dimension::Field(DimensionField::EntryPage);
const EXIT_PAGE: Dimension = Dimension::Field(DimensionField::ExitPage);
const BROWSER: Dimension = Dimension::Field(DimensionField::Browser);

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

#[tokio::test]
async fn every_event_of_a_session_carries_the_sessions_dimensions() {
    let story = Story::of([
        click("2024-05-01T09:59:00Z").by(1).page("/before").browser("Chrome"),
        view("2024-05-01T10:00:00Z").by(1).page("/a").browser("Firefox"),
        view("2024-05-01T10:01:00Z").by(1).page("/b").browser("Chrome"),
        click("2024-05-01T10:02:00Z").by(2).page("/c").browser("Safari"),
        view("2024-05-01T10:03:00Z").page("/d"),
        click("2024-05-01T10:04:00Z").page("/e"),
    ])
    .await;
    let entries = rows(&story.breakdown(&ENTRY_PAGE, &[Events], 10).await);
    assert_eq!(entries, [(text("/a"), vec![Count(3)]), (None, vec![Count(2)]), (text("/d"), vec![Count(1)])]);
    let exits = rows(&story.breakdown(&EXIT_PAGE, &[Events], 10).await);
    assert_eq!(exits, [(text("/b"), vec![Count(3)]), (None, vec![Count(2)]), (text("/d"), vec![Count(1)])]);
    let browsers = rows(&story.breakdown(&BROWSER, &[Events, Sessions], 10).await);
    let counts = |events, sessions| vec![Count(events), Count(sessions)];
    assert_eq!(browsers, [(text("Firefox"), counts(3, 1)), (None, counts(2, 0)), (text("Safari"), counts(1, 1))]);
}

#[tokio::test]
async fn a_session_counts_once_for_each_page_of_its_views_with_all_it_has() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1).page("/a"),
        view("2024-05-01T10:01:00Z").by(1).page("/b"),
        view("2024-05-01T10:02:00Z").by(1).page("/a"),
        click("2024-05-01T10:03:00Z").by(1).page("/clicked"),
        view("2024-05-01T10:00:00Z").by(2).page("/b"),
    ])
    .await;
    let metrics = [Sessions, SessionDuration, ViewsPerSession, BounceRate];
    let breakdown = story.breakdown(&PAGE, &metrics, 10).await;
    let expected = [
        (text("/b"), vec![Count(2), Number(90_000.0), Number(2.0), Number(0.5)]),
        (text("/a"), vec![Count(1), Number(180_000.0), Number(3.0), Number(0.0)]),
    ];
    assert_eq!(rows(&breakdown), expected);
    let others = story.breakdown(&PAGE, &metrics, 0).await.others.expect("everything");
    assert_eq!(others.values, [Count(2), Number(90_000.0), Number(2.0), Number(0.5)], "each session once");
}

#[tokio::test]
async fn a_visitor_of_pages_11_and_12_of_a_top_10_counts_once_in_others() {
    let popular =
        (0..10).flat_map(|page| (1..=3).map(move |who| view("2024-05-01T10:00:00Z").by(who).page(&format!("/{page}"))));
    let rare = ["/x", "/y"].map(|page| view("2024-05-01T10:00:00Z").by(7).page(page));
    let story = Story::of(popular.chain(rare)).await;
    let breakdown = story.breakdown(&PAGE, &[Visitors, Views], 10).await;
    assert_eq!(breakdown.rows.len(), 10);
    let others = breakdown.others.expect("two pages");
    assert_eq!((others.row_count, others.values), (2, vec![Count(1), Count(2)]));
}

#[tokio::test]
async fn others_exist_only_when_something_remains() {
    let story = Story::of([view("2024-05-01T10:00:00Z").page("/a"), click("2024-05-01T10:00:00Z").page("/b")]).await;
    assert_eq!(story.breakdown(&PAGE, &[Events], 2).await.others, None);
    let by_views = story.breakdown(&PAGE, &[Views, Events], 2).await;
    assert_eq!(rows(&by_views), [(text("/a"), vec![Count(1), Count(1)])], "a count of 0 makes no row");
    assert_eq!(by_views.others.map(|others| others.values), Some(vec![Count(0), Count(1)]));
}

#[tokio::test]
async fn rows_are_ordered_by_metric_then_numbers_text_bytes_booleans_and_absent() {
    let plan = |value: Option<PropertyValue>| view("2024-05-01T10:00:00Z").property("plan", value);
    let number = |number| Some(PropertyValue::Number(number));
    let truth = |truth| Some(PropertyValue::Bool(truth));
    let values = [
        None,
        truth(true),
        text("a"),
        number(2.0),
        truth(false),
        text("B"),
        number(10.0),
        text("1"),
        number(1.0),
        text("ä"),
    ];
    let twice = plan(text("z"));
    let story = Story::of(values.map(plan).into_iter().chain([twice.clone(), twice])).await;
    let breakdown = story.breakdown(&Dimension::Property("plan".to_owned()), &[Events], 20).await;
    let order: Vec<_> = rows(&breakdown).into_iter().map(|(value, _)| value).collect();
    let expected = [
        text("z"),
        number(1.0),
        number(2.0),
        number(10.0),
        text("1"),
        text("B"),
        text("a"),
        text("ä"),
        truth(false),
        truth(true),
        None,
    ];
    assert_eq!(order, expected);
}

#[tokio::test]
async fn rows_whose_first_metric_is_absent_come_last() {
    let story =
        Story::of([view("2024-05-01T10:00:00Z").page("/a"), view("2024-05-01T10:00:00Z").by(1).page("/b")]).await;
    let breakdown = story.breakdown(&PAGE, &[BounceRate, Events], 10).await;
    let expected = [(text("/b"), vec![Number(1.0), Count(1)]), (text("/a"), vec![Absent, Count(1)])];
    assert_eq!(rows(&breakdown), expected);
}

#[tokio::test]
async fn a_session_metric_over_a_dimension_of_events_is_refused_by_its_path() {
    let story = Story::of([view("2024-05-01T10:00:00Z").by(1)]).await;
    let name = Dimension::Field(DimensionField::Name);
    let refused = story.try_breakdown(&[PAGE, name.clone()], &[Events, BounceRate], 10).await;
    match refused {
        Err(EngineError::NotComputable { field, .. }) => assert_eq!(field, "breakdown.dimensions[1]"),
        other => panic!("{other:?}"),
    }
    assert!(story.try_breakdown(&[PAGE, name], &[Events], 10).await.is_ok());
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
