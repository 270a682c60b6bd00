//! An event as a row of `events`, both ways.

use std::sync::LazyLock;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventKind, ProjectId, PropertyValue, ScreenClass, UserHash,
    Version, VisitorHash,
    ports::{EventPosition, StoredEvent},
};
use sqlx::{Row, error::BoxDynError, postgres::PgRow};

use super::{
    columns::{self, ColumnType},
    copy::{self, Rows, TooLong},
    failure::Failure,
    types::{self, Date, OutOfRange, Timestamp},
};
use crate::{
    event_values::{coded, money},
    properties,
};

/// The columns that a row is written in. [`encode`] follows this order.
pub(super) const WRITTEN: [(&str, ColumnType); 35] = [
    ("project_id", columns::BIGINT),
    ("version", columns::BIGINT),
    ("entry_id", columns::BIGINT),
    ("occurred_at", columns::TIMESTAMPTZ),
    ("time", columns::TIMESTAMPTZ),
    ("event_id", columns::UUID),
    ("visitor_day", columns::DATE),
    ("ordinal", columns::INTEGER),
    ("kind", columns::SMALLINT),
    ("interactive", columns::BOOLEAN),
    ("name", columns::TEXT),
    ("visitor_hash", columns::BIGINT),
    ("user_hash", columns::BYTEA),
    ("sequence", columns::BIGINT),
    ("host", columns::TEXT),
    ("page", columns::TEXT),
    ("referrer", columns::TEXT),
    ("utm_source", columns::TEXT),
    ("utm_medium", columns::TEXT),
    ("utm_campaign", columns::TEXT),
    ("utm_term", columns::TEXT),
    ("utm_content", columns::TEXT),
    ("click_id", columns::TEXT),
    ("channel", columns::SMALLINT),
    ("country", columns::TEXT),
    ("region", columns::TEXT),
    ("city", columns::TEXT),
    ("browser", columns::TEXT),
    ("os", columns::TEXT),
    ("device", columns::SMALLINT),
    ("language", columns::TEXT),
    ("screen_class", columns::SMALLINT),
    ("currency_code", columns::TEXT),
    ("amount_micros", columns::BIGINT),
    ("properties", columns::JSONB),
];

/// Their names, separated by commas.
pub(super) static WRITTEN_NAMES: LazyLock<String> = LazyLock::new(|| WRITTEN.map(|(name, _)| name).join(", "));

/// Where the version stands in an encoded row: after the count of values, the project, and its own length.
const VERSION_OFFSET: usize = 2 + (4 + 8) + 4;

/// The columns that [`read`] expects, in its order.
pub(super) const READ: &str = "version, ordinal, occurred_at, time, event_id, kind, interactive, name, visitor_hash, user_hash, \
     sequence, host, page, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id, channel, country, region, city, \
     browser, os, device, language, screen_class, currency_code, amount_micros, properties";

/// Why an event cannot be a row. Says nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unwritable(&'static str);

impl From<OutOfRange> for Unwritable {
    fn from(_: OutOfRange) -> Self {
        Self("a time or day of an event is out of the range of PostgreSQL")
    }
}

impl From<TooLong> for Unwritable {
    fn from(_: TooLong) -> Self {
        Self("a text of an event is longer than 2 GiB")
    }
}

impl From<Unwritable> for Failure {
    fn from(Unwritable(what): Unwritable) -> Self {
        Self::Refused(what.to_owned())
    }
}

/// Appends a row whose version is not known yet and returns its place.
pub(super) fn encode(
    rows: &mut Rows,
    project: ProjectId,
    entry: EntryId,
    ordinal: i32,
    event: &Event,
) -> Result<usize, Unwritable> {
    let place = rows.begin(WRITTEN.len());
    rows.put_bigint(project.0);
    rows.put_bigint(0);
    rows.put_bigint(entry.0);
    rows.put_timestamp(Timestamp::of_micros(event.occurred_at)?);
    rows.put_timestamp(Timestamp::of_millis(event.time)?);
    rows.put_fixed(event.event_id.0);
    rows.put_date(Date::of_day(event.visitor_day)?);
    rows.put_integer(ordinal);
    rows.put_smallint(event.kind.code().into());
    rows.put_fixed([u8::from(event.interactive)]);
    rows.put(event.name.as_bytes())?;
    put_some(rows, event.actor.visitor, |rows, visitor| rows.put_bigint(visitor.0));
    put_some(rows, event.actor.user, |rows, user| rows.put_fixed(user.0));
    put_some(rows, event.sequence, Rows::put_bigint);
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
        put_text(rows, text.as_deref())?;
    }
    put_some(rows, event.channel, |rows, channel| rows.put_smallint(channel.code().into()));
    for text in [&event.country, &event.region, &event.city, &event.browser, &event.os] {
        put_text(rows, text.as_deref())?;
    }
    put_some(rows, event.device, |rows, device| rows.put_smallint(device.code().into()));
    put_text(rows, event.language.as_deref())?;
    put_some(rows, event.screen_class, |rows, class| rows.put_smallint(class.code().into()));
    put_text(rows, event.value.as_ref().map(|money| money.currency_code.as_str()))?;
    put_some(rows, event.value.as_ref(), |rows, money| rows.put_bigint(money.amount_micros));
    if event.properties.values().any(is_changed_by_jsonb) {
        return Err(Unwritable(
            "a property of an event is a negative zero or no finite number, which jsonb cannot hold",
        ));
    }
    match properties::to_json(&event.properties) {
        Some(object) => rows.put_jsonb(&object)?,
        None => rows.put_null(),
    }
    Ok(place)
}

