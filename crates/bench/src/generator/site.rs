//! The site whose events are generated: its pages, where its visitors come from and what they use.

use super::random::{Random, Weighted};

pub(super) const PAGES: usize = 5_000;
const REFERRERS: usize = 300;
const CAMPAIGNS: usize = 40;
pub(super) const HOST: &str = "www.example.com";

/// Browser, operating system and device class, with their weights.
pub(super) const SOFTWARE: [(&str, &str, &str, f64); 12] = [
    ("Chrome", "Windows", "desktop", 27.0),
    ("Chrome", "Android", "mobile", 22.0),
    ("Safari", "iOS", "mobile", 18.0),
    ("Chrome", "Mac OS X", "desktop", 8.0),
    ("Edge", "Windows", "desktop", 7.0),
    ("Safari", "Mac OS X", "desktop", 5.0),
    ("Firefox", "Windows", "desktop", 4.0),
    ("Samsung Internet", "Android", "mobile", 3.0),
    ("Firefox", "Linux", "desktop", 2.0),
    ("Safari", "iPadOS", "tablet", 2.0),
    ("Firefox", "Android", "mobile", 1.5),
    ("Opera", "Windows", "desktop", 0.5),
];
pub(super) const LANGUAGES: [(&str, f64); 10] = [
    ("en-US", 38.0),
    ("de-DE", 17.0),
    ("en-GB", 12.0),
    ("fr-FR", 8.0),
    ("es-ES", 7.0),
    ("pt-BR", 6.0),
    ("it-IT", 4.0),
    ("nl-NL", 3.0),
    ("ja-JP", 3.0),
    ("de-CH", 2.0),
];
const WELL_KNOWN_REFERRERS: [&str; 6] =
    ["google.com", "bing.com", "news.ycombinator.com", "duckduckgo.com", "t.co", "facebook.com"];
pub(super) const PLANS: [&str; 3] = ["free", "pro", "team"];

/// Hour of the day: a quiet night, a peak at noon and a higher one in the evening.
const HOURS: [f64; 24] = [
    1.2, 0.8, 0.6, 0.5, 0.5, 0.8, 1.6, 2.8, 4.2, 5.2, 5.6, 5.8, 6.0, 5.6, 5.4, 5.4, 5.6, 5.8, 6.2, 6.8, 7.0, 6.2, 4.2,
    2.2,
];
/// Day of the week from Sunday: 2026-03-01 is one.
const WEEKDAYS: [f64; 7] = [0.8, 1.1, 1.15, 1.1, 1.1, 1.0, 0.75];

pub(super) struct Site {
    pub(super) pages: Vec<String>,
    pub(super) referrers: Vec<String>,
    pub(super) campaigns: Vec<String>,
    page_weights: Weighted,
    referrer_weights: Weighted,
    campaign_weights: Weighted,
    software_weights: Weighted,
    language_weights: Weighted,
    hour_weights: Weighted,
}

impl Site {
    pub(super) fn new() -> Self {
        let page = |rank: usize| match rank {
            0 => "/".to_owned(),
            1 => "/pricing".to_owned(),
            rank if rank % 3 == 0 => format!("/blog/article-{rank}"),
            rank if rank % 3 == 1 => format!("/docs/section-{}/page-{rank}", rank % 40),
            rank => format!("/products/category-{}/item-{rank}", rank % 25),
        };
        let referrer = |rank: usize| match WELL_KNOWN_REFERRERS.get(rank) {
            Some(host) => (*host).to_owned(),
            None => format!("site-{rank}.example.org"),
        };
        Self {
            pages: (0..PAGES).map(page).collect(),
            referrers: (0..REFERRERS).map(referrer).collect(),
            campaigns: (0..CAMPAIGNS).map(|rank| format!("campaign-{rank}")).collect(),
            page_weights: Weighted::zipf(PAGES, 2.7),
            referrer_weights: Weighted::zipf(REFERRERS, 1.0),
            campaign_weights: Weighted::zipf(CAMPAIGNS, 3.0),
            software_weights: Weighted::new(SOFTWARE.map(|(.., weight)| weight)),
            language_weights: Weighted::new(LANGUAGES.map(|(_, weight)| weight)),
            hour_weights: Weighted::new(HOURS),
        }
    }

    pub(super) fn draw_page(&self, random: &mut Random) -> u16 {
        self.page_weights.draw(random) as u16
    }

    pub(super) fn draw_referrer(&self, random: &mut Random) -> u16 {
        self.referrer_weights.draw(random) as u16
    }

    pub(super) fn draw_campaign(&self, random: &mut Random) -> u8 {
        self.campaign_weights.draw(random) as u8
    }

    pub(super) fn draw_software(&self, random: &mut Random) -> u8 {
        self.software_weights.draw(random) as u8
    }

    pub(super) fn draw_language(&self, random: &mut Random) -> u8 {
        self.language_weights.draw(random) as u8
    }

    /// Milliseconds since midnight.
    pub(super) fn draw_time_of_day(&self, random: &mut Random) -> i64 {
        let hour = self.hour_weights.draw(random) as i64;
        hour * 3_600_000 + random.below(3_600_000) as i64
    }

    /// How many of so many events fall on each of so many days, from a Sunday on.
    pub(super) fn events_by_day(&self, events: u64, days: usize) -> Vec<u64> {
        let weight = |day: usize| WEEKDAYS[day % WEEKDAYS.len()];
        let sum: f64 = (0..days).map(weight).sum();
        let mut by_day: Vec<u64> = (0..days).map(|day| (events as f64 * weight(day) / sum) as u64).collect();
        let rest = events.saturating_sub(by_day.iter().sum());
        if let Some(last) = by_day.last_mut() {
            *last += rest;
        }
        by_day
    }
}
