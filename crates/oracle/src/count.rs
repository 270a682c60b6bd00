//! The count of a log: its lines, its totals, its days, its pages.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use crate::{
    bots,
    classify::{self, LineCounts},
    days,
    measure::{self, Measures},
    pages::{self, PageMetric, Pages, Scope, TopPages},
    sessions,
};

/// Whether events of bots are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bots {
    /// Leave them out and count them by themselves.
    Filter,
    /// Treat them as anybody else: `--include-bots`.
    Include,
}

/// How to count.
pub struct Rules<'a> {
    /// The project's zone.
    pub zone: TimeZone,
    /// Whether bots count.
    pub bots: Bots,
    /// Who is a bot, by the user agent (the empty string where the log has none). For a real log this must be the
    /// product's own rule.
    pub is_bot: &'a dyn Fn(&str) -> bool,
    /// Path to page. The product replaces parts of a path that look like personal data; generated logs have no such
    /// paths, for a real log pass a function that does the same.
    pub page_rewrite: &'a dyn Fn(&str) -> String,
    /// Count the days `[from, to)` only. Visitor days and sessions still come from the whole log: a range selects,
    /// it does not clip.
    pub range: Option<(Date, Date)>,
}

impl Rules<'_> {
    /// For a generated log: bots left out by [`is_well_known_bot`](crate::is_well_known_bot), pages as they are, all days.
    #[must_use]
    pub fn of(zone: TimeZone) -> Self {
        Self { zone, bots: Bots::Filter, is_bot: &bots::is_well_known_bot, page_rewrite: &str::to_owned, range: None }
    }
}

/// What [`count`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Count {
    /// The IANA name of the zone.
    pub zone: String,
    /// Whether bots counted.
    pub bots: Bots,
    /// What became of each line of the whole log; the range does not matter here.
    pub lines: LineCounts,
    /// Over the range, or all days.
    pub totals: Measures,
    /// Every day of the range, or from the first event's to the last's; empty days are present.
    pub days: Vec<DayCount>,
    #[serde(skip)]
    pages: Pages,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayCount {
    /// The local date, as `2024-10-27`.
    pub date: String,
    /// Its first instant, as `2024-10-26T22:00:00Z`.
    pub start: String,
    /// How long it is: 86,400 on most days.
    pub seconds: u64,
    /// Its metrics.
    #[serde(flatten)]
    pub measures: Measures,
}

impl Count {
    /// The first `limit` pages by a metric, and the others. Of the same range as the totals.
    #[must_use]
    pub fn top_pages(&self, limit: usize, metric: PageMetric, scope: Scope) -> TopPages {
        pages::top(&self.pages, limit, metric, scope)
    }
}

/// Counts a log (plain text, not compressed) by METRICS.md and the import rule for access logs. The order of the
/// lines changes nothing but the numbers of the unparsable ones.
#[must_use]
pub fn count(log: &[u8], rules: &Rules<'_>) -> Count {
    let (lines, events) = classify::classify(log, rules);

    let mut instants: Vec<i64> = events.iter().map(|event| event.time_s).collect();
    if let Some((from, to)) = rules.range {
        // A day more at each end than needed: which days the range really has is decided by their dates, below.
        instants.push(noon_utc_s(from) - 2 * 86_400);
        instants.push(noon_utc_s(to) + 2 * 86_400);
    }
    let first_s = instants.iter().min().copied().unwrap_or_default();
    let last_s = instants.iter().max().copied().unwrap_or_default();
    let all_days = days::days_between(&rules.zone, first_s, last_s);
    let (sessions, visitors) = sessions::derive(&events, &all_days);

    let mut chosen_days = Vec::new();
    for day in &all_days {
        if !instants.is_empty() && rules.range.is_none_or(|(from, to)| from <= day.date && day.date < to) {
            chosen_days.push(*day);
        }
    }
    let start_s = chosen_days.first().map_or(0, |day| day.start_s);
    let end_s = chosen_days.last().map_or(0, |day| day.end_s);

    let mut days = Vec::new();
    for day in &chosen_days {
        days.push(DayCount {
            date: day.date.to_string(),
            start: Timestamp::from_second(day.start_s).expect("a date of this era").to_string(),
            seconds: (day.end_s - day.start_s) as u64,
            measures: measure::measure(&events, &visitors, &sessions, day.start_s, day.end_s),
        });
    }
    Count {
        zone: rules.zone.iana_name().unwrap_or("unnamed").to_owned(),
        bots: rules.bots,
        lines,
        totals: measure::measure(&events, &visitors, &sessions, start_s, end_s),
        days,
        pages: pages::gather(&events, &visitors, start_s, end_s),
    }
}

fn noon_utc_s(date: Date) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(date.at(12, 0, 0, 0)).expect("a date of this era").as_second()
}
