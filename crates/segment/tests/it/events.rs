//! Generated events with everything that can be awkward: equal times, no visitor, hostile names and values.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, Event, EventId, EventKind, Micros, Millis, Money, PropertyValue, ScreenClass,
    UserHash, VisitorHash,
};
use proptest::prelude::*;

const TEXTS: [&str; 8] = ["", "/", "absent", "null", "\"quoted\"", "ä", "\u{10ffff}", "\0"];

fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(&TEXTS[..]).prop_map(str::to_owned))
}

fn value() -> impl Strategy<Value = PropertyValue> {
    prop_oneof![
        prop::sample::select(&TEXTS[..]).prop_map(|text| PropertyValue::String(text.to_owned())),
        prop::sample::select(&[0.0, -0.0, 1.0, -1.5, 1e300, f64::MIN_POSITIVE][..]).prop_map(PropertyValue::Number),
        any::<bool>().prop_map(PropertyValue::Bool),
    ]
}

prop_compose! {
    fn who_and_when()(
        id in 0u8..4,
        time_ms in prop_oneof![0i64..5, 0i64..100_000_000],
        visitor in prop::option::of(prop::sample::select(&[i64::MIN, -1, 0, 1, i64::MAX][..])),
        user in prop::option::of(0u8..3),
        sequence in prop::option::of(-2i64..2),
        interactive in any::<bool>(),
    ) -> Event {
        Event {
            event_id: EventId([id; 16]),
            occurred_at: Micros(time_ms * 1000),
            time: Millis(1_700_000_000_000 + time_ms),
            visitor_day: Day(19_675),
            kind: EventKind::View,
            name: "view".to_owned(),
            actor: Actor { visitor: visitor.map(VisitorHash), user: user.map(|user| UserHash([user; 16])) },
            interactive,
            sequence,
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
}

prop_compose! {
    pub(crate) fn event()(
        event in who_and_when(),
        kind in prop::sample::select(EventKind::ALL),
        (page, utm_source, click_id) in (text(), text(), text()),
        (country, region, city) in (text(), text(), text()),
        channel in prop::option::of(prop::sample::select(Channel::ALL)),
        device in prop::option::of(prop::sample::select(DeviceClass::ALL)),
        screen_class in prop::option::of(prop::sample::select(ScreenClass::ALL)),
        amount_micros in prop::option::of(any::<i64>()),
        properties in prop::collection::btree_map(prop::sample::select(&TEXTS[..]).prop_map(str::to_owned), value(), 0..3),
    ) -> Event {
        let value = amount_micros.map(|amount_micros| Money { currency_code: "EUR".to_owned(), amount_micros });
        Event {
            kind,
            page,
            utm_source,
            click_id,
            channel,
            country,
            region,
            city,
            device,
            screen_class,
            value,
            properties,
            ..event
        }
    }
}
