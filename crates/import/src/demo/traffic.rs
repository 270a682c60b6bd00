//! How many come when, and from where.

use jiff::civil::{Date, Time, Weekday};

use super::random::Random;

/// Sessions of an average day at scale 1, the last of the demo.
const SESSIONS_A_DAY: f64 = 1120.0;

/// What streams of random numbers are for; see `people`.
const WEATHER: u64 = 3;

/// Shares of the hours of a working day: before work, lunch, evening.
const WORKING_HOURS: [u32; 24] =
    [9, 5, 3, 2, 2, 4, 10, 22, 36, 44, 48, 47, 52, 50, 46, 44, 43, 46, 52, 60, 66, 58, 40, 26];
/// On a weekend people sleep longer and stay longer.
const WEEKEND_HOURS: [u32; 24] =
    [16, 10, 6, 4, 3, 3, 5, 10, 20, 34, 46, 52, 50, 46, 46, 48, 50, 50, 52, 58, 62, 56, 44, 32];

/// How many sessions begin on a day. For days further back there are fewer, and never more on a later look at the same day: so a demo
/// that is filled again has no other events for the days that it had.
pub(super) fn sessions_on(seed: u64, date: Date, day: i64, days_ago: u32, scale: f64) -> u64 {
    let weekday = match date.weekday() {
        Weekday::Monday => 1.08,
        Weekday::Tuesday => 1.12,
        Weekday::Wednesday => 1.1,
        Weekday::Thursday => 1.06,
        Weekday::Friday => 0.94,
        Weekday::Saturday => 0.78,
        Weekday::Sunday => 0.88,
    };
    let weather = Random::of(&[seed, WEATHER, day as u64]).between(0.93, 1.07);
    let campaigns: f64 = CAMPAIGNS.iter().filter(|campaign| campaign.runs_on(day)).map(|campaign| campaign.lift).sum();
    let growth = (-f64::from(days_ago) / 140.0).exp().max(0.35);
    (SESSIONS_A_DAY * weekday * weather * (1.0 + campaigns) * growth * scale).round() as u64
}

/// When a session begins, by the clock on the wall.
pub(super) fn start_of_session(random: &mut Random, date: Date) -> Time {
    let hours = match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => &WEEKEND_HOURS,
        _ => &WORKING_HOURS,
    };
    let mut at = random.below(u64::from(hours.iter().sum::<u32>())) as u32;
    let mut hour = 0;
    for share in hours {
        if at < *share {
            break;
        }
        at -= share;
        hour += 1;
    }
    let [minute, second, millisecond] = [60, 60, 1000].map(|bound| random.below(bound));
    Time::constant(hour, minute as i8, second as i8, millisecond as i32 * 1_000_000)
}

/// Links with tags.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Landing {
    Product,
    Products,
    Post,
}

/// A campaign that runs for some days of each cycle.
#[derive(Debug)]
pub(super) struct Campaign {
    tags: &'static str,
    /// How much more traffic it brings, as a share.
    pub(super) lift: f64,
    pub(super) landing: Landing,
    pub(super) referrer: &'static str,
    cycle_days: i64,
    first_day: i64,
    days: i64,
}

#[rustfmt::skip]
const CAMPAIGNS: &[Campaign] = &[
    Campaign { tags: "utm_source=google&utm_medium=cpc&utm_campaign=brand", lift: 0.06, landing: Landing::Products, referrer: "https://www.google.com/", cycle_days: 1, first_day: 0, days: 1 },
    Campaign { tags: "utm_source=bing&utm_medium=cpc&utm_campaign=tents&utm_term=two+person+tent", lift: 0.02, landing: Landing::Product, referrer: "https://www.bing.com/", cycle_days: 1, first_day: 0, days: 1 },
    // Day 0 was a Thursday: newsletters go out on Tuesdays and are read for two days.
    Campaign { tags: "utm_source=newsletter&utm_medium=email&utm_campaign=weekly", lift: 0.14, landing: Landing::Post, referrer: "", cycle_days: 7, first_day: 5, days: 2 },
    Campaign { tags: "utm_source=instagram&utm_medium=social&utm_campaign=ridge-launch&utm_content=video", lift: 0.35, landing: Landing::Product, referrer: "https://l.instagram.com/", cycle_days: 38, first_day: 9, days: 5 },
    Campaign { tags: "utm_source=newsletter&utm_medium=email&utm_campaign=season-sale&utm_content=top-button", lift: 0.3, landing: Landing::Products, referrer: "", cycle_days: 45, first_day: 21, days: 4 },
    Campaign { tags: "utm_source=hikers.example.org&utm_medium=affiliate&utm_campaign=tested", lift: 0.04, landing: Landing::Product, referrer: "https://hikers.example.org/tents", cycle_days: 1, first_day: 0, days: 1 },
];

impl Campaign {
    fn runs_on(&self, day: i64) -> bool {
        (day - self.first_day).rem_euclid(self.cycle_days) < self.days
    }
}

/// How somebody came.
#[derive(Debug)]
pub(super) struct Source {
    /// Empty when the browser sent none.
    pub(super) referrer: &'static str,
    /// The query of the first page; empty without a campaign.
    pub(super) tags: &'static str,
    pub(super) landing: Option<Landing>,
}

const REFERRERS: &[(u32, &str)] = &[
    (300, ""),
    (290, "https://www.google.com/"),
    (34, "https://www.bing.com/"),
    (40, "https://duckduckgo.com/"),
    (16, "https://www.ecosia.org/"),
    (26, "https://www.reddit.com/"),
    (18, "https://www.facebook.com/"),
    (14, "https://t.co/"),
    (10, "https://www.linkedin.com/"),
    (12, "https://mastodon.social/"),
    (10, "https://www.youtube.com/"),
    (14, "https://news.example.com/outdoor"),
    (8, "https://en.wikipedia.org/"),
    (8, "https://forum.example.net/threads/best-tent"),
];

/// Draws how a session came about.
pub(super) fn source(random: &mut Random, day: i64) -> Source {
    let mut at = random.unit() * (1.0 + CAMPAIGNS.iter().filter(|c| c.runs_on(day)).map(|c| c.lift).sum::<f64>());
    for campaign in CAMPAIGNS.iter().filter(|campaign| campaign.runs_on(day)) {
        if at < campaign.lift {
            return Source { referrer: campaign.referrer, tags: campaign.tags, landing: Some(campaign.landing) };
        }
        at -= campaign.lift;
    }
    Source { referrer: random.by_share::<&str>(REFERRERS), tags: "", landing: None }
}
