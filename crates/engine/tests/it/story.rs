//! Events told in a few words.

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Channel, Day, Event, EventId, EventKind, Millis, PropertyValue, UserHash, VisitorHash, Zone, calendar,
};

/// Something that happened.
#[derive(Clone)]
pub(crate) struct Told(Event, Option<u8>);

/// An instant in RFC 3339.
pub(crate) fn at(text: &str) -> Millis {
    Millis(text.parse::<jiff::Timestamp>().expect("an instant").as_millisecond())
}

pub(crate) fn view(time: &str) -> Told {
    told(time, EventKind::View)
}

pub(crate) fn click(time: &str) -> Told {
    told(time, EventKind::Click)
}

pub(crate) fn conversion(time: &str) -> Told {
    told(time, EventKind::Conversion)
}

fn told(time: &str, kind: EventKind) -> Told {
    let time = at(time);
    Told(
        Event {
            event_id: EventId([0; 16]),
            occurred_at: time.to_micros(),
            time,
            visitor_day: calendar::day_of(time, &Zone::utc()),
            kind,
            name: kind.as_str().to_owned(),
            actor: Actor::default(),
            interactive: true,
            sequence: None,
            host: None,
            page: Some("/".to_owned()),
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
        },
        None,
    )
}

impl Told {
    pub(crate) fn by(mut self, visitor: i64) -> Self {
        self.0.actor.visitor = Some(VisitorHash(visitor));
        self
    }

    pub(crate) fn user(mut self, user: u8) -> Self {
        self.0.actor.user = Some(UserHash([user; 16]));
        self
    }

    pub(crate) fn of_day(mut self, date: &str) -> Self {
        self.0.visitor_day = Day::from_date(date.parse().expect("a date"));
        self
    }

    pub(crate) fn later_ms(mut self, ms: i64) -> Self {
        self.0.time.0 += ms;
        self.0.occurred_at = self.0.time.to_micros();
        self
    }

    pub(crate) fn page(mut self, page: &str) -> Self {
        self.0.page = Some(page.to_owned());
        self
    }

    pub(crate) fn browser(mut self, browser: &str) -> Self {
        self.0.browser = Some(browser.to_owned());
        self
    }

    pub(crate) fn channel(mut self, channel: Channel) -> Self {
        self.0.channel = Some(channel);
        self
    }

    pub(crate) fn property(mut self, name: &str, value: Option<PropertyValue>) -> Self {
        self.0.properties.extend(value.map(|value| (name.to_owned(), value)));
        self
    }

    /// Sent with `interactive = false`.
    pub(crate) fn passive(mut self) -> Self {
        self.0.interactive = false;
        self
    }

    pub(crate) fn id(mut self, id: u8) -> Self {
        self.1 = Some(id);
        self
    }

    /// The event; its id is its place in the story unless told.
    pub(crate) fn event(mut self, place: usize) -> Event {
        let mut id = [0; 16];
        id[8..].copy_from_slice(&(place as u64).to_be_bytes());
        if let Some(told) = self.1 {
            id = [told; 16];
        }
        self.0.event_id = EventId(id);
        self.0
    }
}
