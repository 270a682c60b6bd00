//! What became of events, on its way to whoever counts and remembers it.

use analytics_domain::{
    EntryId, Event, EventId, ProjectId,
    ports::{Delivery, EventOutcome, StoreError, TraceRecord, TraceStep},
};

use crate::ProcessorPorts;

/// A delivery without its events, for the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handle {
    pub(crate) token: u64,
    pub(crate) entry: EntryId,
    pub(crate) events: usize,
}

impl Handle {
    pub(crate) fn of(delivery: &Delivery) -> Self {
        Self { token: delivery.token, entry: delivery.entry.id, events: delivery.entry.events.len() }
    }
}

/// What became of one entry.
#[derive(Debug)]
pub(crate) enum EntryResult {
    /// Everything in it was decided.
    Done(Vec<EventOutcome>),
    /// The store refuses something in it, which is not believed yet.
    Refused(String),
    /// The environment fails.
    Failed(StoreError),
}

impl ProcessorPorts {
    /// Counts and remembers what became of the events of an entry.
    pub(crate) fn note(&self, project: ProjectId, entry: EntryId, events: &[Event], outcomes: &[EventOutcome]) {
        count(outcomes);
        if let Some(traces) = &self.traces {
            let steps = events.iter().zip(outcomes).map(|(event, outcome)| (event.event_id, step(*outcome)));
            let steps: Vec<(EventId, TraceStep)> = steps.collect();
            let time = self.clock.now().to_millis();
            traces.record(TraceRecord { project, time, entry: Some(entry), steps });
        }
    }
}

fn step(outcome: EventOutcome) -> TraceStep {
    match outcome {
        EventOutcome::Stored => TraceStep::Stored,
        EventOutcome::Duplicate => TraceStep::Duplicate,
        EventOutcome::Quarantined => TraceStep::Quarantined,
    }
}

fn count(outcomes: &[EventOutcome]) {
    for (outcome, name) in [
        (EventOutcome::Stored, "stored"),
        (EventOutcome::Duplicate, "duplicate"),
        (EventOutcome::Quarantined, "quarantined"),
    ] {
        let number = outcomes.iter().filter(|found| **found == outcome).count();
        metrics::counter!("analytics_processor_events_total", "outcome" => name).increment(number as u64);
    }
}

/// The environment fails: nothing of this is the events' fault.
pub(crate) fn report_failure(project: ProjectId, error: &StoreError) {
    metrics::counter!("analytics_processor_commit_failures_total").increment(1);
    tracing::error!(project = project.0, %error, "events could not be stored; the log keeps them, or their senders are asked to send them again");
}
