//! From records to the domain.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Millis, Money, ProjectId,
    PropertyValue, ScreenClass, UserHash, VisitorHash, ports::LogEntry,
};
use prost::Message as _;

use crate::{FORMAT_VERSION, RecordError, v1};

/// An entry as it was appended.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedEntry {
    /// The entry.
    pub entry: LogEntry,
    /// Where its appender waits for the outcome.
    pub reply_channel: Option<String>,
}

/// Reads the record of an entry.
///
/// # Errors
/// See [`RecordError`]; such a record stays unreadable for this version.
pub fn decode(record: &[u8]) -> Result<DecodedEntry, RecordError> {
    let read = v1::LogEntry::decode(record).ok().filter(|read| read.format_version == FORMAT_VERSION);
    let record = read.ok_or_else(|| unreadable(record))?;
    if record.events.is_empty() {
        return Err(RecordError::MissingField("events"));
    }
    let entry = LogEntry {
        id: EntryId(required(record.entry_id, "entry_id")?),
        project: ProjectId(required(record.project_id, "project_id")?),
        events: record.events.into_iter().map(event).collect::<Result<_, _>>()?,
    };
    Ok(DecodedEntry { entry, reply_channel: Some(record.reply_channel).filter(|channel| !channel.is_empty()) })
}

/// Why a record cannot be read at all. Another format may have other fields, so only its number is looked for.
fn unreadable(record: &[u8]) -> RecordError {
    match v1::LogEntryFormat::decode(record) {
        Err(_) | Ok(v1::LogEntryFormat { format_version: FORMAT_VERSION }) => {
            RecordError::Malformed { length: record.len() }
        }
        Ok(v1::LogEntryFormat { format_version: 0 }) => RecordError::MissingField("format_version"),
        Ok(v1::LogEntryFormat { format_version }) => RecordError::UnknownFormat(format_version),
    }
}

fn event(event: v1::LogEvent) -> Result<Event, RecordError> {
    let kind = known(event.kind, "events.kind", EventKind::from_code)?;
    Ok(Event {
        event_id: EventId(joined(event.event_id_high, event.event_id_low)),
        occurred_at: Micros(required(event.occurred_at_micros, "events.occurred_at_micros")?),
        time: Millis(required(event.time_ms, "events.time_ms")?),
        visitor_day: Day(required(event.visitor_day, "events.visitor_day")?),
        kind: required(kind, "events.kind")?,
        name: event.name,
        actor: Actor {
            visitor: event.visitor_hash.map(VisitorHash),
            user: event.user_hash.map(|hash| UserHash(joined(hash.high, hash.low))),
        },
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
        channel: known(event.channel, "events.channel", Channel::from_code)?,
        country: event.country,
        region: event.region,
        city: event.city,
        browser: event.browser,
        os: event.os,
        device: known(event.device, "events.device", DeviceClass::from_code)?,
        language: event.language,
        screen_class: known(event.screen_class, "events.screen_class", ScreenClass::from_code)?,
        value: event
            .value
            .map(|money| Money { currency_code: money.currency_code, amount_micros: money.amount_micros }),
        properties: event.properties.into_iter().map(property).collect::<Result<BTreeMap<_, _>, _>>()?,
    })
}

fn property(property: v1::LogProperty) -> Result<(String, PropertyValue), RecordError> {
    use v1::log_property::Value;
    let value = match required(property.value, "events.properties.value")? {
        Value::StringValue(text) => PropertyValue::String(text),
        Value::NumberValue(number) => PropertyValue::Number(number),
        Value::BoolValue(truth) => PropertyValue::Bool(truth),
    };
    Ok((property.name, value))
}

fn required<T>(value: Option<T>, field: &'static str) -> Result<T, RecordError> {
    value.ok_or(RecordError::MissingField(field))
}

/// The value of an enum; none when it is unspecified.
fn known<T>(value: i32, field: &'static str, from_code: impl Fn(u8) -> Option<T>) -> Result<Option<T>, RecordError> {
    if value == 0 {
        return Ok(None);
    }
    let found = u8::try_from(value).ok().and_then(from_code);
    found.map(Some).ok_or(RecordError::UnknownValue { field, value })
}

fn joined(high: u64, low: u64) -> [u8; 16] {
    (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
}
