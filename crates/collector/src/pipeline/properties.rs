//! Names of properties: a project has so many, and an event with one more is rejected. What varies belongs into values.

use std::{collections::HashSet, sync::Arc, time::Duration};

use analytics_domain::{
    DurationMs, Millis, ProjectId,
    ports::{Catalog, CatalogError, MAX_PROPERTY_NAMES},
};
use analytics_proto::v1::ErrorReason;
use tokio::sync::Mutex;

use crate::{
    batch::BatchContext,
    draft::{Draft, Dropped},
};

/// So many names are known here, of all projects together: those of 500 full ones, in some 50 MB. Of other projects they are asked for
/// again and again.
const MAX_KNOWN_NAMES: u64 = 500_000;
/// What a full project does not have, it does not have for so long.
const FULL_FOR: DurationMs = DurationMs(60 * 1000);
/// A catalog that takes longer counts as unreachable; waiting for others who ask about the same project is part of it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// The names that each project has, as far as they are known here. No name ever goes, so what is known stays true.
pub(super) struct NamesOfProjects {
    known: moka::sync::Cache<ProjectId, Arc<KnownNames>>,
    catalog: Arc<dyn Catalog>,
}

/// Those of one project.
#[derive(Default)]
pub(super) struct KnownNames {
    names: HashSet<String>,
    /// When the project was found full; none while it is not.
    full_at: Option<Millis>,
    /// One asks about a project at a time: the next one mostly finds what he wanted.
    turn: Arc<Mutex<()>>,
}

impl NamesOfProjects {
    pub(super) fn new(catalog: Arc<dyn Catalog>) -> Self {
        let weight = |_: &ProjectId, known: &Arc<KnownNames>| u32::try_from(known.names.len() + 1).unwrap_or(u32::MAX);
        Self { known: moka::sync::Cache::builder().max_capacity(MAX_KNOWN_NAMES).weigher(weight).build(), catalog }
    }

    /// What decides about the events of a batch. The catalog is asked once, and only when it may know more.
    ///
    /// # Errors
    /// When it has to be asked and cannot be reached: nothing was decided and the batch may be sent again.
    pub(super) async fn for_events<'a>(
        &self,
        batch: &BatchContext,
        events: impl Iterator<Item = &'a Draft> + Clone,
    ) -> Result<Arc<KnownNames>, CatalogError> {
        let (project, now) = (batch.project.id, batch.received_at.to_millis());
        let known = self.known.get_with(project, Arc::default);
        if known.is_full(now) || known.missing(events.clone()).is_empty() {
            return Ok(known);
        }
        let ask = async {
            let _turn = known.turn.lock().await;
            // What others asked for meanwhile.
            let known = self.known.get(&project).unwrap_or_else(|| known.clone());
            let missing = known.missing(events);
            if known.is_full(now) || missing.is_empty() {
                return Ok(known);
            }
            let names = self.catalog.admit_property_names(project, &missing, batch.received_at).await?;
            let names = names.ok_or_else(|| CatalogError::Corrupt(format!("project {} is gone", project.0)))?;
            let full_at = (names.len() >= MAX_PROPERTY_NAMES).then_some(now);
            let known = KnownNames { names: names.into_iter().collect(), full_at, turn: known.turn.clone() };
            let known = Arc::new(known);
            self.known.insert(project, known.clone());
            Ok(known)
        };
        tokio::time::timeout(ANSWER_TIMEOUT, ask).await.unwrap_or_else(|_| {
            Err(CatalogError::Unavailable(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs())))
        })
    }
}

impl KnownNames {
    /// A clock that was set back makes this old.
    fn is_full(&self, now: Millis) -> bool {
        self.full_at.is_some_and(|at| (0..=FULL_FOR.0).contains(&now.since(at).0))
    }

    /// Names that are not known, the first ones first, none twice. No more than fill an empty project: if not all of those can be kept, then
    /// none of the others.
    fn missing<'a>(&self, events: impl Iterator<Item = &'a Draft>) -> Vec<&'a str> {
        let mut seen = HashSet::new();
        let names = events.flat_map(|event| event.properties.keys()).map(String::as_str);
        let missing = names.filter(|name| !self.names.contains(*name) && seen.insert(*name));
        missing.take(MAX_PROPERTY_NAMES).collect()
    }

    /// The event, unless it has a name that its project does not have.
    pub(super) fn admit(&self, event: Draft) -> Result<Draft, Dropped> {
        match event.properties.keys().find(|name| !self.names.contains(*name)) {
            None => Ok(event),
            Some(name) => Err(Dropped::rejected(
                ErrorReason::TooManyPropertyNames,
                format!("properties[\"{name}\"]"),
                format!(
                    "is a new name, and the project has all the {MAX_PROPERTY_NAMES} names of properties that it may have: use one of those, \
                     and put what varies into the value, such as `article` = \"17\" instead of `article_17` = true"
                ),
            )),
        }
    }
}
