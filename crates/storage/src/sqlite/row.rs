//! An event as a row of `events`, both ways.

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Millis, ProjectId, ScreenClass,
    UserHash, Version, VisitorHash,
    ports::{EventPosition, StoredEvent},
};
use serde::Deserialize;
use sqlx::{
    Arguments, Encode, Row, Sqlite, Type,
    error::BoxDynError,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::failure::Failure;
use crate::{
    event_values::{coded, money},
    properties,
};

/// The columns that a row is written in. [`bind`] follows this order.
pub(super) const WRITTEN: &[&str] = &[
    "project_id",
    "visitor_day",
    "version",
    "ordinal",
    "entry_id",
    "event_id",
    "occurred_at",
    "time",
    "kind",
    "name",
    "visitor_hash",
    "user_hash",
    "interactive",
    "sequence",
    "host",
    "page",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "click_id",
    "channel",
    "country",
    "region",
    "city",
    "browser",
    "os",
    "device",
    "language",
    "screen_class",
    "currency_code",
    "amount_micros",
    "properties",
];

/// A row as one value, a JSON array in the order of [`PackedRow`]. The driver copies each value of a row into an allocation of its own on
/// one thread and frees it on another: 27 of them took twice the time of packing and parsing.
pub(super) const PACKED: &str = "json_array(version, ordinal, hex(event_id), occurred_at, time, kind, name, visitor_hash, \
     iif(user_hash IS NULL, NULL, hex(user_hash)), interactive, sequence, host, page, referrer, utm_source, utm_medium, \
     utm_campaign, utm_term, utm_content, click_id, channel, country, region, city, browser, os, device, language, \
     screen_class, currency_code, amount_micros, properties)";

/// What a row has beside its event.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowKey {
    pub(super) project: ProjectId,
    pub(super) position: EventPosition,
    pub(super) entry: EntryId,
}

/// Appends one row's values.
pub(super) fn bind(arguments: &mut SqliteArguments, key: RowKey, event: &Event) -> Result<(), BoxDynError> {
    let mut row = Binder(arguments);
    row.put(key.project.0)?;
    row.put(i64::from(event.visitor_day.0))?;
    row.put(key.position.version.0)?;
    row.put(i64::from(key.position.ordinal))?;
    row.put(key.entry.0)?;
    row.put(event.event_id.0.as_slice())?;
    row.put(event.occurred_at.0)?;
    row.put(event.time.0)?;
    row.put(i64::from(event.kind.code()))?;
    row.put(event.name.as_str())?;
    row.put(event.actor.visitor.map(|visitor| visitor.0))?;
    row.put(event.actor.user.as_ref().map(|user| user.0.as_slice()))?;
    row.put(i64::from(event.interactive))?;
    row.put(event.sequence)?;
    for text in [
        &event.host,
        &event.page,
        &event.referrer,
        &event.utm_source,
        &event.utm_medium,
        &event.utm_campaign,
        &event.utm_term,
        &event.utm_content,
        &event.click_id,
    ] {
        row.put(text.as_deref())?;
    }
    row.put(event.channel.map(|channel| i64::from(channel.code())))?;
    for text in [&event.country, &event.region, &event.city, &event.browser, &event.os] {
        row.put(text.as_deref())?;
    }
    row.put(event.device.map(|device| i64::from(device.code())))?;
    row.put(event.language.as_deref())?;
    row.put(event.screen_class.map(|class| i64::from(class.code())))?;
    row.put(event.value.as_ref().map(|money| money.currency_code.as_str()))?;
    row.put(event.value.as_ref().map(|money| money.amount_micros))?;
    row.put(properties::to_json(&event.properties))
}

struct Binder<'a>(&'a mut SqliteArguments);

impl Binder<'_> {
    fn put<'t, T: Encode<'t, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<(), BoxDynError> {
        self.0.add(value)
    }
}

/// A row selected as [`PACKED`].
#[derive(Deserialize)]
struct PackedRow {
    version: i64,
    ordinal: i32,
    event_id: String,
    occurred_at: i64,
    time: i64,
    kind: u8,
    name: String,
    visitor_hash: Option<i64>,
    user_hash: Option<String>,
    interactive: u8,
    sequence: Option<i64>,
    host: Option<String>,
    page: Option<String>,
    referrer: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_campaign: Option<String>,
    utm_term: Option<String>,
    utm_content: Option<String>,
    click_id: Option<String>,
    channel: Option<u8>,
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
    browser: Option<String>,
    os: Option<String>,
    device: Option<u8>,
    language: Option<String>,
    screen_class: Option<u8>,
    currency_code: Option<String>,
    amount_micros: Option<i64>,
    properties: Option<String>,
}

/// The event of a row selected as [`PACKED`], of a day that the caller knows.
pub(super) fn read(row: &SqliteRow, day: Day) -> Result<StoredEvent, Failure> {
    let text: &str = row.try_get_unchecked(0)?;
    let row: PackedRow =
        serde_json::from_str(text).map_err(|_| Failure::unreadable("an event has a value out of its range"))?;
    let position = EventPosition { version: Version(row.version), ordinal: row.ordinal };
    let event = Event {
        event_id: EventId(from_hex(&row.event_id, "event_id")?),
        occurred_at: Micros(row.occurred_at),
        time: Millis(row.time),
        visitor_day: day,
        kind: coded(row.kind, "kind", EventKind::from_code)?,
        name: row.name,
        actor: Actor {
            visitor: row.visitor_hash.map(VisitorHash),
            user: row.user_hash.map(|hex| from_hex(&hex, "user_hash").map(UserHash)).transpose()?,
        },
        interactive: row.interactive != 0,
        sequence: row.sequence,
        host: row.host,
        page: row.page,
        referrer: row.referrer,
        utm_source: row.utm_source,
        utm_medium: row.utm_medium,
        utm_campaign: row.utm_campaign,
        utm_term: row.utm_term,
        utm_content: row.utm_content,
        click_id: row.click_id,
        channel: row.channel.map(|code| coded(code, "channel", Channel::from_code)).transpose()?,
        country: row.country,
        region: row.region,
        city: row.city,
        browser: row.browser,
        os: row.os,
        device: row.device.map(|code| coded(code, "device", DeviceClass::from_code)).transpose()?,
        language: row.language,
        screen_class: row.screen_class.map(|code| coded(code, "screen_class", ScreenClass::from_code)).transpose()?,
        value: money(row.currency_code, row.amount_micros)?,
        properties: match row.properties {
            Some(text) => properties::from_json(&text).map_err(|error| Failure::Corrupt(error.to_string()))?,
            None => Default::default(),
        },
    };
    Ok(StoredEvent { position, event })
}

fn from_hex(hex: &str, column: &str) -> Result<[u8; 16], Failure> {
    let number = if hex.len() == 32 { u128::from_str_radix(hex, 16).ok() } else { None };
    number.map(u128::to_be_bytes).ok_or_else(|| Failure::Corrupt(format!("{column} of an event has not 16 bytes")))
}
