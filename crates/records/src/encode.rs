//! From the domain to records.

use analytics_domain::{Channel, DeviceClass, Event, EventId, PropertyValue, ScreenClass, UserHash, ports::LogEntry};
use prost::Message as _;

use crate::{FORMAT_VERSION, v1};

/// The record of an entry. `reply_channel` is where its appender waits for the outcome; empty when it does not. Takes the entry by
/// value: its texts are moved, not copied.
pub fn encode(entry: LogEntry, reply_channel: &str) -> Vec<u8> {
    let record = v1::LogEntry {
        format_version: FORMAT_VERSION,
        entry_id: Some(entry.id.0),
        project_id: Some(entry.project.0),
        reply_channel: reply_channel.to_owned(),
        events: entry.events.into_iter().map(event).collect(),
    };
    record.encode_to_vec()
}

fn event(event: Event) -> v1::LogEvent {
    let EventId(event_id) = event.event_id;
    let (event_id_high, event_id_low) = halves(event_id);
    v1::LogEvent {
        event_id_high,
        event_id_low,
        occurred_at_micros: Some(event.occurred_at.0),
        time_ms: Some(event.time.0),
        visitor_day: Some(event.visitor_day.0),
        kind: i32::from(event.kind.code()),
        name: event.name,
        visitor_hash: event.actor.visitor.map(|hash| hash.0),
        user_hash: event.actor.user.map(user_hash),
        interactive: event.interactive,
        sequence: event.sequence,
        host: event.host,
        page: event.page,
        referrer: event.referrer,
        utm_source: event.utm_source,
        utm_medium: event.utm_medium,
        utm_campaign: event.utm_campaign,
        utm_term: event.utm_term,
        utm_content: event.utm_content,
        click_id: event.click_id,
        channel: event.channel.map(Channel::code).unwrap_or_default().into(),
        country: event.country,
        region: event.region,
        city: event.city,
        browser: event.browser,
        os: event.os,
        device: event.device.map(DeviceClass::code).unwrap_or_default().into(),
        language: event.language,
        screen_class: event.screen_class.map(ScreenClass::code).unwrap_or_default().into(),
        value: event
            .value
            .map(|money| v1::LogMoney { currency_code: money.currency_code, amount_micros: money.amount_micros }),
        properties: event.properties.into_iter().map(property).collect(),
    }
}

fn property((name, value): (String, PropertyValue)) -> v1::LogProperty {
    use v1::log_property::Value;
    let value = match value {
        PropertyValue::String(text) => Value::StringValue(text),
        PropertyValue::Number(number) => Value::NumberValue(number),
        PropertyValue::Bool(truth) => Value::BoolValue(truth),
    };
    v1::LogProperty { name, value: Some(value) }
}

fn user_hash(UserHash(hash): UserHash) -> v1::LogUserHash {
    let (high, low) = halves(hash);
    v1::LogUserHash { high, low }
}

fn halves(bytes: [u8; 16]) -> (u64, u64) {
    let number = u128::from_be_bytes(bytes);
    ((number >> 64) as u64, number as u64)
}
