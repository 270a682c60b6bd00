//! What happened to an event: what collectors and processors did lately, and what is stored.

use std::{collections::HashMap, ops::Range, sync::Arc};

use analytics_domain::{
    Clock, Day, EventId, Micros, Project, Version,
    ports::{EventStore, SegmentError, SegmentStore, StoredEvent, TraceError, TraceLog, TracedStep},
};
use analytics_rpc::RpcError;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;
/// How far the time in an id of version 7 may be from the event's own.
const AROUND_ID_US: i64 = 2 * DAY_US;

/// What is known of an event.
pub(crate) struct Traced {
    /// What happened to it, by time; none when that cannot be known here.
    pub(crate) steps: Option<Vec<TracedStep>>,
    /// What is stored of it, and whether the day's segment has it.
    pub(crate) stored: Vec<(StoredEvent, bool)>,
}

pub(crate) struct Tracer {
    events: Arc<dyn EventStore>,
    segments: Arc<dyn SegmentStore>,
    trace: Option<Arc<dyn TraceLog>>,
    clock: Arc<dyn Clock>,
}

impl Tracer {
    pub(crate) fn new(
        events: Arc<dyn EventStore>,
        segments: Arc<dyn SegmentStore>,
        trace: Option<Arc<dyn TraceLog>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { events, segments, trace, clock }
    }

    pub(crate) async fn trace(&self, project: &Project, id: EventId) -> Result<Traced, RpcError> {
        let steps = match &self.trace {
            // What is stored is worth telling all the same.
            Some(trace) => match trace.steps_of(project.id, id).await {
                Ok(steps) => Some(steps),
                Err(error @ TraceError::Unavailable(_)) => {
                    tracing::warn!(%error, "what happened to an event could not be read");
                    None
                }
            },
            None => None,
        };
        let mut stored: Vec<StoredEvent> = Vec::new();
        for range in ranges(project, id, self.clock.now()) {
            stored.extend(self.events.events_of_id(project.id, id, range).await?);
        }
        let mut newest = HashMap::new();
        let mut traced = Vec::with_capacity(stored.len());
        for event in stored {
            let day = event.event.visitor_day;
            let newest = match newest.get(&day) {
                Some(newest) => *newest,
                None => *newest.entry(day).or_insert(self.segment_version(project, day).await?),
            };
            let in_segment = newest.is_some_and(|newest| event.position.version <= newest);
            traced.push((event, in_segment));
        }
        Ok(Traced { steps, stored: traced })
    }

    /// The version up to which the day's segment has its events.
    async fn segment_version(&self, project: &Project, day: Day) -> Result<Option<Version>, RpcError> {
        let Some(state) = self.events.day(project.id, day).await? else { return Ok(None) };
        match self.segments.latest(project.id, day, state.generation).await {
            Ok(segment) => Ok(segment.map(|segment| segment.version)),
            // Queries read such a day from the truth too.
            Err(SegmentError::Gone | SegmentError::Corrupt(_)) => Ok(None),
            Err(SegmentError::Unavailable(cause)) => Err(RpcError::Unavailable {
                what: "the store of day segments is",
                cause,
                retry_after: RpcError::DEFAULT_RETRY_AFTER,
            }),
        }
    }
}

/// When an event of this id may claim to have happened, ascending and apart: what a day's senders may send, and the time in the id if it
/// has one. To look through all of a project's history would take too long.
fn ranges(project: &Project, id: EventId, now: Micros) -> Vec<Range<Micros>> {
    let lateness_us = project.lateness.0.saturating_mul(1000);
    // Sent up to a day ago, by a clock that may differ as much as the lateness allows, in either direction.
    let recent = now.0 - 2 * lateness_us - DAY_US..now.0 + lateness_us;
    let of_id = time_in(id).map(|time| time.0 - AROUND_ID_US..time.0 + AROUND_ID_US);
    let mut ranges = vec![recent];
    match of_id {
        Some(range) if range.start <= ranges[0].end && ranges[0].start <= range.end => {
            ranges[0] = ranges[0].start.min(range.start)..ranges[0].end.max(range.end);
        }
        Some(range) => ranges.push(range),
        None => {}
    }
    ranges.sort_by_key(|range| range.start);
    ranges.into_iter().map(|range| Micros(range.start)..Micros(range.end)).collect()
}

/// The time in an id of version 7.
fn time_in(id: EventId) -> Option<Micros> {
    let is_version_7 = id.0[6] >> 4 == 7;
    let milliseconds = id.0[..6].iter().fold(0_i64, |time, byte| time << 8 | i64::from(*byte));
    is_version_7.then(|| Micros(milliseconds * 1000))
}

#[cfg(test)]
mod tests {
    use analytics_domain::{DurationMs, ProjectId, WeekStart, Zone};

    use super::*;

    const NOW: Micros = Micros(1_700_000_000_000_000);

    fn project() -> Project {
        Project {
            id: ProjectId(1),
            name: "web".parse().expect("a name"),
            zone: Zone::utc(),
            week_start: WeekStart::Monday,
            session_timeout: DurationMs(0),
            lateness: DurationMs(DAY_US / 1000),
            user_hash_secret: [0; 32],
            create_time: NOW,
            ingest: Default::default(),
        }
    }

    fn id_of(time: Micros) -> EventId {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&(time.0 / 1000).to_be_bytes()[2..]);
        id[6] = 0x70;
        EventId(id)
    }

    #[test]
    fn an_event_is_looked_for_where_it_can_be() {
        let days = |from: i64, to: i64| Micros(NOW.0 + from * DAY_US)..Micros(NOW.0 + to * DAY_US);
        assert_eq!(time_in(id_of(NOW)), Some(NOW));
        assert_eq!(ranges(&project(), EventId([0x40; 16]), NOW), [days(-3, 1)], "no time in it");
        assert_eq!(ranges(&project(), id_of(NOW), NOW), [days(-3, 2)], "one range");
        let long_ago = Micros(NOW.0 - 100 * DAY_US);
        assert_eq!(ranges(&project(), id_of(long_ago), NOW), [days(-102, -98), days(-3, 1)]);
        assert_eq!(ranges(&project(), id_of(Micros(NOW.0 + 9 * DAY_US)), NOW), [days(-3, 1), days(7, 11)]);
    }
}
