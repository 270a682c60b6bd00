//! The stored format of a fixed day must never change under its version number.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, Event, EventId, EventKind, Micros, Millis, Money, PropertyValue, ScreenClass,
    UserHash, VisitorHash,
};

use crate::{Builder, decode, encode::payload, wire::open};

/// One line a column: its name, a space, its bytes in hexadecimal.
const GOLDEN: &str = include_str!("../golden/day.v1.txt");

/// The columns that came later, of the same day: segments from before lack them.
const LATER_COLUMNS: &str = include_str!("../golden/day.v1.ways_and_places.txt");

fn day() -> Vec<Event> {
    let some = |text: &str| Some(text.to_owned());
    (0..300u32)
        .map(|number| Event {
            event_id: EventId([number as u8; 16]),
            occurred_at: Micros(i64::from(number)),
            time: Millis(1_700_000_000_000 + i64::from(number * 7_919 % 86_400)),
            visitor_day: Day(19_675),
            kind: EventKind::ALL[number as usize % 5],
            name: format!("name {}", number % 3),
            actor: Actor {
                visitor: (number % 4 > 0).then(|| VisitorHash(i64::from(number % 29) - 7)),
                user: (number % 5 == 0).then_some(UserHash([number as u8 % 3; 16])),
            },
            interactive: number % 2 == 0,
            sequence: (number % 2 == 0).then_some(i64::from(number)),
            host: some("example.org"),
            // More than 255 values, so that codes of two bytes occur.
            page: Some(format!("/page/{number}")),
            referrer: some("example.com"),
            utm_source: some("source"),
            utm_medium: some("medium"),
            utm_campaign: some("campaign"),
            utm_term: some("term"),
            utm_content: some("content"),
            click_id: None,
            channel: None,
            country: None,
            region: None,
            city: None,
            browser: some("Firefox"),
            os: some("Linux"),
            device: (number % 3 == 0).then_some(DeviceClass::Tablet),
            language: some("de-DE"),
            screen_class: Some(ScreenClass::ALL[number as usize % 4]),
            value: (number % 10 == 0)
                .then(|| Money { currency_code: "EUR".to_owned(), amount_micros: i64::from(number) * 990_000 }),
            properties: BTreeMap::from([(
                "mixed".to_owned(),
                match number % 4 {
                    0 => PropertyValue::Number(f64::from(number) / 4.0),
                    1 => PropertyValue::String(format!("ä{}", number % 7)),
                    2 => PropertyValue::Bool(number % 8 == 2),
                    _ => PropertyValue::String("1".to_owned()),
                },
            )]),
        })
        .collect()
}

/// The same day with the fields that came later.
fn day_with_later_fields() -> Vec<Event> {
    let add = |(number, event): (usize, Event)| Event {
        click_id: number.is_multiple_of(9).then(|| "gclid".to_owned()),
        channel: Channel::ALL.get(number % 17).copied(),
        country: Some(["CH", "DE"][number % 2].to_owned()),
        region: Some(format!("region {}", number % 5)),
        city: (number % 3 > 0).then(|| format!("Stadt ä{}", number % 40)),
        ..event
    };
    day().into_iter().enumerate().map(add).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let byte = |place| u8::from_str_radix(&text[place..place + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn stored(golden: &str) -> BTreeMap<&str, Vec<u8>> {
    let columns = golden.lines().map(|line| line.rsplit_once(' ').expect("a name and bytes"));
    columns.map(|(name, hex)| (name, from_hex(hex))).collect()
}

fn is_as_stored(events: &[Event], stored: BTreeMap<&str, Vec<u8>>) {
    let mut builder = Builder::new();
    builder.extend(events);
    let built = builder.build().expect("a small day");
    let mut names = built.column_names();
    names.sort_unstable();
    assert_eq!(names, stored.keys().copied().collect::<Vec<_>>());
    for (name, bytes) in stored {
        let column = built.column(name).expect("it is stored");
        assert_eq!(decode(&bytes).as_ref(), Ok(&column), "{name} is read differently");
        // How zstd compresses may change; what it compresses may not.
        assert_eq!(open(&bytes).expect("a frame"), payload(&column), "{name} is written differently");
    }
}

#[test]
fn the_stored_format_is_the_one_of_version_1() {
    is_as_stored(&day(), stored(GOLDEN));
}

#[test]
fn later_columns_stand_beside_the_others() {
    let mut all = stored(GOLDEN);
    all.extend(stored(LATER_COLUMNS));
    is_as_stored(&day_with_later_fields(), all);
}
