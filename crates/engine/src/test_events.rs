//! Events for unit tests.

use std::collections::BTreeMap;

use analytics_domain::{Actor, Day, Event, EventId, EventKind, Millis};

/// A view without a visitor.
pub(crate) fn event_at(time_ms: i64) -> Event {
    Event {
        event_id: EventId([0; 16]),
        occurred_at: Millis(time_ms).to_micros(),
        time: Millis(time_ms),
        visitor_day: Day(0),
        kind: EventKind::View,
        name: "view".to_owned(),
        actor: Actor::default(),
        interactive: true,
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
