//! An event as a row of `events`, both ways.

use analytics_domain::{
    Actor, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Millis, Money, ProjectId, ScreenClass,
    UserHash, Version, VisitorHash,
    ports::{EventPosition, StoredEvent},
};
use sqlx::{
    Arguments, Decode, Encode, Row, Sqlite, Type,
    error::BoxDynError,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::failure::Failure;
use crate::properties;

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
    "browser",
    "os",
    "device",
    "language",
    "screen_class",
    "currency_code",
    "amount_micros",
    "properties",
];

/// The columns that [`read`] expects, in its order.
pub(super) const READ: &str = "version, ordinal, event_id, occurred_at, time, kind, name, visitor_hash, user_hash, \
     interactive, sequence, host, page, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content, browser, \
     os, device, language, screen_class, currency_code, amount_micros, properties";

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
        &event.browser,
        &event.os,
    ] {
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

/// A row selected as [`READ`], of a day that the caller knows.
pub(super) fn read(row: &SqliteRow, day: Day) -> Result<StoredEvent, Failure> {
    let mut row = Columns { row, next: 0 };
    let position = EventPosition { version: Version(row.take()?), ordinal: narrow(row.take()?, "ordinal")? };
    let event = Event {
        event_id: EventId(row.id("event_id")?),
        occurred_at: Micros(row.take()?),
        time: Millis(row.take()?),
        visitor_day: day,
        kind: coded(row.take()?, "kind", EventKind::from_code)?,
        name: row.take()?,
        actor: Actor { visitor: row.take::<Option<i64>>()?.map(VisitorHash), user: row.user()? },
        interactive: row.take::<i64>()? != 0,
        sequence: row.take()?,
        host: row.take()?,
        page: row.take()?,
        referrer: row.take()?,
        utm_source: row.take()?,
        utm_medium: row.take()?,
        utm_campaign: row.take()?,
        utm_term: row.take()?,
        utm_content: row.take()?,
        browser: row.take()?,
        os: row.take()?,
        device: row.take::<Option<i64>>()?.map(|code| coded(code, "device", DeviceClass::from_code)).transpose()?,
        language: row.take()?,
        screen_class: row
            .take::<Option<i64>>()?
            .map(|code| coded(code, "screen_class", ScreenClass::from_code))
            .transpose()?,
        value: money(row.take()?, row.take()?)?,
        properties: match row.take::<Option<&str>>()? {
            Some(text) => properties::from_json(text).map_err(|error| Failure::Corrupt(error.to_string()))?,
            None => Default::default(),
        },
    };
    Ok(StoredEvent { position, event })
}

/// Takes the columns one after another. STRICT tables guarantee the types, so they are not checked again.
struct Columns<'r> {
    row: &'r SqliteRow,
    next: usize,
}

impl<'r> Columns<'r> {
    fn take<T: Decode<'r, Sqlite>>(&mut self) -> Result<T, Failure> {
        let index = self.next;
        self.next += 1;
        Ok(self.row.try_get_unchecked(index)?)
    }

    fn id(&mut self, column: &str) -> Result<[u8; 16], Failure> {
        sixteen(self.take()?, column)
    }

    fn user(&mut self) -> Result<Option<UserHash>, Failure> {
        let bytes: Option<&[u8]> = self.take()?;
        bytes.map(|bytes| sixteen(bytes, "user_hash").map(UserHash)).transpose()
    }
}

fn sixteen(bytes: &[u8], column: &str) -> Result<[u8; 16], Failure> {
    bytes.try_into().map_err(|_| Failure::Corrupt(format!("{column} of an event has not 16 bytes")))
}

fn narrow(number: i64, column: &str) -> Result<i32, Failure> {
    number.try_into().map_err(|_| Failure::Corrupt(format!("{column} of an event is out of range")))
}

fn coded<T>(code: i64, column: &str, from_code: fn(u8) -> Option<T>) -> Result<T, Failure> {
    u8::try_from(code)
        .ok()
        .and_then(from_code)
        .ok_or_else(|| Failure::Corrupt(format!("{column} of an event has the unknown code {code}")))
}

fn money(currency_code: Option<String>, amount_micros: Option<i64>) -> Result<Option<Money>, Failure> {
    match (currency_code, amount_micros) {
        (Some(currency_code), Some(amount_micros)) => Ok(Some(Money { currency_code, amount_micros })),
        (None, None) => Ok(None),
        _ => Err(Failure::unreadable("an event has an amount without a currency, or a currency without an amount")),
    }
}