/// Writes the version into a row that [`encode`] placed.
pub(super) fn set_version(rows: &mut Rows, place: usize, version: Version) {
    rows.overwrite(place + VERSION_OFFSET, version.0.to_be_bytes());
}

fn is_changed_by_jsonb(value: &PropertyValue) -> bool {
    match value {
        PropertyValue::Number(number) => !number.is_finite() || (*number == 0.0 && number.is_sign_negative()),
        PropertyValue::String(_) | PropertyValue::Bool(_) => false,
    }
}

fn put_some<T>(rows: &mut Rows, value: Option<T>, put: impl FnOnce(&mut Rows, T)) {
    match value {
        Some(value) => put(rows, value),
        None => rows.put_null(),
    }
}

fn put_text(rows: &mut Rows, text: Option<&str>) -> Result<(), TooLong> {
    match text {
        Some(text) => rows.put(text.as_bytes()),
        None => {
            rows.put_null();
            Ok(())
        }
    }
}

/// The event of a row selected as [`READ`], of a day that the caller knows.
pub(super) fn read(row: &PgRow, day: Day) -> Result<StoredEvent, Failure> {
    let mut row = Values { row, next: 0 };
    let position = EventPosition { version: Version(row.bigint()?), ordinal: row.integer()? };
    let event = Event {
        occurred_at: row.required(Timestamp::of_bytes)?.to_micros(),
        time: row.required(Timestamp::of_bytes)?.to_millis(),
        event_id: row.required(types::event_id)?,
        visitor_day: day,
        kind: coded(row.required(code)?, "kind", EventKind::from_code)?,
        interactive: row.required(|bytes| Ok(bytes != [0]))?,
        name: row.required(text)?,
        actor: Actor {
            visitor: row.optional(bigint)?.map(VisitorHash),
            user: row.optional(|bytes| Ok(UserHash(bytes.try_into()?)))?,
        },
        sequence: row.optional(bigint)?,
        host: row.optional(text)?,
        page: row.optional(text)?,
        referrer: row.optional(text)?,
        utm_source: row.optional(text)?,
        utm_medium: row.optional(text)?,
        utm_campaign: row.optional(text)?,
        utm_term: row.optional(text)?,
        utm_content: row.optional(text)?,
        click_id: row.optional(text)?,
        channel: row.optional(code)?.map(|code| coded(code, "channel", Channel::from_code)).transpose()?,
        country: row.optional(text)?,
        region: row.optional(text)?,
        city: row.optional(text)?,
        browser: row.optional(text)?,
        os: row.optional(text)?,
        device: row.optional(code)?.map(|code| coded(code, "device", DeviceClass::from_code)).transpose()?,
        language: row.optional(text)?,
        screen_class: row
            .optional(code)?
            .map(|code| coded(code, "screen_class", ScreenClass::from_code))
            .transpose()?,
        value: money(row.optional(text)?, row.optional(bigint)?)?,
        properties: match row.value()? {
            Some(bytes) => {
                let object = copy::jsonb_text(bytes).and_then(|text| properties::from_json(text).ok());
                object.ok_or_else(|| Failure::unreadable("the properties of an event are not of the known form"))?
            }
            None => Default::default(),
        },
    };
    Ok(StoredEvent { position, event })
}

/// The values of a row, one after another, as the bytes that the server sent. The driver's own conversions look each column's
/// type up for each row, which took longer than everything else here.
struct Values<'r> {
    row: &'r PgRow,
    next: usize,
}

impl<'r> Values<'r> {
    fn value(&mut self) -> Result<Option<&'r [u8]>, Failure> {
        let index = self.next;
        self.next += 1;
        let value = self.row.try_get_raw(index)?;
        if sqlx::ValueRef::is_null(&value) {
            return Ok(None);
        }
        value.as_bytes().map(Some).map_err(|_| unexpected(index))
    }

    fn optional<T>(&mut self, convert: impl FnOnce(&'r [u8]) -> Result<T, BoxDynError>) -> Result<Option<T>, Failure> {
        let index = self.next;
        self.value()?.map(convert).transpose().map_err(|_| unexpected(index))
    }

    fn required<T>(&mut self, convert: impl FnOnce(&'r [u8]) -> Result<T, BoxDynError>) -> Result<T, Failure> {
        let index = self.next;
        self.optional(convert)?.ok_or_else(|| unexpected(index))
    }

    fn bigint(&mut self) -> Result<i64, Failure> {
        self.required(bigint)
    }

    fn integer(&mut self) -> Result<i32, Failure> {
        self.required(|bytes| Ok(i32::from_be_bytes(bytes.try_into()?)))
    }
}

fn unexpected(index: usize) -> Failure {
    let column = READ.split(", ").nth(index).unwrap_or_default();
    Failure::Corrupt(format!("{column} of an event has an unexpected value"))
}

fn bigint(bytes: &[u8]) -> Result<i64, BoxDynError> {
    Ok(i64::from_be_bytes(bytes.try_into()?))
}

fn code(bytes: &[u8]) -> Result<u8, BoxDynError> {
    Ok(i16::from_be_bytes(bytes.try_into()?).try_into()?)
}

fn text(bytes: &[u8]) -> Result<String, BoxDynError> {
    Ok(std::str::from_utf8(bytes)?.to_owned())
}
