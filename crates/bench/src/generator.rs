//! The rows that both sides get: a month of a site, the same for the same seed and number of events.
//!
//! Pages and referrers are skewed, visitors come by the hour and the day of the week, some sessions cross midnight, some gaps are
//! close to the session timeout, a few visitors cannot be told apart and every tenth is signed in. Two events of one visitor never
//! happen in the same millisecond, and no session comes near 24 hours: the SQL of the other side may rely on both.

mod random;
mod site;

use std::collections::BTreeMap;

use analytics_domain::{
    Actor, Day, DeviceClass, Event, EventId, EventKind, Interval, Micros, Millis, Money, PropertyValue, ScreenClass,
    UserHash, VisitorHash,
};

use self::{
    random::Random,
    site::{HOST, LANGUAGES, PLANS, SOFTWARE, Site},
};

/// The first day: 2026-03-01, a Sunday.
const FIRST_DAY: Day = Day(20_513);
/// How many days there are.
pub(crate) const DAYS: usize = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

/// The property that says which variant of an experiment a visitor sees.
pub(crate) const VARIANT: &str = "variant";
/// The property that says what a signed-in user has subscribed to.
pub(crate) const PLAN: &str = "plan";

/// The range of the questions: the days of the rows. A few events of the last evening's sessions lie behind it.
pub(crate) fn interval() -> Interval {
    let start = Millis(i64::from(FIRST_DAY.0) * DAY_MS);
    Interval { start, end: Millis(start.0 + DAYS as i64 * DAY_MS) }
}

/// Events in the order of their times. Yields exactly as many as were asked for.
pub(crate) struct Generator {
    site: Site,
    random: Random,
    users: u64,
    by_day: Vec<u64>,
    /// The next day to draw.
    next_day: usize,
    /// Drawn, but of the days that follow: sessions over midnight.
    later: Vec<Draft>,
    /// The events of the day at hand, the next one last.
    ready: Vec<Draft>,
}

/// An event before its texts are spelled out.
#[derive(Debug, Clone, Copy)]
struct Draft {
    time_ms: i64,
    micros: u16,
    id: u64,
    visitor: Visitor,
    action: Action,
    page: u16,
    referrer: Option<u16>,
    campaign: Option<u8>,
    amount_cents: u32,
}

/// Someone on one day.
#[derive(Debug, Clone, Copy)]
struct Visitor {
    day: Day,
    hash: Option<i64>,
    user: Option<u64>,
    software: u8,
    language: u8,
    treatment: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    View,
    Scroll,
    Click,
    Search,
    Download,
    SignUp,
    Purchase,
}

impl Generator {
    pub(crate) fn new(seed: u64, events: u64) -> Self {
        let site = Site::new();
        let by_day = site.events_by_day(events, DAYS);
        let users = (events / 300).max(1);
        Self { site, random: Random::new(seed), users, by_day, next_day: 0, later: Vec::new(), ready: Vec::new() }
    }

    /// Draws the visitors of a day until they have the day's number of events, and makes ready what happens before midnight.
    fn draw_day(&mut self) {
        let day = FIRST_DAY.plus_days(self.next_day as i32);
        let mut drafts = std::mem::take(&mut self.later);
        let wanted = drafts.len() + self.by_day[self.next_day] as usize;
        while drafts.len() < wanted {
            self.draw_visitor(day, &mut drafts);
            drafts.truncate(wanted);
        }
        self.next_day += 1;
        // The last day has no day after it that would take what is left.
        let midnight_ms = if self.next_day == DAYS { i64::MAX } else { (i64::from(day.0) + 1) * DAY_MS };
        (self.later, self.ready) = drafts.into_iter().partition(|draft| draft.time_ms >= midnight_ms);
        self.ready.sort_unstable_by_key(|draft| std::cmp::Reverse((draft.time_ms, draft.id)));
    }

    fn draw_visitor(&mut self, day: Day, drafts: &mut Vec<Draft>) {
        let Self { site, random, users, .. } = self;
        let has_hash = !random.chance(0.03);
        let visitor = Visitor {
            day,
            hash: has_hash.then(|| random.bits() as i64),
            user: (has_hash && random.chance(0.1)).then(|| random.below(*users)),
            software: site.draw_software(random),
            language: site.draw_language(random),
            treatment: random.chance(0.5),
        };
        let midnight_ms = (i64::from(day.0) + 1) * DAY_MS;
        let mut time_ms = midnight_ms - DAY_MS + site.draw_time_of_day(random);
        let visits = 1 + u32::from(random.chance(0.25)) + u32::from(random.chance(0.1));
        for visit in 0..visits {
            if visit > 0 {
                let gap_ms = if random.chance(0.15) {
                    MINUTE_MS + random.below(29 * MINUTE_MS as u64 + 1) as i64
                } else {
                    30 * MINUTE_MS + 1 + random.below(5 * 60 * MINUTE_MS as u64) as i64
                };
                time_ms += gap_ms;
                // A session that began after midnight would be of another visitor day, under another hash.
                if time_ms >= midnight_ms && gap_ms > 30 * MINUTE_MS {
                    break;
                }
            }
            time_ms = draw_visit(site, random, visitor, time_ms, drafts);
        }
    }

