use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, EntryId, Event, EventId, EventKind, Micros, Millis, Money, ProjectId,
    PropertyValue, ScreenClass, UserHash, VisitorHash,
    ports::{EventOutcome, LogEntry},
};
use analytics_records::{DecodedEntry, EntryOutcomes, decode, decode_reply, encode, encode_reply};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};

proptest! {
    #[test]
    fn entries_come_back_as_they_were(entry in entry(), channel in option::of("[a-z:]{1,9}")) {
        let record = encode(entry.clone(), channel.as_deref().unwrap_or_default());
        prop_assert_eq!(decode(&record), Ok(DecodedEntry { entry, reply_channel: channel }));
    }

    #[test]
    fn replies_come_back_as_they_were(entries in vec(outcomes(), 0..4)) {
        prop_assert_eq!(decode_reply(&encode_reply(&entries)), Ok(entries));
    }

    #[test]
    fn bytes_that_are_no_record_are_refused_without_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        // Five random fields that make a whole entry are not to be found by chance.
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn a_record_cut_short_never_gives_another_entry(entry in entry(), cut in any::<prop::sample::Index>()) {
        let record = encode(entry.clone(), "");
        if let Ok(shorter) = decode(&record[..cut.index(record.len())]) {
            // A cut between two events leaves the first ones.
            prop_assert_eq!(&shorter.entry.events[..], &entry.events[..shorter.entry.events.len()]);
        }
    }
}

fn outcomes() -> impl Strategy<Value = EntryOutcomes> {
    let outcome = select(vec![EventOutcome::Stored, EventOutcome::Duplicate, EventOutcome::Quarantined]);
    (any::<i64>(), vec(outcome, 0..5)).prop_map(|(id, outcomes)| EntryOutcomes { entry: EntryId(id), outcomes })
}

fn entry() -> impl Strategy<Value = LogEntry> {
    (any::<i64>(), any::<i64>(), vec(event(), 1..4)).prop_map(|(id, project, events)| LogEntry {
        id: EntryId(id),
        project: ProjectId(project),
        events,
    })
}

fn event() -> impl Strategy<Value = Event> {
    let identity = (any::<[u8; 16]>(), any::<i64>(), any::<i64>(), any::<i32>());
    let what = (select(EventKind::ALL), ".{1,9}", any::<bool>(), option::of(any::<i64>()), money());
    let who = (option::of(any::<i64>()), option::of(any::<[u8; 16]>()));
    let texts = vec(option::of(".{0,9}"), 15);
    let classes =
        (option::of(select(DeviceClass::ALL)), option::of(select(ScreenClass::ALL)), option::of(select(Channel::ALL)));
    (identity, what, who, texts, classes, properties()).prop_map(|(identity, what, who, texts, classes, properties)| {
        let texts: [Option<String>; 15] = texts.try_into().expect("fifteen");
        let [host, page, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content, rest @ ..] = texts;
        let [click_id, country, region, city, browser, os, language] = rest;
        Event {
            event_id: EventId(identity.0),
            occurred_at: Micros(identity.1),
            time: Millis(identity.2),
            visitor_day: Day(identity.3),
            kind: what.0,
            name: what.1,
            actor: Actor { visitor: who.0.map(VisitorHash), user: who.1.map(UserHash) },
            interactive: what.2,
            sequence: what.3,
            host,
            page,
            referrer,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_term,
            utm_content,
            click_id,
            channel: classes.2,
            country,
            region,
            city,
            browser,
            os,
            device: classes.0,
            language,
            screen_class: classes.1,
            value: what.4,
            properties,
        }
    })
}

fn money() -> impl Strategy<Value = Option<Money>> {
    option::of(
        ("[A-Z]{3}", any::<i64>()).prop_map(|(currency_code, amount_micros)| Money { currency_code, amount_micros }),
    )
}

fn properties() -> impl Strategy<Value = BTreeMap<String, PropertyValue>> {
    let value = prop_oneof![
        ".{0,9}".prop_map(PropertyValue::String),
        prop::num::f64::NORMAL.prop_map(PropertyValue::Number),
        any::<bool>().prop_map(PropertyValue::Bool),
    ];
    btree_map(".{0,5}", value, 0..4)
}
