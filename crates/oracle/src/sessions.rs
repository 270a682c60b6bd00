//! Visitor days and sessions.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    classify::{Event, Kind},
    days::{self, Day},
};

/// A gap of more than this begins a new session.
const LONGEST_GAP_S: i64 = 30 * 60;
/// An event at or after this, counted from the session's start, begins a new session.
const LONGEST_SESSION_S: i64 = 24 * 60 * 60;

/// What "visitors" counts the different ones of: a (network, agent) within one visitor day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Visitor {
    day: Date,
    /// The number of the (network, agent) pair.
    client: usize,
}

pub(crate) struct Session {
    pub(crate) start_s: i64,
    pub(crate) last_s: i64,
    pub(crate) views: u64,
    /// Events of a download: they are clicks, and a click is interactive.
    pub(crate) interactive: u64,
}

/// The sessions, and for each event its visitor (absent where the event has no client).
pub(crate) fn derive(events: &[Event], all_days: &[Day]) -> (Vec<Session>, Vec<Option<Visitor>>) {
    let mut events_of_client: BTreeMap<&(String, String), Vec<usize>> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        if let Some(client) = &event.client {
            events_of_client.entry(client).or_default().push(index);
        }
    }

    let mut sessions = Vec::new();
    let mut visitors = vec![None; events.len()];
    for (client, mut indexes) in events_of_client.into_values().enumerate() {
        indexes.sort_by_key(|index| events[*index].time_s);

        let mut running: Option<Session> = None;
        for index in indexes {
            let event = &events[index];
            let goes_on = running.as_ref().is_some_and(|session| {
                event.time_s - session.last_s <= LONGEST_GAP_S && event.time_s - session.start_s < LONGEST_SESSION_S
            });
            if !goes_on {
                let fresh = Session { start_s: event.time_s, last_s: event.time_s, views: 0, interactive: 0 };
                sessions.extend(running.replace(fresh));
            }
            let session = running.as_mut().expect("made just above");
            session.last_s = event.time_s;
            match event.kind {
                Kind::View => session.views += 1,
                Kind::Download => session.interactive += 1,
            }
            visitors[index] = Some(Visitor { day: days::day_of(all_days, session.start_s), client });
        }
        sessions.extend(running);
    }
    (sessions, visitors)
}
