//! Group commit: small calls that come while an entry of their project is on its way into the log share the next entry.
//!
//! A call that finds its project idle is appended at once, alone. Syncing a disk costs the same for one event as for a thousand, so
//! everybody who comes meanwhile goes together. Each call gets its own part of the outcome; a failure is everybody's.

mod group;

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use analytics_domain::{
    DurationMs, EntryId, Event, ProjectId,
    ports::{EventLog, LogError, Receipt},
};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

use group::{Call, Group};

/// A call with more events than this is an entry of its own: what it costs is the events, not the sync.
const MAX_EVENTS_OF_CALL: usize = 50;
/// Likewise, in bytes of its request.
const MAX_BYTES_OF_CALL: usize = 64 * 1024;

/// What a call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    Durable,
    Committed,
}

/// Events to append, and on whose terms.
pub(crate) struct Append {
    pub(crate) project: ProjectId,
    pub(crate) events: Vec<Event>,
    /// About as many as the events take.
    pub(crate) bytes: usize,
    pub(crate) level: Level,
    /// When the caller has to have an answer.
    pub(crate) deadline: Instant,
}

/// What became of an [`Append`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logged {
    /// The entry that holds its events, maybe among others.
    pub(crate) entry: EntryId,
    /// The outcomes, if any, are those of its own events.
    pub(crate) receipt: Receipt,
}

/// A log whose small appends share entries.
#[derive(Clone)]
pub(crate) struct GroupedLog(Arc<Shared>);

struct Shared {
    log: Arc<dyn EventLog>,
    /// The next entry of each lane that has one on its way.
    lanes: Mutex<HashMap<Lane, Group>>,
}

/// What may share an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Lane {
    project: ProjectId,
    level: Level,
}

impl GroupedLog {
    pub(crate) fn new(log: Arc<dyn EventLog>) -> Self {
        Self(Arc::new(Shared { log, lanes: Mutex::default() }))
    }

    /// Appends events, maybe in one entry with those of others. Whoever stops waiting before the entry is made takes his events back.
    ///
    /// # Errors
    /// When the log takes nothing, or did not answer by the deadline: appending the same events again is safe.
    pub(crate) async fn append(&self, append: Append) -> Result<Logged, LogError> {
        let lane = Lane { project: append.project, level: append.level };
        let gives_up = match append.level {
            Level::Durable => append.deadline,
            // At the deadline the log says that the entry is durable, if it is.
            Level::Committed => append.deadline + word_of_the_log(append.deadline),
        };
        let (reply, answer) = oneshot::channel();
        let call = Call { events: append.events, bytes: append.bytes, deadline: append.deadline, reply };
        self.0.clone().enqueue(lane, call);
        match timeout_at(gives_up, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(unavailable("an append ended badly")),
            Err(_) => Err(unavailable("it did not answer by the caller's deadline")),
        }
    }
}

/// How long after a deadline the log may take to say what it knows. Callers keep twice that for the way back.
fn word_of_the_log(deadline: Instant) -> Duration {
    (deadline.saturating_duration_since(Instant::now()) / 20).min(Duration::from_millis(50))
}

fn unavailable(reason: &str) -> LogError {
    LogError::Unavailable { reason: reason.to_owned(), retry_after: DurationMs(1000) }
}

impl Shared {
    /// Sees to it that the call is appended, in a task of its own: an append must not depend on anybody waiting for it.
    fn enqueue(self: Arc<Self>, lane: Lane, call: Call) {
        if call.events.len() > MAX_EVENTS_OF_CALL || call.bytes > MAX_BYTES_OF_CALL {
            tokio::spawn(async move { self.write(lane, Group::of(call)).await });
            return;
        }
        let first = {
            let mut lanes = self.lanes();
            match lanes.entry(lane) {
                Entry::Vacant(idle) => {
                    idle.insert(Group::default());
                    Group::of(call)
                }
                Entry::Occupied(mut next) => {
                    let Err(group) = next.get_mut().admit(call) else { return };
                    drop(lanes);
                    // It does not fit, and waiting longer would not help: whether there is room is for the log to say.
                    tokio::spawn(async move { self.write(lane, group).await });
                    return;
                }
            }
        };
        tokio::spawn(async move { self.drive(lane, first).await });
    }

    /// Writes entry after entry of a lane until nobody waits.
    async fn drive(self: Arc<Self>, lane: Lane, first: Group) {
        let occupied = Occupied { shared: &self, lane };
        let mut group = first;
        loop {
            self.write(lane, group).await;
            let mut lanes = self.lanes();
            match lanes.get_mut(&lane).map(std::mem::take) {
                Some(next) if !next.is_empty() => group = next,
                _ => {
                    lanes.remove(&lane);
                    drop(lanes);
                    std::mem::forget(occupied);
                    return;
                }
            }
        }
    }

    async fn write(&self, lane: Lane, group: Group) {
        let Some((entry, waiting)) = group.into_entry(lane.project) else { return };
        let id = entry.id;
        let ack = waiting.ack(lane.level);
        let result = self.log.append(entry, ack).await;
        if result.is_ok() {
            metrics::counter!("analytics_collector_entries_total").increment(1);
            metrics::counter!("analytics_collector_logged_calls_total").increment(waiting.calls() as u64);
        }
        waiting.tell(id, result);
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Lane, Group>> {
        // Nothing panics while it holds the lock.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lane whose task is gone must not look busy for ever. Those who waited are told when their group is dropped.
struct Occupied<'a> {
    shared: &'a Shared,
    lane: Lane,
}

impl Drop for Occupied<'_> {
    fn drop(&mut self) {
        self.shared.lanes().remove(&self.lane);
    }
}

#[cfg(test)]
mod tests;
