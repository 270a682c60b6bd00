//! The metrics of one interval.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    classify::{Event, Kind},
    sessions::{Session, Visitor},
};

/// A session at least this long is engaged.
const ENGAGED_S: i64 = 10;

/// The metrics of an interval: events and visitors by the events' time, sessions by their start and whole, whatever
/// of them lies outside. Rates are fractions, absent without a session.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Measures {
    /// Views and downloads.
    pub events: u64,
    /// Events that are views.
    pub views: u64,
    /// Different (visitor day, visitor) pairs.
    pub visitors: u64,
    /// Events whose client is no address, and which so have neither visitor nor session.
    pub events_without_visitor: u64,
    /// Sessions that began in the interval.
    pub sessions: u64,
    /// Of those, the ones with exactly one view and no download.
    pub bounces: u64,
    /// `bounces ÷ sessions`
    pub bounce_rate: Option<f64>,
    /// Sessions of 10 s or longer, or with two views or more. (No event of an access log is a conversion.)
    pub engaged_sessions: u64,
    /// `engaged_sessions ÷ sessions`
    pub engagement_rate: Option<f64>,
    /// Sum over the sessions of last minus first event, in milliseconds.
    pub session_duration_sum_ms: u64,
    /// `session_duration_sum_ms ÷ sessions`; sessions of one event count as 0.
    pub session_duration_mean_ms: Option<f64>,
    /// Sum over the sessions of their views.
    pub session_views: u64,
    /// `session_views ÷ sessions`
    pub views_per_session: Option<f64>,
}

/// Measures `[start_s, end_s)`.
pub(crate) fn measure(
    events: &[Event],
    visitors: &[Option<Visitor>],
    sessions: &[Session],
    start_s: i64,
    end_s: i64,
) -> Measures {
    let inside = |time_s: i64| start_s <= time_s && time_s < end_s;
    let mut sum = Measures::default();

    let mut different = BTreeSet::new();
    for (event, visitor) in events.iter().zip(visitors) {
        if !inside(event.time_s) {
            continue;
        }
        sum.events += 1;
        if event.kind == Kind::View {
            sum.views += 1;
        }
        match visitor {
            Some(visitor) => {
                different.insert(*visitor);
            }
            None => sum.events_without_visitor += 1,
        }
    }
    sum.visitors = different.len() as u64;

    for session in sessions {
        if !inside(session.start_s) {
            continue;
        }
        let duration_s = session.last_s - session.start_s;
        sum.sessions += 1;
        sum.session_views += session.views;
        sum.session_duration_sum_ms += duration_s as u64 * 1000;
        if session.views == 1 && session.interactive == 0 {
            sum.bounces += 1;
        }
        if duration_s >= ENGAGED_S || session.views >= 2 {
            sum.engaged_sessions += 1;
        }
    }
    let per_session = |count: u64| (sum.sessions > 0).then(|| count as f64 / sum.sessions as f64);
    sum.bounce_rate = per_session(sum.bounces);
    sum.engagement_rate = per_session(sum.engaged_sessions);
    sum.session_duration_mean_ms = per_session(sum.session_duration_sum_ms);
    sum.views_per_session = per_session(sum.session_views);
    sum
}
