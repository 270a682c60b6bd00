//! Takes batches: through the pipeline, into the log.

use std::sync::Arc;

use analytics_domain::{
    Clock, DurationMs, Event, Millis, calendar,
    ports::{
        Catalog, CatalogError, EphemeralError, EphemeralStore, EventLog, ImportKey, IngestCounts, LogError, Receipt,
        RunningImport, TraceLog,
    },
};
use analytics_privacy::ServerSecret;
use analytics_proto::v1;
use prost::Message as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    address_files::AddressFiles,
    batch::{BatchContext, Bots, Origin},
    conversion,
    counts::Counts,
    fate::{self, Fate},
    grouped_log::{Append, GroupedLog, Level},
    pipeline::Pipeline,
};

/// An import that got nothing for so long ends.
const IMPORT_IDLE: DurationMs = DurationMs(24 * 60 * 60 * 1000);

/// How a collector works.
#[derive(Debug)]
pub struct CollectorOptions {
    /// The half of every salt that comes from the configuration.
    pub secret: ServerSecret,
    /// What is known of addresses.
    pub address_files: Arc<AddressFiles>,
}

/// Why a whole batch was not taken. The same batch may be sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// Salts or the import are not to be had.
    #[error(transparent)]
    Ephemeral(#[from] EphemeralError),
    /// New names of properties are not to be had.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The log takes nothing now.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// The events of a request.
pub(crate) struct TrackedEvents {
    pub(crate) events: Vec<v1::Event>,
    pub(crate) ack: v1::AckLevel,
    /// The size of the request.
    pub(crate) bytes: usize,
}

impl From<v1::TrackRequest> for TrackedEvents {
    fn from(request: v1::TrackRequest) -> Self {
        Self { ack: request.ack_level(), bytes: request.encoded_len(), events: request.events }
    }
}

/// What a collector stands on.
#[derive(Clone)]
pub struct CollectorPorts {
    /// Takes the events.
    pub log: Arc<dyn EventLog>,
    /// Keeps what the properties of each project are called.
    pub catalog: Arc<dyn Catalog>,
    /// Keeps salts and running sessions.
    pub ephemeral: Arc<dyn EphemeralStore>,
    /// Adds up what was decided about events.
    pub counts: Arc<dyn IngestCounts>,
    /// Remembers what was decided about each event.
    pub trace: Arc<dyn TraceLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Takes batches of events.
pub struct Collector {
    pipeline: Pipeline,
    log: GroupedLog,
    ephemeral: Arc<dyn EphemeralStore>,
    counts: Counts,
    trace: Arc<dyn TraceLog>,
    clock: Arc<dyn Clock>,
}

/// A batch on its way into the log. Nobody is known any more.
pub(crate) struct Prepared {
    batch: BatchContext,
    /// Those that go into the log.
    events: Vec<Event>,
    /// What was decided about each event of the request, in its order.
    fates: Vec<Fate>,
    ack: v1::AckLevel,
    bytes: usize,
}

impl Collector {
    /// A collector over these ports.
    pub fn new(options: CollectorOptions, ports: CollectorPorts) -> Self {
        let CollectorPorts { log, catalog, ephemeral, counts, trace, clock } = ports;
        let (log, counts) = (GroupedLog::new(log), Counts::new(counts));
        let pipeline = Pipeline::new(options.secret, options.address_files, catalog, ephemeral.clone());
        Self { pipeline, log, ephemeral, counts, trace, clock }
    }

    /// Writes the counts of taken, filtered and rejected events every few seconds until this is cancelled.
    pub async fn keep_counts(&self, until: CancellationToken) {
        self.counts.keep(until).await;
    }

    /// Writes what was counted since. Call it once no service takes anything any more.
    pub async fn write_counts(&self) {
        self.counts.write().await;
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Gives each event a verdict. When this returns without an error, what was taken is durable. Only what was asked for beyond that is
    /// given up at the deadline.
    pub(crate) async fn track(
        &self,
        batch: BatchContext,
        request: TrackedEvents,
        deadline: Instant,
    ) -> Result<v1::TrackResponse, CollectError> {
        let prepared = self.prepare(batch, request).await?;
        self.append(prepared, deadline).await
    }

    /// Decides about each event and finds the visitors. The batches of one sender have to come in their order: sessions rest on it.
    pub(crate) async fn prepare(&self, batch: BatchContext, request: TrackedEvents) -> Result<Prepared, CollectError> {
        let TrackedEvents { events, ack, bytes } = request;
        let mut fates: Vec<Fate> = events.iter().map(|event| Fate::of(&event.event_id)).collect();
        let mut taken = Vec::with_capacity(events.len());
        for (event, fate) in self.pipeline.run(&batch, events).await?.into_iter().zip(&mut fates) {
            match event {
                Ok(event) => taken.push(event),
                Err(dropped) => fate.dropped = Some(dropped),
            }
        }
        Ok(Prepared { batch, events: taken, fates, ack, bytes })
    }

    /// Appends what was taken, and tells.
    pub(crate) async fn append(
        &self,
        prepared: Prepared,
        deadline: Instant,
    ) -> Result<v1::TrackResponse, CollectError> {
        let Prepared { batch, events, fates, ack, bytes } = prepared;
        let (project, count) = (&batch.project, events.len() as u64);
        let (entry, receipt) = if events.is_empty() {
            (None, Receipt::Durable)
        } else {
            let level = match ack {
                v1::AckLevel::Unspecified | v1::AckLevel::Durable => Level::Durable,
                v1::AckLevel::Committed => Level::Committed,
            };
            let append = Append { project: project.id, events, bytes, level, deadline };
            let logged = self.log.append(append).await?;
            (Some(logged.entry), logged.receipt)
        };
        metrics::counter!("analytics_collector_events_total").increment(count);
        let received_at = batch.received_at.to_millis();
        let arrived_on = calendar::day_of(received_at, &project.zone);
        self.counts.add(project.id, arrived_on, fates.iter().map(Fate::decision));
        self.trace.record(fate::trace_of(project.id, received_at, entry, &fates));
        Ok(conversion::response_of(fates.into_iter().map(|fate| fate.dropped), &receipt, ack))
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
