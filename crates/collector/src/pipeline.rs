//! What happens to each event, as a list to be read from top to bottom.

use std::{sync::Arc, time::Instant};

use analytics_domain::{
    Event,
    ports::{Catalog, CatalogError, EphemeralError, EphemeralStore},
};
use analytics_privacy::ServerSecret;
use analytics_proto::v1;

use crate::{
    CollectError,
    address_files::AddressFiles,
    agent::Agents,
    batch::BatchContext,
    conversion,
    draft::{Draft, Dropped},
    visitor,
};

mod agent;
mod bots;
mod channel;
mod clock;
mod consent;
mod geo;
mod properties;
mod rules;
mod url;

/// Takes batches through the steps.
pub(crate) struct Pipeline {
    agents: Agents,
    address_files: Arc<AddressFiles>,
    rules: rules::RulesOfProjects,
    property_names: properties::NamesOfProjects,
    secret: ServerSecret,
    ephemeral: Arc<dyn EphemeralStore>,
}

impl Pipeline {
    pub(crate) fn new(
        secret: ServerSecret,
        address_files: Arc<AddressFiles>,
        catalog: Arc<dyn Catalog>,
        ephemeral: Arc<dyn EphemeralStore>,
    ) -> Self {
        let property_names = properties::NamesOfProjects::new(catalog);
        let rules = rules::RulesOfProjects::default();
        Self { agents: Agents::new(), address_files, rules, property_names, secret, ephemeral }
    }

    /// Takes a batch through all steps, in their order. What is left of an event then can hold nothing personal; what went no further
    /// says why. Each step is timed, each drop counted by its reason.
    ///
    /// # Errors
    /// When the ephemeral store cannot be reached, or the catalog for a new name of a property: nothing was decided and the batch may be
    /// sent again.
    pub(crate) async fn run(
        &self,
        batch: &BatchContext,
        events: Vec<v1::Event>,
    ) -> Result<Vec<Result<Event, Dropped>>, CollectError> {
        let rules = self.rules.of(&batch.project);
        let surroundings =
            Surroundings { batch, agents: &self.agents, address_files: &self.address_files, rules: &rules };
        let passage = Passage::of_shape("shape", surroundings, events)
            .each("consent", consent::apply)
            .each("bots", bots::apply)
            .each("clock", clock::apply)
            .each("url", url::apply)
            .each("channel", channel::apply)
            .each("agent", agent::apply)
            .each("geo", geo::apply)
            .each("rules", rules::apply)
            .admit("properties", &self.property_names)
            .await?
            .identify("visitor", &self.secret, self.ephemeral.as_ref())
            .await?;
        Ok(passage.forget("forget"))
    }
}

/// What steps may look at.
struct Surroundings<'a> {
    batch: &'a BatchContext,
    agents: &'a Agents,
    address_files: &'a AddressFiles,
    rules: &'a rules::Rules,
}

/// One step: takes an event and returns it, or says why it goes no further.
type Step = fn(&Surroundings<'_>, Draft) -> Result<Draft, Dropped>;

/// A batch on its way.
struct Passage<'a> {
    surroundings: Surroundings<'a>,
    events: Vec<Result<Draft, Dropped>>,
}

impl<'a> Passage<'a> {
    fn of_shape(name: &'static str, surroundings: Surroundings<'a>, events: Vec<v1::Event>) -> Self {
        let started = Instant::now();
        let draft_of = |event| conversion::draft_of(event, surroundings.batch);
        let events = events.into_iter().map(|event| draft_of(event).inspect_err(|dropped| count_drop(name, dropped)));
        let events = events.collect();
        record(name, started);
        Self { surroundings, events }
    }

    fn each(mut self, name: &'static str, step: Step) -> Self {
        let started = Instant::now();
        let take = |draft| step(&self.surroundings, draft).inspect_err(|dropped| count_drop(name, dropped));
        self.events = self.events.into_iter().map(|event| event.and_then(take)).collect();
        record(name, started);
        self
    }

    /// For the batch as a whole: the catalog is asked once, if at all.
    async fn admit(mut self, name: &'static str, names: &properties::NamesOfProjects) -> Result<Self, CatalogError> {
        let started = Instant::now();
        let known = names.for_events(self.surroundings.batch, self.events.iter().flatten()).await?;
        let take = |draft| known.admit(draft).inspect_err(|dropped| count_drop(name, dropped));
        self.events = self.events.into_iter().map(|event| event.and_then(take)).collect();
        record(name, started);
        Ok(self)
    }

    /// For the batch as a whole: the ephemeral store is asked once.
    async fn identify(
        mut self,
        name: &'static str,
        secret: &ServerSecret,
        ephemeral: &dyn EphemeralStore,
    ) -> Result<Self, EphemeralError> {
        let started = Instant::now();
        let drafts = self.events.iter_mut().filter_map(|event| event.as_mut().ok()).collect();
        visitor::identify(self.surroundings.batch, secret, ephemeral, drafts).await?;
        record(name, started);
        Ok(self)
    }

    fn forget(self, name: &'static str) -> Vec<Result<Event, Dropped>> {
        let started = Instant::now();
        let events = self.events.into_iter().map(|event| event.map(Draft::forget)).collect();
        record(name, started);
        events
    }
}

fn record(step: &'static str, started: Instant) {
    metrics::histogram!("analytics_collector_step_duration_seconds", "step" => step).record(started.elapsed());
}

/// Counts a drop by the step and the reason.
fn count_drop(step: &'static str, dropped: &Dropped) {
    metrics::counter!("analytics_collector_dropped_total", "step" => step, "reason" => dropped.label()).increment(1);
}
