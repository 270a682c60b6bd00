//! The events, each with what is to become of it.

use analytics_domain::{Clock as _, Micros, SystemClock};
use analytics_proto::v1::{
    self, ErrorReason, EventKind, FilterRule,
    property_value::Value::{BoolValue, NumberValue, StringValue},
};
use serde_json::{Value, json};

pub(super) const OWN_NETWORK: &str = "198.51.100.0/24";
pub(super) const BLOCKED_NETWORK: &str = "192.0.2.0/28";
pub(super) const BLOCKED_AGENT: &str = "OurScanner";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const GOOGLEBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const HOME: &str = "203.0.113.7";
const HOUR: i64 = 3600;

/// What is to become of an event.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    Stored,
    Duplicate,
    Rejected(ErrorReason, &'static str),
    Filtered(FilterRule),
}

/// An event, and what is to become of it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) event: v1::Event,
    /// What stands in the JSON of the event instead, where its own value has no JSON.
    pub(super) in_json: Option<(&'static str, Value)>,
    pub(super) expected: Expected,
}

impl Case {
    fn json(self, field: &'static str, value: Value) -> Self {
        Self { in_json: Some((field, value)), ..self }
    }

    /// When everything was sent before.
    pub(super) fn again(self) -> Self {
        let expected = match self.expected {
            Expected::Stored | Expected::Duplicate => Expected::Duplicate,
            other => other,
        };
        Self { expected, ..self }
    }
}

/// Makes cases, each with an id of its own.
struct Cases {
    namespace: u128,
    now: Micros,
    cases: Vec<Case>,
}

impl Cases {
    fn of(transport: usize, sender: u8) -> Self {
        let namespace = u128::from_be_bytes([sender, transport as u8, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]);
        // The same for every call of a test run: a time is part of an identity.
        let today = SystemClock.now().0 / 1_000_000 / HOUR * HOUR;
        Self { namespace, now: Micros(today * 1_000_000), cases: Vec::new() }
    }

    fn good(&self) -> v1::Event {
        v1::Event {
            event_id: uuid::Uuid::from_u128(self.namespace + self.cases.len() as u128).to_string(),
            occurred_at: Some(self.at(0)),
            kind: EventKind::View.into(),
            url: "https://shop.example/page".to_owned(),
            ..Default::default()
        }
    }

    /// So many seconds after now.
    fn at(&self, seconds: i64) -> pbjson_types::Timestamp {
        pbjson_types::Timestamp { seconds: self.now.0 / 1_000_000 + seconds, nanos: 0 }
    }

    fn add(&mut self, name: &'static str, expected: Expected, change: impl FnOnce(v1::Event) -> v1::Event) {
        let event = change(self.good());
        self.cases.push(Case { name, event, in_json: None, expected });
    }

    /// Rejected for a field that breaks a rule of the contract.
    fn bad(&mut self, field: &'static str, name: &'static str, change: impl FnOnce(v1::Event) -> v1::Event) {
        self.add(name, Expected::Rejected(ErrorReason::InvalidField, field), change);
    }

    fn last_in_json(&mut self, field: &'static str, value: Value) {
        let last = self.cases.pop().expect("a case");
        self.cases.push(last.json(field, value));
    }
}

fn text(bytes: usize) -> String {
    "x".repeat(bytes)
}

fn properties<const N: usize>(properties: [(&str, v1::property_value::Value); N]) -> v1::Event {
    let properties = properties
        .into_iter()
        .map(|(name, value)| (name.to_owned(), v1::PropertyValue { value: Some(value) }))
        .collect();
    v1::Event { properties, ..Default::default() }
}

fn with_properties(event: v1::Event, of: v1::Event) -> v1::Event {
    v1::Event { properties: of.properties, ..event }
}

