//! Generated events and questions: several days around Berlin's autumn change, gaps just at the session timeout, equal times, hostile
//! names and values.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, BreakdownSpec, Channel, Condition, Day, DeviceClass, Dimension, DimensionField, DurationMs, Event, EventId,
    EventKind, Filter, FilterTest, Interval, MetricKind, Micros, Millis, PropertyValue, TimeUnit, UserHash,
    VisitorHash,
};
use proptest::prelude::*;

/// 2024-10-26T00:00:00Z: the day before Berlin's clocks go back.
pub(crate) const ORIGIN_MS: i64 = 1_729_900_800_000;
const MINUTE_MS: i64 = 60_000;
pub(crate) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

const PAGES: [&str; 6] = ["/", "/a", "/b", "/A", "/ä", "absent"];
const TEXTS: [&str; 7] = ["", "absent", "1", "\"x\"", "ä", "z", "\u{10ffff}"];
pub(crate) const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];

/// Minutes in steps of ten, sometimes a millisecond or some seconds beside.
fn minutes(range: std::ops::Range<i64>) -> impl Strategy<Value = i64> {
    let beside = prop::sample::select(&[0, 0, 0, 1, -1, 9_999, 10_000][..]);
    (range, beside).prop_map(|(tens, beside_ms)| tens * 10 * MINUTE_MS + beside_ms)
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(&TEXTS[..]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = PropertyValue> {
    prop_oneof![
        text().prop_map(PropertyValue::String),
        prop::sample::select(&[0.0, -0.0, 1.0, -1.5, 2.0][..]).prop_map(PropertyValue::Number),
        any::<bool>().prop_map(PropertyValue::Bool),
    ]
}

prop_compose! {
    fn event(visitor_count: i64)(
        (id, day, offset_ms) in (any::<[u8; 2]>(), 0i32..3, prop_oneof![minutes(0..30), minutes(0..200)]),
        (visitor, user) in (prop::option::weighted(0.85, 0..visitor_count), prop::option::weighted(0.3, 0u8..4)),
        (kind, interactive) in (prop::sample::select(&[EventKind::View, EventKind::View, EventKind::Click, EventKind::Conversion][..]), any::<bool>()),
        sequence in prop::option::of(0i64..3),
        page in prop::option::weighted(0.9, prop::sample::select(&PAGES[..])),
        (host, referrer, utm_source) in (prop::option::of(text()), prop::option::of(text()), prop::option::of(text())),
        (click_id, country, region, city) in (prop::option::of(text()), prop::option::of(text()), prop::option::of(text()), prop::option::of(text())),
        (device, channel) in (prop::option::of(prop::sample::select(DeviceClass::ALL)), prop::option::of(prop::sample::select(&Channel::ALL[..4]))),
        properties in prop::collection::btree_map(text(), value(), 0..3),
    ) -> Event {
        let time = Millis(ORIGIN_MS + i64::from(day) * DAY_MS + offset_ms);
        Event {
            event_id: EventId([id[0]; 16]),
            // The claim differs from the corrected time, and tells apart events of one id.
            occurred_at: Micros(time.0 * 1000 + i64::from(id[1])),
            time,
            visitor_day: Day((ORIGIN_MS / DAY_MS) as i32 + day),
            kind,
            name: kind.as_str().to_owned(),
            actor: Actor { visitor: visitor.map(VisitorHash), user: user.map(|user| UserHash([user; 16])) },
            interactive,
            sequence,
            host,
            page: page.map(str::to_owned),
            referrer,
            utm_source,
            utm_medium: None,
            utm_campaign: None,
            utm_term: None,
            utm_content: None,
            click_id,
            channel,
            country,
            region,
            city,
            browser: None,
            os: None,
            device,
            language: None,
            screen_class: None,
            value: None,
            properties,
        }
    }
}

/// Events of which no two are copies, of so many visitors each day.
pub(crate) fn events(count: std::ops::Range<usize>, visitor_count: i64) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(visitor_count), count).prop_map(|events| {
        let mut known = BTreeMap::new();
        events.into_iter().filter(|event| known.insert((event.event_id, event.occurred_at), ()).is_none()).collect()
    })
}

