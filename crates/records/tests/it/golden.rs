//! The committed records, which every later version must read, and which this version still writes byte for byte.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Millis, Money, ProjectId,
    PropertyValue, ScreenClass, UserHash, VisitorHash, ports::LogEntry,
};
use analytics_records::{DecodedEntry, decode, encode};
use analytics_testkit::sample;

const LOG_ENTRY_1: &[u8] = include_bytes!("golden/log_entry_1.binpb");

/// With the fields that came later: click id, channel, country, region and city.
const LOG_ENTRY_2: &[u8] = include_bytes!("golden/log_entry_2.binpb");

/// What the first file holds, spelled out here: samples of other tests may change, this must not.
fn entry() -> LogEntry {
    LogEntry { id: EntryId(-7), project: ProjectId(42), events: vec![full_event(), bare_event()] }
}

/// What the second file holds.
fn entry_with_later_fields() -> LogEntry {
    let some = |text: &str| Some(text.to_owned());
    let event = Event {
        click_id: some("gclid"),
        channel: Some(Channel::OtherCampaign),
        country: some("CH"),
        region: some("Z\u{fc}rich"),
        city: some(""),
        ..full_event()
    };
    LogEntry { events: vec![event, bare_event()], ..entry() }
}

fn id_ending_in_z(number: u8) -> EventId {
    let mut id = [b'Z'; 16];
    id[..4].copy_from_slice(&[0, 0, 0, number]);
    EventId(id)
}

fn bare_event() -> Event {
    Event {
        event_id: id_ending_in_z(2),
        occurred_at: Micros(1_772_323_202_000_000),
        time: Millis(1_772_323_202_000),
        visitor_day: Day(20_513),
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

fn full_event() -> Event {
    let some = |text: &str| Some(text.to_owned());
    let properties = [
        ("", PropertyValue::String(String::new())),
        ("text", PropertyValue::String("\0 {\"a\": 1} \u{2028}".to_owned())),
        ("digits", PropertyValue::String("1".to_owned())),
        ("one", PropertyValue::Number(1.0)),
        ("minus_zero", PropertyValue::Number(-0.0)),
        ("huge", PropertyValue::Number(1e300)),
        ("tiny", PropertyValue::Number(5e-324)),
        ("third", PropertyValue::Number(1.0 / 3.0)),
        ("beyond_2_53", PropertyValue::Number(9_007_199_254_740_994.0)),
        ("yes", PropertyValue::Bool(true)),
        ("no", PropertyValue::Bool(false)),
    ];
    Event {
        event_id: id_ending_in_z(1),
        occurred_at: Micros(1_772_323_201_000_123),
        time: Millis(1_772_323_201_000),
        kind: EventKind::Conversion,
        name: "order \u{1f6d2} \0'\"\\;--".to_owned(),
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
        click_id: None,
        channel: None,
        country: None,
        region: None,
        city: None,
        browser: some("Firefox"),
        os: some("Linux"),
        device: Some(DeviceClass::Tablet),
        language: some("de-CH"),
        screen_class: Some(ScreenClass::Laptop),
        value: Some(Money { currency_code: "CHF".to_owned(), amount_micros: -1_234_567_890_123 }),
        properties: properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..bare_event()
    }
}

#[test]
fn the_committed_records_are_read() {
    for (record, entry) in [(LOG_ENTRY_1, entry()), (LOG_ENTRY_2, entry_with_later_fields())] {
        let decoded = decode(record).expect("it is readable for ever");
        assert_eq!(decoded, DecodedEntry { entry, reply_channel: Some("analytics:log:reply:1".to_owned()) });
    }
}

#[test]
fn the_committed_records_are_what_is_written() {
    assert_eq!(encode(entry(), "analytics:log:reply:1"), LOG_ENTRY_1);
    assert_eq!(encode(entry_with_later_fields(), "analytics:log:reply:1"), LOG_ENTRY_2);
}

#[test]
fn fields_of_a_newer_version_are_ignored() {
    // Field 1000, four bytes long.
    let unknown = [0xc2, 0x3e, 4, 1, 2, 3, 4];
    let mut record = LOG_ENTRY_1.to_vec();
    record.extend(unknown);
    // A third event, which begins with the unknown field: length-delimited field 5 of the entry.
    let only_third = encode(sample::entry(0, ProjectId(0), vec![sample::event(3)]), "");
    let event_start = only_third.iter().position(|&byte| byte == 5 << 3 | 2).expect("it has an event");
    let event = &only_third[event_start + 2..];
    record.extend([5 << 3 | 2, u8::try_from(unknown.len() + event.len()).expect("a small event")]);
    record.extend(unknown);
    record.extend(event);

    let expected = LogEntry { events: [entry().events, vec![sample::event(3)]].concat(), ..entry() };
    assert_eq!(decode(&record).expect("it is readable").entry, expected);
}