/// What every sender may get wrong.
fn of_anybody(transport: usize, sender: u8) -> Cases {
    let mut cases = Cases::of(transport, sender);
    cases.add("a good one", Expected::Stored, |event| event);
    let first = cases.cases[0].event.clone();
    cases
        .add("the same in its batch", Expected::Duplicate, |_| v1::Event { url: "/other".to_owned(), ..first.clone() });
    let earlier = cases.at(-HOUR);
    cases.add("the same id at another time", Expected::Stored, |_| v1::Event { occurred_at: Some(earlier), ..first });
    cases.add("everything that may be there", Expected::Stored, |event| v1::Event {
        kind: EventKind::Custom.into(),
        name: text(64),
        referrer: "https://search.example/".to_owned(),
        user_id: text(256),
        value: Some(v1::Money { currency_code: "EUR".to_owned(), amount_micros: -5 }),
        interactive: Some(true),
        sequence: Some(0),
        language: "de-CH".to_owned(),
        screen_width_px: Some(100_000),
        ..with_properties(
            event,
            properties([("a", StringValue(text(1024))), ("b", NumberValue(-0.5)), ("c", BoolValue(true))]),
        )
    });
    cases.add("a property without a value is absent", Expected::Stored, |event| v1::Event {
        properties: [("none".to_owned(), v1::PropertyValue::default())].into(),
        ..event
    });

    cases.bad("event_id", "an id that is no UUID", |event| v1::Event { event_id: "order-17".to_owned(), ..event });
    cases.bad("event_id", "no id", |event| v1::Event { event_id: String::new(), ..event });
    cases.bad("occurred_at", "no time", |event| v1::Event { occurred_at: None, ..event });
    let beyond = pbjson_types::Timestamp { seconds: 253_402_300_800, nanos: 0 };
    cases.bad("occurred_at", "the year 10000", |event| v1::Event { occurred_at: Some(beyond), ..event });
    cases.last_in_json("occurredAt", json!("10000-01-01T00:00:00Z"));
    cases.bad("kind", "no kind", |event| v1::Event { kind: 0, ..event });
    cases.bad("kind", "an unknown kind", |event| v1::Event { kind: 77, ..event });
    cases.last_in_json("kind", json!(77));
    cases.bad("name", "a custom event without a name", |event| v1::Event { kind: EventKind::Custom.into(), ..event });
    cases.bad("name", "a long name", |event| v1::Event { name: text(65), ..event });
    cases.bad("url", "a long URL", |event| v1::Event { url: text(4097), ..event });
    cases.bad("referrer", "a long referrer", |event| v1::Event { referrer: text(4097), ..event });
    cases.bad("user_id", "a long user id", |event| v1::Event { user_id: text(257), ..event });
    cases.bad("language", "a long language", |event| v1::Event { language: text(36), ..event });
    cases.bad("sequence", "a sequence below 0", |event| v1::Event { sequence: Some(-1), ..event });
    cases.bad("screen_width_px", "a screen too wide", |event| v1::Event { screen_width_px: Some(100_001), ..event });
    let money = v1::Money { currency_code: "eur".to_owned(), amount_micros: 1 };
    cases.bad("value.currency_code", "no currency", |event| v1::Event { value: Some(money), ..event });
    cases.bad("properties", "33 properties", |event| v1::Event {
        properties: (0..33)
            .map(|number| (format!("p{number}"), v1::PropertyValue { value: Some(BoolValue(true)) }))
            .collect(),
        ..event
    });
    cases.bad(r#"properties["plan"].string_value"#, "a long text", |event| {
        with_properties(event, properties([("plan", StringValue(text(1025)))]))
    });
    cases.bad(r#"properties["n"].number_value"#, "no number", |event| {
        with_properties(event, properties([("n", NumberValue(f64::NAN))]))
    });
    cases.last_in_json("properties", json!({"n": {"numberValue": "NaN"}}));

    cases.bad("name", "U+0000 in the name", |event| v1::Event { name: "a\0".to_owned(), ..event });
    cases.bad("url", "U+0000 in the URL", |event| v1::Event { url: "/a\0".to_owned(), ..event });
    cases.bad("referrer", "U+0000 in the referrer", |event| v1::Event { referrer: "/a\0".to_owned(), ..event });
    cases.bad("language", "U+0000 in the language", |event| v1::Event { language: "\0".to_owned(), ..event });
    cases.bad("properties", "U+0000 in a property's name", |event| {
        with_properties(event, properties([("a\0", BoolValue(true))]))
    });
    cases.bad(r#"properties["a"].string_value"#, "U+0000 in a property", |event| {
        with_properties(event, properties([("a", StringValue("\0".to_owned()))]))
    });
    let future = cases.at(2 * HOUR);
    cases.add("the future", Expected::Rejected(ErrorReason::ClockSkew, "occurred_at"), |event| v1::Event {
        occurred_at: Some(future),
        ..event
    });
    cases
}

