//! What happens to each event, as a list to be read from top to bottom.

use std::time::Instant;

use crate::{
    agent::Agents,
    batch::BatchContext,
    draft::{Draft, Dropped},
};

mod agent;
mod clock;
mod consent;
mod url;

/// One step: takes an event and returns it, or says why it goes no further.
type Step = fn(&Surroundings<'_>, Draft) -> Result<Draft, Dropped>;

/// What steps may look at.
pub(crate) struct Surroundings<'a> {
    pub(crate) batch: &'a BatchContext,
    pub(crate) agents: &'a Agents,
}

/// The steps, in their order. The visitor is found after them, for the batch as a whole (see `visitor.rs`), and forgetting comes
/// last: what leaves the collector cannot hold anything personal.
const STEPS: [(&str, Step); 4] =
    [("consent", consent::apply), ("agent", agent::apply), ("clock", clock::apply), ("url", url::apply)];

/// Runs a batch through all steps. Each step is timed, each drop counted by its reason.
pub(crate) fn run(
    surroundings: &Surroundings<'_>,
    mut events: Vec<Result<Draft, Dropped>>,
) -> Vec<Result<Draft, Dropped>> {
    for (name, step) in STEPS {
        let started = Instant::now();
        let take = |draft| step(surroundings, draft).inspect_err(|dropped| count_drop(name, dropped));
        events = events.into_iter().map(|event| event.and_then(take)).collect();
        metrics::histogram!("analytics_collector_step_duration_seconds", "step" => name).record(started.elapsed());
    }
    events
}

/// Counts a drop by the step and the reason.
pub(crate) fn count_drop(step: &'static str, dropped: &Dropped) {
    metrics::counter!("analytics_collector_dropped_total", "step" => step, "reason" => dropped.label()).increment(1);
}
