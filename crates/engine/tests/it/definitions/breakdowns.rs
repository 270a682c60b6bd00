use analytics_domain::{Channel, Dimension, DimensionField, MetricKind::*, MetricValue::*, PropertyValue};
use analytics_engine::EngineError;

use super::{BROWSER, CHANNEL, ENTRY_PAGE, EXIT_PAGE, PAGE, Story, rows, text};
use crate::story::{click, view};

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

/// The way by which a visitor came is that of the session's first view; later views of the session came from the site itself.
#[tokio::test]
async fn a_session_has_the_channel_of_its_first_view() {
    let story = Story::of([
        click("2024-05-01T09:59:00Z").by(1).channel(Channel::Direct),
        view("2024-05-01T10:00:00Z").by(1).channel(Channel::AiAssistant),
        view("2024-05-01T10:01:00Z").by(1).channel(Channel::Internal),
        view("2024-05-01T10:03:00Z").channel(Channel::Internal),
    ])
    .await;
    let channels = rows(&story.breakdown(&CHANNEL, &[Events, Sessions], 10).await);
    let counts = |events, sessions| vec![Count(events), Count(sessions)];
    assert_eq!(channels, [(text("ai_assistant"), counts(3, 1)), (text("internal"), counts(1, 0))]);
}

/// The older half comes from a segment without such a column, as those that were stored before there was one.
#[tokio::test]
async fn what_was_stored_before_a_dimension_existed_is_absent_in_it() {
    let story = Story::of([
        view("2024-05-01T10:00:00Z").by(1),
        view("2024-05-01T10:00:00Z").by(2),
        view("2024-05-01T10:00:00Z").by(3),
        view("2024-05-01T11:00:00Z").by(4).channel(Channel::Email),
        view("2024-05-01T11:00:00Z").by(5).channel(Channel::Email),
        view("2024-05-01T11:00:00Z").by(1).channel(Channel::Direct),
    ])
    .await;
    let channels = rows(&story.breakdown(&CHANNEL, &[Events, Sessions], 10).await);
    let counts = |count| vec![Count(count), Count(count)];
    assert_eq!(channels, [(None, counts(3)), (text("email"), counts(2)), (text("direct"), counts(1))]);
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