fn dimension() -> impl Strategy<Value = Dimension> {
    prop_oneof![
        4 => prop::sample::select(&DimensionField::ALL[..]).prop_map(Dimension::Field),
        2 => prop::sample::select(&[DimensionField::Page, DimensionField::EntryPage, DimensionField::ExitPage][..])
            .prop_map(Dimension::Field),
        2 => text().prop_map(Dimension::Property),
    ]
}

fn compared() -> impl Strategy<Value = PropertyValue> {
    prop_oneof![value(), prop::sample::select(&PAGES[..]).prop_map(|page| PropertyValue::String(page.to_owned()))]
}

fn filter_test() -> impl Strategy<Value = FilterTest> {
    let bound = prop::sample::select(&[-1.5, 0.0, 1.0][..]);
    prop_oneof![
        compared().prop_map(FilterTest::Equals),
        compared().prop_map(FilterTest::NotEquals),
        prop::collection::vec(compared(), 0..3).prop_map(FilterTest::OneOf),
        text().prop_map(FilterTest::Contains),
        text().prop_map(FilterTest::StartsWith),
        prop::sample::select(&["*", "/*", "*a", "/", "*/*", "a*t", ""][..])
            .prop_map(|pattern| FilterTest::MatchesWildcard(pattern.to_owned())),
        Just(FilterTest::Exists),
        Just(FilterTest::Absent),
        bound.clone().prop_map(FilterTest::GreaterThan),
        bound.clone().prop_map(FilterTest::AtLeast),
        bound.clone().prop_map(FilterTest::LessThan),
        bound.prop_map(FilterTest::AtMost),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let condition =
        (dimension(), filter_test()).prop_map(|(dimension, test)| Filter::Condition(Condition { dimension, test }));
    condition.prop_recursive(3, 8, 3, |part| {
        prop_oneof![
            prop::collection::vec(part.clone(), 0..3).prop_map(Filter::All),
            prop::collection::vec(part.clone(), 0..3).prop_map(Filter::Any),
            part.clone().prop_map(|part| Filter::Not(Box::new(part))),
            part.prop_map(|part| Filter::ActorDid(Box::new(part))),
        ]
    })
}

/// A question in all its parts.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) interval: Interval,
    pub(crate) as_of: Millis,
    pub(crate) zone: &'static str,
    pub(crate) filter: Option<Filter>,
    pub(crate) metrics: Vec<MetricKind>,
    pub(crate) unit: TimeUnit,
    pub(crate) breakdown: BreakdownSpec,
}

prop_compose! {
    pub(crate) fn question()(
        (from_ms, length_ms) in (minutes(-20..400), minutes(0..500)),
        as_of_ms in prop_oneof![Just(10 * DAY_MS), minutes(0..500)],
        zone in prop::sample::select(&ZONES[..]),
        filter in prop::option::weighted(0.7, filter()),
        metrics in prop::sample::subsequence(&MetricKind::ALL[..], 1..=9).prop_shuffle(),
        unit in prop::sample::select(&[TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month][..]),
        dimensions in prop::collection::vec(dimension(), 1..=3),
        limit in 0usize..6,
    ) -> Question {
        let start = Millis(ORIGIN_MS + from_ms);
        Question {
            interval: Interval { start, end: Millis(start.0 + length_ms) },
            as_of: Millis(ORIGIN_MS + as_of_ms),
            zone,
            filter,
            metrics: metrics.clone(),
            unit,
            breakdown: BreakdownSpec { metrics, dimensions, limit },
        }
    }
}

/// Long enough that chains of events reach the 24 hours after which a session ends; and the default.
pub(crate) const TIMEOUTS: [DurationMs; 2] = [DurationMs(30 * MINUTE_MS), DurationMs(5 * 60 * MINUTE_MS)];
