//! Which visitor day an event belongs to, decided on arrival by the sessions seen so far.
//!
//! The ephemeral store keeps, under each (visitor day, visitor), the last session that began on that day. An event of that visitor
//! continues it while it is no more than the timeout after its last event and less than 24 hours after its start, whatever the
//! calendar says; otherwise the event keeps its own day. Each store applies [`decide`] atomically.

use crate::{DurationMs, Millis};

/// No session lasts longer: an event at or after this since its start begins another.
pub const SESSION_CAP: DurationMs = DurationMs(24 * 60 * 60 * 1000);

/// The last session that began on one visitor day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningSession {
    /// The time of its first event.
    pub start: Millis,
    /// The time of its last event so far.
    pub last: Millis,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The index of the candidate day that the event belongs to.
    pub candidate: usize,
    /// The session to keep under that day from now on.
    pub session: RunningSession,
}

/// Decides among candidate days, oldest first, the event's own day last: `sessions[i]` is what is kept under the i-th.
///
/// A session that already spans the event's time wins (so that repeating a batch decides the same again), then the one whose last
/// event is the latest. `sessions` must not be empty.
pub fn decide(sessions: &[Option<RunningSession>], time: Millis, timeout: DurationMs) -> Decision {
    let spanning = sessions.iter().enumerate().find_map(|(candidate, session)| {
        let session = (*session)?;
        (session.start <= time && time <= session.last).then_some(Decision { candidate, session })
    });
    let continued = || {
        sessions
            .iter()
            .enumerate()
            .filter_map(|(candidate, session)| Some((candidate, (*session)?)))
            .filter(|(_, session)| {
                session.last <= time && time.since(session.last) <= timeout && time.since(session.start) < SESSION_CAP
            })
            .max_by_key(|(_, session)| session.last)
            .map(|(candidate, session)| Decision {
                candidate,
                session: RunningSession { start: session.start, last: time },
            })
    };
    spanning.or_else(continued).unwrap_or_else(|| {
        let candidate = sessions.len().saturating_sub(1);
        let kept = sessions.last().copied().flatten();
        Decision { candidate, session: own_day(kept, time, timeout) }
    })
}

/// The session to keep under the event's own day when the event continues none: a late event must not hide a newer session.
fn own_day(kept: Option<RunningSession>, time: Millis, timeout: DurationMs) -> RunningSession {
    match kept {
        Some(session) if time < session.start => {
            let joins = session.start.since(time) <= timeout && session.last.since(time) < SESSION_CAP;
            RunningSession { start: if joins { time } else { session.start }, last: session.last }
        }
        _ => RunningSession { start: time, last: time },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: DurationMs = DurationMs(30 * 60 * 1000);
    const MINUTE: i64 = 60 * 1000;

    fn session(start: i64, last: i64) -> Option<RunningSession> {
        Some(RunningSession { start: Millis(start), last: Millis(last) })
    }

    #[test]
    fn a_gap_of_exactly_the_timeout_continues_and_one_more_millisecond_does_not() {
        let kept = [session(0, 0), None];
        assert_eq!(decide(&kept, Millis(30 * MINUTE), TIMEOUT).candidate, 0);
        assert_eq!(decide(&kept, Millis(30 * MINUTE + 1), TIMEOUT).candidate, 1);
    }

    #[test]
    fn a_session_ends_exactly_24_hours_after_its_start() {
        let almost = SESSION_CAP.0 - MINUTE;
        let kept = [session(0, almost), None];
        assert_eq!(decide(&kept, Millis(SESSION_CAP.0 - 1), TIMEOUT).candidate, 0);
        assert_eq!(decide(&kept, Millis(SESSION_CAP.0), TIMEOUT).candidate, 1);
    }

    #[test]
    fn an_event_repeated_after_its_successors_gets_the_same_day() {
        let kept = [session(0, 20 * MINUTE), session(90 * MINUTE, 95 * MINUTE)];
        let decision = decide(&kept, Millis(10 * MINUTE), TIMEOUT);
        assert_eq!(
            decision,
            Decision { candidate: 0, session: RunningSession { start: Millis(0), last: Millis(20 * MINUTE) } }
        );
    }

    #[test]
    fn a_late_event_of_the_same_day_does_not_hide_the_newer_session() {
        let kept = [session(100 * MINUTE, 110 * MINUTE)];
        assert_eq!(
            decide(&kept, Millis(0), TIMEOUT).session,
            RunningSession { start: Millis(100 * MINUTE), last: Millis(110 * MINUTE) }
        );
        assert_eq!(decide(&kept, Millis(80 * MINUTE), TIMEOUT).session.start, Millis(80 * MINUTE));
    }
}
