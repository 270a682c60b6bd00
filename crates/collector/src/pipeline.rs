//! What happens to each event, as a list to be read from top to bottom.

use std::time::Instant;

use analytics_proto::v1;

use crate::{
    agent::Agents,
    batch::BatchContext,
    draft::{Draft, Dropped},
};

mod bots;
mod clock;
mod consent;
mod software;
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
const STEPS: [(&str, Step); 5] = [
    ("consent", consent::apply),
    ("bots", bots::apply),
    ("clock", clock::apply),
    ("url", url::apply),
    ("software", software::apply),
];

/// Runs a batch through all steps. Each step is timed, each drop counted by its reason.
pub(crate) fn run(surroundings: &Surroundings<'_>, events: &mut [Result<Draft, Dropped>]) {
    for (name, step) in STEPS {
        let started = Instant::now();
        for event in events.iter_mut() {
            take_step(surroundings, name, step, event);
        }
        metrics::histogram!("analytics_collector_step_duration_seconds", "step" => name).record(started.elapsed());
    }
}

fn take_step(surroundings: &Surroundings<'_>, name: &'static str, step: Step, event: &mut Result<Draft, Dropped>) {
    // A draft has no empty state to leave behind while the step owns it; this placeholder is overwritten at once.
    let placeholder = Err(Dropped::Filtered(v1::FilterRule::Unspecified));
    *event = match std::mem::replace(event, placeholder) {
        Ok(draft) => step(surroundings, draft).inspect_err(|dropped| count_drop(name, dropped)),
        dropped => dropped,
    };
}

/// Counts a drop by the step and the reason.
pub(crate) fn count_drop(step: &'static str, dropped: &Dropped) {
    metrics::counter!("analytics_collector_dropped_total", "step" => step, "reason" => dropped.label()).increment(1);
}