    fn event(&self, draft: &Draft) -> Event {
        let (visitor, site) = (draft.visitor, &self.site);
        let (browser, os, device, _) = SOFTWARE[usize::from(visitor.software)];
        let device = DeviceClass::ALL.iter().copied().find(|class| class.as_str() == device);
        let (name, kind, interactive) = draft.action.described();
        let text = |text: &str| Some(text.to_owned());
        let tagged = |text: &str| draft.campaign.map(|_| text.to_owned());
        let plan = visitor.user.map(|user| PLANS[user as usize % PLANS.len()]);
        let mut properties = BTreeMap::from([(VARIANT, if visitor.treatment { "treatment" } else { "control" })]);
        properties.extend(plan.map(|plan| (PLAN, plan)));
        Event {
            event_id: EventId(event_id(draft)),
            occurred_at: Micros(draft.time_ms * 1000 + i64::from(draft.micros)),
            time: Millis(draft.time_ms),
            visitor_day: visitor.day,
            kind,
            name: name.to_owned(),
            actor: Actor { visitor: visitor.hash.map(VisitorHash), user: visitor.user.map(user_hash) },
            interactive,
            sequence: None,
            host: text(HOST),
            page: text(&site.pages[usize::from(draft.page)]),
            referrer: draft.referrer.and_then(|place| text(&site.referrers[usize::from(place)])),
            utm_source: tagged("newsletter"),
            utm_medium: tagged("email"),
            utm_campaign: draft.campaign.and_then(|place| text(&site.campaigns[usize::from(place)])),
            utm_term: None,
            utm_content: None,
            click_id: None,
            channel: None,
            country: None,
            region: None,
            city: None,
            browser: text(browser),
            os: text(os),
            device,
            language: text(LANGUAGES[usize::from(visitor.language)].0),
            screen_class: Some(screen_class(device)),
            value: (draft.action == Action::Purchase).then(|| Money {
                currency_code: "EUR".to_owned(),
                amount_micros: i64::from(draft.amount_cents) * 10_000,
            }),
            properties: properties
                .into_iter()
                .map(|(name, value)| (name.to_owned(), PropertyValue::String(value.to_owned())))
                .collect(),
        }
    }
}

impl Iterator for Generator {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && self.next_day < DAYS {
            self.draw_day();
        }
        let draft = self.ready.pop()?;
        Some(self.event(&draft))
    }
}

impl Action {
    fn draw(random: &mut Random) -> Self {
        match random.below(1000) {
            0..720 => Self::View,
            720..860 => Self::Scroll,
            860..940 => Self::Click,
            940..970 => Self::Search,
            970..985 => Self::Download,
            985..995 => Self::SignUp,
            _ => Self::Purchase,
        }
    }

    /// Its name and kind, and whether it is one of the visitor's deeds beside viewing.
    fn described(self) -> (&'static str, EventKind, bool) {
        match self {
            Self::View => ("page_view", EventKind::View, false),
            Self::Scroll => ("scroll", EventKind::Custom, false),
            Self::Click => ("click", EventKind::Click, true),
            Self::Search => ("search", EventKind::Custom, true),
            Self::Download => ("file_download", EventKind::Click, true),
            Self::SignUp => ("sign_up", EventKind::Conversion, true),
            Self::Purchase => ("purchase", EventKind::Conversion, true),
        }
    }
}

/// Draws what somebody does at one visit, and returns the time of the last event.
fn draw_visit(site: &Site, random: &mut Random, visitor: Visitor, start_ms: i64, drafts: &mut Vec<Draft>) -> i64 {
    let count = if random.chance(0.42) { 1 } else { 2 + (random.exponential(13.0) as u32).min(200) };
    let referrer = random.chance(0.6).then(|| site.draw_referrer(random));
    let campaign = random.chance(0.1).then(|| site.draw_campaign(random));
    let mut time_ms = start_ms;
    let mut page = site.draw_page(random);
    for number in 0..count {
        let action = if number == 0 && random.chance(0.97) { Action::View } else { Action::draw(random) };
        if number > 0 {
            time_ms += draw_pause_ms(random);
            if action == Action::View {
                page = site.draw_page(random);
            }
        }
        drafts.push(Draft {
            time_ms,
            micros: random.below(1000) as u16,
            id: random.bits(),
            visitor,
            action,
            page,
            // Only the first page of a visit was reached from elsewhere.
            referrer: referrer.filter(|_| number == 0),
            campaign: campaign.filter(|_| number == 0),
            amount_cents: 500 + random.below(20_000) as u32,
        });
    }
    time_ms
}

