//! One session in the making: events of one person, one after the other.

use analytics_proto::v1::{self, property_value::Value};
use pbjson_types::Timestamp;

use super::{people::Person, random::Random};

/// An event and its time, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Timed {
    pub(super) time_ms: i64,
    pub(super) event: v1::Event,
}

/// Events of one session so far.
pub(super) struct Visit {
    pub(super) random: Random,
    pub(super) person: Person,
    time_ms: i64,
    /// The URL of the page that is shown, which is the referrer of the next.
    current: String,
    referrer: String,
    events: Vec<Timed>,
}

impl Visit {
    /// A session that begins at an instant and came from `referrer`.
    pub(super) fn new(random: Random, person: Person, start_ms: i64, referrer: &str) -> Self {
        let (current, referrer) = (String::new(), referrer.to_owned());
        Self { random, person, time_ms: start_ms, current, referrer, events: Vec::new() }
    }

    pub(super) fn into_events(self) -> Vec<Timed> {
        self.events
    }

    /// Lets time pass: about `mean_seconds`, seldom so long that it is another session afterwards.
    pub(super) fn stay(&mut self, mean_seconds: f64) {
        let seconds = if self.random.chance(0.012) {
            self.random.between(1900.0, 7200.0)
        } else {
            1.5 + self.random.exponential(mean_seconds).min(1700.0)
        };
        self.time_ms += (seconds * 1000.0) as i64;
    }

    /// Shows a page.
    pub(super) fn view(&mut self, host: &str, path: &str) {
        self.current = format!("https://{host}{path}");
        let event = self.event(v1::EventKind::View, "");
        self.referrer = self.current.clone();
        self.push(event);
    }

    /// Something happens on the page that is shown.
    pub(super) fn act<const N: usize>(&mut self, kind: v1::EventKind, name: &str, properties: [(&str, Value); N]) {
        let mut event = self.event(kind, name);
        event.referrer = String::new();
        event.properties = with_names(properties);
        self.push(event);
    }

    /// Something that no visitor does, such as the report of how far a page was scrolled.
    pub(super) fn report<const N: usize>(&mut self, name: &str, properties: [(&str, Value); N]) {
        let mut event = self.event(v1::EventKind::Custom, name);
        event.referrer = String::new();
        event.interactive = Some(false);
        event.properties = with_names(properties);
        self.push(event);
    }

    /// An order is paid.
    pub(super) fn buy<const N: usize>(&mut self, amount_cents: i64, properties: [(&str, Value); N]) {
        let currency_code = if self.person.pays_in_dollars { "USD" } else { "EUR" };
        let mut event = self.event(v1::EventKind::Conversion, "purchase");
        event.referrer = String::new();
        event.value = Some(v1::Money { currency_code: currency_code.to_owned(), amount_micros: amount_cents * 10_000 });
        event.properties = with_names(properties);
        self.push(event);
    }

    fn event(&mut self, kind: v1::EventKind, name: &str) -> v1::Event {
        let mut random_bytes = [0; 10];
        random_bytes[..8].copy_from_slice(&self.random.next().to_be_bytes());
        random_bytes[8..].copy_from_slice(&self.random.next().to_be_bytes()[..2]);
        let id_ms = u64::try_from(self.time_ms).unwrap_or(0);
        v1::Event {
            event_id: uuid::Builder::from_unix_timestamp_millis(id_ms, &random_bytes).into_uuid().to_string(),
            occurred_at: Some(Timestamp {
                seconds: self.time_ms.div_euclid(1000),
                nanos: self.time_ms.rem_euclid(1000) as i32 * 1_000_000,
            }),
            kind: kind.into(),
            name: name.to_owned(),
            url: self.current.clone(),
            referrer: self.referrer.clone(),
            user_id: self.person.user_id.clone(),
            language: self.person.language.to_owned(),
            screen_width_px: self.person.width_px,
            consent_signals: self.person.signals,
            client: Some(self.person.client.clone()),
            ..v1::Event::default()
        }
    }

    fn push(&mut self, event: v1::Event) {
        self.events.push(Timed { time_ms: self.time_ms, event });
    }
}

fn with_names<const N: usize>(properties: [(&str, Value); N]) -> std::collections::BTreeMap<String, v1::PropertyValue> {
    properties.into_iter().map(|(name, value)| (name.to_owned(), v1::PropertyValue { value: Some(value) })).collect()
}

pub(super) fn text(value: &str) -> Value {
    Value::StringValue(value.to_owned())
}

pub(super) fn number(value: f64) -> Value {
    Value::NumberValue(value)
}

pub(super) fn truth(value: bool) -> Value {
    Value::BoolValue(value)
}
