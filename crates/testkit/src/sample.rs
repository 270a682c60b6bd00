//! Events and entries to store: small ones that differ in what a case is about, and one that has everything.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Money, ProjectId, PropertyValue,
    ScreenClass, UserHash, VisitorHash, ports::LogEntry,
};

/// The milliseconds of a day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The day on which sample events happen unless told otherwise: 2026-03-01.
pub const DAY: Day = Day(20_513);

/// A view of [`DAY`] that differs from every other `number` in id and time: one second apart, in order.
pub fn event(number: u32) -> Event {
    event_on(DAY, number)
}

/// The same on another day.
pub fn event_on(day: Day, number: u32) -> Event {
    let occurred_at = Micros((i64::from(day.0) * DAY_MS + i64::from(number) * 1000) * 1000);
    let mut event_id = [0x5a; 16];
    event_id[..4].copy_from_slice(&number.to_be_bytes());
    Event {
        event_id: EventId(event_id),
        occurred_at,
        time: occurred_at.to_millis(),
        visitor_day: day,
        kind: EventKind::View,
        name: "page_view".to_owned(),
        actor: Actor::default(),
        interactive: false,
        sequence: None,
        host: None,
        page: None,
        referrer: None,
        utm_source: None,
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        click_id: None,
        channel: None,
        country: None,
        region: None,
        city: None,
        browser: None,
        os: None,
        device: None,
        language: None,
        screen_class: None,
        value: None,
        properties: BTreeMap::new(),
    }
}

/// An event that has a value in every field, the awkward ones included. But for what the collector keeps from stores, because not all
/// can hold it: U+0000 and the negative zero.
pub fn full_event(number: u32) -> Event {
    let some = |text: &str| Some(text.to_owned());
    let number_property = |value: f64| PropertyValue::Number(value);
    Event {
        occurred_at: Micros(event(number).occurred_at.0 + 123),
        kind: EventKind::Conversion,
        name: "order \u{1f6d2} \u{1}'\"\\;--".to_owned(),
        actor: Actor { visitor: Some(VisitorHash(i64::MIN)), user: Some(UserHash([0xff; 16])) },
        interactive: true,
        sequence: Some(i64::MAX),
        host: some("example.com"),
        page: some("/a%20b/\u{e4}?"),
        referrer: some("search.example"),
        utm_source: some("newsletter"),
        utm_medium: some("email"),
        utm_campaign: some("spring"),
        utm_term: some(""),
        utm_content: some("top"),
        click_id: some("gclid"),
        channel: Some(Channel::AiAssistant),
        country: some("CH"),
        region: some("Z\u{fc}rich"),
        city: some(""),
        browser: some("Firefox"),
        os: some("Linux"),
        device: Some(DeviceClass::Tablet),
        language: some("de-CH"),
        screen_class: Some(ScreenClass::Laptop),
        value: Some(Money { currency_code: "CHF".to_owned(), amount_micros: -1_234_567_890_123 }),
        properties: BTreeMap::from([
            ("text".to_owned(), PropertyValue::String("\u{1} {\"a\": 1} \u{2028}".to_owned())),
            ("digits".to_owned(), PropertyValue::String("1".to_owned())),
            ("one".to_owned(), number_property(1.0)),
            ("minus_one".to_owned(), number_property(-1.0)),
            ("largest".to_owned(), number_property(f64::MAX)),
            ("smallest_normal".to_owned(), number_property(-f64::MIN_POSITIVE)),
            ("huge".to_owned(), number_property(1e300)),
            ("tiny".to_owned(), number_property(5e-324)),
            ("third".to_owned(), number_property(1.0 / 3.0)),
            ("beyond_2_53".to_owned(), number_property(9_007_199_254_740_994.0)),
            ("yes".to_owned(), PropertyValue::Bool(true)),
            ("no".to_owned(), PropertyValue::Bool(false)),
            (String::new(), PropertyValue::String(String::new())),
        ]),
        ..event(number)
    }
}

/// An entry of the log.
pub fn entry(id: i64, project: ProjectId, events: Vec<Event>) -> LogEntry {
    LogEntry { id: EntryId(id), project, events }
}

/// Small events of [`DAY`] with these numbers.
pub fn events(numbers: impl IntoIterator<Item = u32>) -> Vec<Event> {
    numbers.into_iter().map(event).collect()
}
