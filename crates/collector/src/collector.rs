//! Takes batches: through the pipeline, into the log.

use std::sync::Arc;

use analytics_domain::{
    Clock, DurationMs, EntryId, Millis,
    ports::{
        AckLevel, EphemeralError, EphemeralStore, EventLog, ImportKey, LogEntry, LogError, Receipt, RunningImport,
    },
};
use analytics_privacy::ServerSecret;
use analytics_proto::v1;
use tokio::time::Instant;

use crate::{
    agent::Agents,
    batch::{BatchContext, Bots, Origin},
    conversion,
    draft::Draft,
    pipeline::{self, Surroundings},
    visitor,
};

/// An import that got nothing for so long ends.
const IMPORT_IDLE: DurationMs = DurationMs(24 * 60 * 60 * 1000);

/// How a collector works.
#[derive(Debug)]
pub struct CollectorOptions {
    /// The half of every salt that comes from the configuration.
    pub secret: ServerSecret,
}

/// Why a whole batch was not taken. The same batch may be sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// Salts or the import are not to be had.
    #[error(transparent)]
    Ephemeral(#[from] EphemeralError),
    /// The log takes nothing now.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Takes batches of events.
pub struct Collector {
    options: CollectorOptions,
    agents: Agents,
    log: Arc<dyn EventLog>,
    ephemeral: Arc<dyn EphemeralStore>,
    clock: Arc<dyn Clock>,
}

impl Collector {
    /// A collector that appends to `log`.
    pub fn new(
        options: CollectorOptions,
        log: Arc<dyn EventLog>,
        ephemeral: Arc<dyn EphemeralStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { options, agents: Agents::new(), log, ephemeral, clock }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Gives each event a verdict. When this returns without an error, what was taken is durable. Only what was asked for beyond that is
    /// given up at the deadline.
    pub(crate) async fn track(
        &self,
        batch: &BatchContext,
        events: Vec<v1::Event>,
        ack: v1::AckLevel,
        deadline: Instant,
    ) -> Result<v1::TrackResponse, CollectError> {
        let draft_of =
            |event| conversion::draft_of(event, batch).inspect_err(|dropped| pipeline::count_drop("shape", dropped));
        let events = events.into_iter().map(draft_of).collect();
        let events = pipeline::run(&Surroundings { batch, agents: &self.agents }, events);

        let mut drafts = Vec::with_capacity(events.len());
        let mut dropped = Vec::with_capacity(events.len());
        for event in events {
            match event {
                Ok(draft) => {
                    drafts.push(draft);
                    dropped.push(None);
                }
                Err(reason) => dropped.push(Some(reason)),
            }
        }
        let receipt = self.log(batch, drafts, ack, deadline).await?;
        Ok(conversion::response_of(dropped, &receipt, ack))
    }

    async fn log(
        &self,
        batch: &BatchContext,
        drafts: Vec<Draft>,
        ack: v1::AckLevel,
        deadline: Instant,
    ) -> Result<Receipt, CollectError> {
        if drafts.is_empty() {
            return Ok(Receipt::Durable);
        }
        let ephemeral = self.ephemeral.as_ref();
        let events = visitor::identify(batch, &self.options.secret, ephemeral, drafts).await?;
        let ack = match ack {
            v1::AckLevel::Unspecified | v1::AckLevel::Durable => AckLevel::Durable,
            v1::AckLevel::Committed => {
                let left = deadline.saturating_duration_since(Instant::now());
                AckLevel::Committed { within: DurationMs(left.as_millis() as i64) }
            }
        };
        let count = events.len() as u64;
        // 63 random bits: the id only has to differ from those of other entries that hold the same event.
        let id = EntryId(i64::from_be_bytes(rand::random::<[u8; 8]>()) & i64::MAX);
        let receipt = self.log.append(LogEntry { id, project: batch.project.id, events }, ack).await?;
        metrics::counter!("analytics_collector_events_total").increment(count);
        Ok(receipt)
    }

    /// The origin of a batch that belongs to a running import, which is kept for another day.
    pub(crate) async fn import_origin(&self, key: ImportKey) -> Result<Origin, CollectError> {
        let import = self.ephemeral.touch_import(&key, self.import_expiry()).await?;
        let bots = if import.include_bots { Bots::Count } else { Bots::Filter };
        Ok(Origin::Import { key, bots })
    }

    /// Starts an import, or finds the running one and true.
    pub(crate) async fn open_import(&self, key: &ImportKey, bots: Bots) -> Result<(RunningImport, bool), CollectError> {
        let import = RunningImport {
            include_bots: bots == Bots::Count,
            create_time: self.clock.now().to_millis(),
            expire_time: self.import_expiry(),
        };
        Ok(self.ephemeral.open_import(key, import).await?)
    }

    /// Ends an import and destroys its salts.
    pub(crate) async fn close_import(&self, key: &ImportKey) -> Result<(), CollectError> {
        Ok(self.ephemeral.close_import(key).await?)
    }

    fn import_expiry(&self) -> Millis {
        self.clock.now().to_millis().plus(IMPORT_IDLE)
    }
}
