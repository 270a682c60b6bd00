//! Calls that share an entry.

use std::time::Duration;

use analytics_domain::{
    DurationMs, EntryId, Event, ProjectId,
    ports::{AckLevel, EventOutcome, LogEntry, LogError, Receipt},
};
use tokio::{sync::oneshot, time::Instant};

use super::{Level, Logged};

/// No more events than this share an entry.
const MAX_EVENTS: usize = 1000;
/// No more bytes of requests than this share an entry.
const MAX_BYTES: usize = 512 * 1024;
/// Everybody in a group waits for a commit until the earliest deadline. A call whose own is further away than this from it goes alone.
const DEADLINES_WITHIN: Duration = Duration::from_millis(500);

/// One call's events, and who waits for them.
pub(super) struct Call {
    pub(super) events: Vec<Event>,
    pub(super) bytes: usize,
    pub(super) deadline: Instant,
    pub(super) reply: oneshot::Sender<Result<Logged, LogError>>,
}

/// Calls that go into the log together.
#[derive(Default)]
pub(super) struct Group {
    calls: Vec<Call>,
    events: usize,
    bytes: usize,
}

impl Group {
    pub(super) fn of(call: Call) -> Self {
        Self { events: call.events.len(), bytes: call.bytes, calls: vec![call] }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Takes a call in.
    ///
    /// # Errors
    /// What has to go into the log by itself now, as not everything fits: those who came before the call, or the call alone.
    pub(super) fn admit(&mut self, call: Call) -> Result<(), Self> {
        if self.calls.first().is_some_and(|first| distance(first.deadline, call.deadline) > DEADLINES_WITHIN) {
            return Err(Self::of(call));
        }
        let fits = self.events + call.events.len() <= MAX_EVENTS && self.bytes + call.bytes <= MAX_BYTES;
        if !fits && !self.is_empty() {
            return Err(std::mem::replace(self, Self::of(call)));
        }
        self.events += call.events.len();
        self.bytes += call.bytes;
        self.calls.push(call);
        Ok(())
    }

    /// The entry, and those who wait for it; none when nobody waits any more.
    pub(super) fn into_entry(self, project: ProjectId) -> Option<(LogEntry, Waiting)> {
        let mut events = Vec::new();
        let mut waiting = Waiting { replies: Vec::with_capacity(self.calls.len()), until: None };
        for call in self.calls {
            // Who gave up meanwhile was told that nothing is known, and sends it again or not: it need not be appended.
            if call.reply.is_closed() {
                continue;
            }
            waiting.replies.push((call.events.len(), call.reply));
            waiting.until = Some(waiting.until.map_or(call.deadline, |until| until.min(call.deadline)));
            if events.is_empty() {
                events = call.events;
            } else {
                events.extend(call.events);
            }
        }
        if events.is_empty() {
            return None;
        }
        // 63 random bits: the id only has to differ from those of other entries that hold the same event.
        let id = EntryId(i64::from_be_bytes(rand::random::<[u8; 8]>()) & i64::MAX);
        Some((LogEntry { id, project, events }, waiting))
    }
}

/// Those who wait for an entry, each with the number of his events, in their order in it.
pub(super) struct Waiting {
    replies: Vec<(usize, oneshot::Sender<Result<Logged, LogError>>)>,
    until: Option<Instant>,
}

impl Waiting {
    pub(super) fn calls(&self) -> usize {
        self.replies.len()
    }

    pub(super) fn ack(&self, level: Level) -> AckLevel {
        match level {
            Level::Durable => AckLevel::Durable,
            Level::Committed => {
                let left = self.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
                AckLevel::Committed { within: DurationMs(left.as_millis() as i64) }
            }
        }
    }

    /// Tells each what became of his own events.
    pub(super) fn tell(self, entry: EntryId, result: Result<Receipt, LogError>) {
        let mut outcomes = match &result {
            Ok(Receipt::Committed(outcomes)) => outcomes.as_slice(),
            Ok(Receipt::Durable) | Err(_) => &[],
        };
        for (count, reply) in self.replies {
            let result = match &result {
                Ok(Receipt::Durable) => Ok(Logged { entry, receipt: Receipt::Durable }),
                Ok(Receipt::Committed(_)) => {
                    let own = take(&mut outcomes, count);
                    Ok(Logged { entry, receipt: Receipt::Committed(own) })
                }
                Err(error) => Err(error.clone()),
            };
            // Nobody listens when the caller gave up.
            let _unheard = reply.send(result);
        }
    }
}

/// The next outcomes, fewer when there are fewer.
fn take(outcomes: &mut &[EventOutcome], count: usize) -> Vec<EventOutcome> {
    let (own, rest) = outcomes.split_at(count.min(outcomes.len()));
    *outcomes = rest;
    own.to_vec()
}

fn distance(one: Instant, other: Instant) -> Duration {
    one.saturating_duration_since(other) + other.saturating_duration_since(one)
}