/// What a page sends, with a key that stands in it.
pub(super) fn by_page(transport: usize) -> Vec<Case> {
    let mut cases = of_anybody(transport, 1);
    let late = cases.at(-72 * HOUR);
    cases.add("too late", Expected::Rejected(ErrorReason::TooLate, "occurred_at"), |event| v1::Event {
        occurred_at: Some(late),
        ..event
    });
    cases.add("on behalf of somebody", Expected::Rejected(ErrorReason::FieldNotAllowed, "client"), |event| {
        of(HOME, FIREFOX, event)
    });
    for (name, do_not_track) in [("who sends DNT", true), ("who sends GPC", false)] {
        let signals = v1::ConsentSignals { do_not_track, global_privacy_control: !do_not_track };
        cases.add(name, Expected::Filtered(FilterRule::Consent), |event| v1::Event {
            consent_signals: Some(signals),
            ..event
        });
    }
    cases.add("a blocked page", Expected::Filtered(FilterRule::Blocked), at_blocked_page);
    cases.cases
}

/// What a backend sends, on behalf of others.
pub(super) fn by_backend(transport: usize) -> Vec<Case> {
    let mut cases = of_anybody(transport, 2);
    let long_ago = cases.at(-72 * HOUR);
    cases.add("late, by a backend", Expected::Stored, |event| v1::Event { occurred_at: Some(long_ago), ..event });
    cases.add("somebody", Expected::Stored, |event| of(HOME, FIREFOX, event));
    cases.bad("client.ip_address", "no address", |event| of("203.0.113.7:80", FIREFOX, event));
    cases.bad("client.ip_address", "a long address", |event| of(&text(46), FIREFOX, event));
    cases.bad("client.user_agent", "a long agent", |event| of(HOME, &text(2049), event));
    cases.add("a bot", Expected::Filtered(FilterRule::Bot), |event| of(HOME, GOOGLEBOT, event));
    cases.add("our own", Expected::Filtered(FilterRule::OwnTraffic), |event| of("198.51.100.9", FIREFOX, event));
    cases.add("a blocked address", Expected::Filtered(FilterRule::Blocked), |event| of("192.0.2.3", FIREFOX, event));
    cases.add("a blocked agent", Expected::Filtered(FilterRule::Blocked), |event| {
        of(HOME, "Mozilla/5.0 ourscanner/2", event)
    });
    cases.add("a blocked page", Expected::Filtered(FilterRule::Blocked), at_blocked_page);
    cases.cases
}

/// One event that tells whether the settings hold; an id of its own each time it is sent does not matter.
pub(super) fn blocked_page() -> Case {
    let mut cases = Cases::of(200, 3);
    cases.add("a blocked page", Expected::Filtered(FilterRule::Blocked), at_blocked_page);
    cases.cases.remove(0)
}

fn at_blocked_page(event: v1::Event) -> v1::Event {
    v1::Event { url: "https://shop.example/intern/a".to_owned(), ..event }
}

fn of(address: &str, user_agent: &str, event: v1::Event) -> v1::Event {
    let client = v1::ClientContext { ip_address: address.to_owned(), user_agent: user_agent.to_owned() };
    v1::Event { client: Some(client), ..event }
}