/// Mostly well under a minute; sometimes almost as long as a session may pause, and once in a while exactly that long.
fn draw_pause_ms(random: &mut Random) -> i64 {
    match random.below(1000) {
        0 => 30 * MINUTE_MS,
        1..30 => 5 * MINUTE_MS + random.below(24 * MINUTE_MS as u64) as i64,
        _ => 1 + (random.exponential(40_000.0) as i64).min(29 * MINUTE_MS),
    }
}

/// As a UUIDv7: the time first, then random bits.
fn event_id(draft: &Draft) -> [u8; 16] {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&draft.time_ms.to_be_bytes()[2..]);
    id[6..8].copy_from_slice(&(0x7000 | draft.micros).to_be_bytes());
    id[8..].copy_from_slice(&(draft.id >> 2 | 1 << 63).to_be_bytes());
    id
}

fn user_hash(user: u64) -> UserHash {
    let mut bits = Random::new(user);
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&bits.bits().to_be_bytes());
    hash[8..].copy_from_slice(&bits.bits().to_be_bytes());
    UserHash(hash)
}

fn screen_class(device: Option<DeviceClass>) -> ScreenClass {
    match device {
        Some(DeviceClass::Mobile) => ScreenClass::Mobile,
        Some(DeviceClass::Tablet) => ScreenClass::Tablet,
        _ => ScreenClass::Laptop,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use super::*;

    const EVENTS: u64 = 20_000;

    fn events() -> Vec<Event> {
        Generator::new(1, EVENTS).collect()
    }

    #[test]
    fn a_seed_always_gives_the_same_rows_and_another_seed_gives_others() {
        assert_eq!(events(), events());
        assert_ne!(events(), Generator::new(2, EVENTS).collect::<Vec<_>>());
        // Pinned, so that reports of different days compare.
        let first = &events()[0];
        assert_eq!(
            (first.time, first.page.as_deref()),
            (Millis(1_772_326_680_600), Some("/products/category-5/item-4880"))
        );
    }

    #[test]
    fn there_are_as_many_events_as_asked_for_in_the_order_of_time_and_each_has_an_id_of_its_own() {
        for count in [0, 1, 999, EVENTS] {
            let events: Vec<_> = Generator::new(1, count).collect();
            assert_eq!(events.len() as u64, count);
            assert!(events.is_sorted_by_key(|event| event.time));
            let ids: BTreeSet<_> = events.iter().map(|event| event.event_id).collect();
            assert_eq!(ids.len() as u64, count);
        }
    }

    #[test]
    fn the_shapes_are_those_of_a_site() {
        let events = events();
        let share = |test: &dyn Fn(&Event) -> bool| {
            events.iter().filter(|event| test(event)).count() as f64 / events.len() as f64
        };
        let near = |share: f64, expected: f64| (share - expected).abs() < expected * 0.4;
        assert!(near(share(&|event| event.actor.visitor.is_none()), 0.03));
        assert!(near(share(&|event| event.actor.user.is_some()), 0.1));
        assert!(near(share(&|event| event.kind == EventKind::View), 0.75));
        assert!(share(&|event| event.page.as_deref() == Some("/")) > 0.03, "the first page is frequent");
        let pages: BTreeSet<_> = events.iter().map(|event| &event.page).collect();
        assert!(pages.len() > 2_000, "and there are many rare ones");
        let over_midnight = share(&|event| event.time.0 >= (i64::from(event.visitor_day.0) + 1) * DAY_MS);
        assert!(over_midnight > 0.0 && over_midnight < 0.02);
        let days: BTreeSet<_> = events.iter().map(|event| event.visitor_day).collect();
        assert_eq!(days.len(), DAYS);
    }

    #[test]
    fn what_the_sql_relies_on_holds() {
        let mut times: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut days = HashMap::new();
        let mut sessions = 0;
        for event in events() {
            let Some(VisitorHash(visitor)) = event.actor.visitor else { continue };
            times.entry(visitor).or_default().push(event.time.0);
            let day = days.entry(visitor).or_insert(event.visitor_day);
            assert_eq!(*day, event.visitor_day, "a hash is of one day");
        }
        for times in times.values() {
            let mut start = times[0];
            sessions += 1;
            for pair in times.windows(2) {
                assert!(pair[0] < pair[1], "two events of a visitor in one millisecond");
                if pair[1] - pair[0] > 30 * MINUTE_MS {
                    start = pair[1];
                    sessions += 1;
                }
                assert!(pair[1] - start < DAY_MS, "a session of 24 hours");
            }
        }
        let per_session = EVENTS as f64 / f64::from(sessions);
        assert!((7.0..9.5).contains(&per_session), "{per_session} events a session");
    }
}
