//! What clients send: the generated site as browsers and their backends would tell of it.

use analytics_domain::{DeviceClass, Event, EventKind, PropertyValue, ScreenClass};
use analytics_proto::v1;

use crate::generator::Generator;

/// So many projects share the load, each with a shard of the log of its own at best.
pub(crate) const PROJECTS: usize = 8;
/// Different batches; they are sent again and again with other ids and times.
const TEMPLATES: usize = 100;
/// Different addresses of a template: visitors of one batch are not all the same.
const ADDRESSES: u64 = 50_000;

/// Batches of one size, made before anything is measured.
pub(crate) struct Batches {
    templates: Vec<v1::TrackRequest>,
}

impl Batches {
    pub(crate) fn new(seed: u64, events_per_batch: usize) -> Self {
        let mut events = Generator::new(seed, (TEMPLATES * events_per_batch) as u64).enumerate();
        let template = |number: usize| v1::TrackRequest {
            project: project_name(number % PROJECTS),
            events: events.by_ref().take(events_per_batch).map(|(place, event)| sent(place as u64, event)).collect(),
            ..v1::TrackRequest::default()
        };
        Self { templates: (0..TEMPLATES).map(template).collect() }
    }

    /// The batch of a number, whose events happened now and have ids that no other has.
    pub(crate) fn batch(&self, number: u64, now: pbjson_types::Timestamp) -> v1::TrackRequest {
        let mut batch = self.templates[number as usize % TEMPLATES].clone();
        for event in &mut batch.events {
            event.event_id = uuid::Uuid::now_v7().to_string();
            event.occurred_at = Some(now);
        }
        batch
    }

    /// How many events each has.
    pub(crate) fn events_per_batch(&self) -> usize {
        self.templates[0].events.len()
    }
}

/// The id of a project.
pub(crate) fn project_id(number: usize) -> String {
    format!("bench-{number}")
}

fn project_name(number: usize) -> String {
    format!("projects/{}", project_id(number))
}

fn sent(place: u64, event: Event) -> v1::Event {
    let query = event.utm_campaign.as_ref().map(|campaign| {
        format!("?utm_source=newsletter&utm_medium=email&utm_campaign={campaign}&mc_eid=6f2c{place:x}")
    });
    let page = event.page.unwrap_or_default();
    let address = event.actor.visitor.map_or(place, |visitor| visitor.0.unsigned_abs()) % ADDRESSES;
    v1::Event {
        kind: kind_of(event.kind).into(),
        name: event.name,
        url: format!("https://{}{page}{}", event.host.unwrap_or_default(), query.unwrap_or_default()),
        referrer: event.referrer.map(|host| format!("https://{host}/")).unwrap_or_default(),
        properties: event.properties.into_iter().map(|(name, value)| (name, property(value))).collect(),
        user_id: event.actor.user.map(|user| format!("user-{}", user.0[0])).unwrap_or_default(),
        value: event
            .value
            .map(|value| v1::Money { currency_code: value.currency_code, amount_micros: value.amount_micros }),
        interactive: Some(event.interactive),
        language: event.language.unwrap_or_default(),
        screen_width_px: event.screen_class.map(width_px),
        client: Some(v1::ClientContext {
            ip_address: format!("198.{}.{}.{}", 18 + address / 65_536, address / 256 % 256, address % 256),
            user_agent: user_agent(event.browser.as_deref(), event.os.as_deref(), event.device, address),
        }),
        ..v1::Event::default()
    }
}

fn kind_of(kind: EventKind) -> v1::EventKind {
    match kind {
        EventKind::View => v1::EventKind::View,
        EventKind::Click => v1::EventKind::Click,
        EventKind::Conversion => v1::EventKind::Conversion,
        EventKind::FunnelStep => v1::EventKind::FunnelStep,
        EventKind::Custom => v1::EventKind::Custom,
    }
}

fn property(value: PropertyValue) -> v1::PropertyValue {
    let value = match value {
        PropertyValue::String(text) => v1::property_value::Value::StringValue(text),
        PropertyValue::Number(number) => v1::property_value::Value::NumberValue(number),
        PropertyValue::Bool(value) => v1::property_value::Value::BoolValue(value),
    };
    v1::PropertyValue { value: Some(value) }
}

fn width_px(class: ScreenClass) -> u32 {
    match class {
        ScreenClass::Mobile => 390,
        ScreenClass::Tablet => 820,
        _ => 1440,
    }
}

/// As these browsers write it, in a few versions each: some hundred different ones.
fn user_agent(browser: Option<&str>, os: Option<&str>, device: Option<DeviceClass>, variant: u64) -> String {
    let version = 130 + variant % 12;
    let system = match os {
        Some("Android") => format!("Linux; Android {}; K", 11 + variant % 5),
        Some("iOS") => format!("iPhone; CPU iPhone OS 18_{} like Mac OS X", variant % 6),
        Some("iPadOS") => format!("iPad; CPU OS 18_{} like Mac OS X", variant % 6),
        Some("Mac OS X") => "Macintosh; Intel Mac OS X 10_15_7".to_owned(),
        Some("Linux") => "X11; Linux x86_64".to_owned(),
        _ => "Windows NT 10.0; Win64; x64".to_owned(),
    };
    let mobile = if device == Some(DeviceClass::Mobile) { " Mobile" } else { "" };
    let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
    match browser {
        Some("Firefox") => format!("Mozilla/5.0 ({system}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"),
        Some("Safari") => format!(
            "Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{}{mobile} Safari/604.1",
            variant % 6
        ),
        Some("Edge") => {
            format!("Mozilla/5.0 ({system}) {webkit} Chrome/{version}.0.0.0 Safari/537.36 Edg/{version}.0.0.0")
        }
        Some("Opera") => {
            format!("Mozilla/5.0 ({system}) {webkit} Chrome/{version}.0.0.0 Safari/537.36 OPR/{}.0.0.0", version - 16)
        }
        Some("Samsung Internet") => {
            format!("Mozilla/5.0 ({system}) {webkit} SamsungBrowser/28.0 Chrome/{version}.0.0.0 Mobile Safari/537.36")
        }
        _ => format!("Mozilla/5.0 ({system}) {webkit} Chrome/{version}.0.0.0{mobile} Safari/537.36"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn batches_differ_in_their_ids_and_repeat_in_everything_else() {
        let batches = Batches::new(1, 20);
        let now = pbjson_types::Timestamp::default();
        let (first, again) = (batches.batch(3, now), batches.batch(3 + TEMPLATES as u64, now));
        let ids: BTreeSet<_> = first.events.iter().chain(&again.events).map(|event| &event.event_id).collect();
        assert_eq!(ids.len(), 40);
        let without_ids = |batch: &v1::TrackRequest| {
            let mut events = batch.events.clone();
            events.iter_mut().for_each(|event| event.event_id.clear());
            events
        };
        assert_eq!(without_ids(&first), without_ids(&again));
        let agents: BTreeSet<_> = (0..TEMPLATES as u64)
            .flat_map(|number| batches.batch(number, now).events)
            .map(|event| event.client.expect("who sent it").user_agent)
            .collect();
        assert!((50..1_000).contains(&agents.len()), "{} user agents", agents.len());
    }
}
