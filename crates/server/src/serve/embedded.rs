//! The embedded store and what works on it in the background.

use std::{path::PathBuf, sync::Arc, time::Duration};

use analytics_admin::AdminPorts;
use analytics_collector::{Collector, CollectorOptions, CollectorPorts};
use analytics_domain::{
    Clock,
    ports::{Catalog, EphemeralStore, EventStore, LogError, Notifier, Quarantine, SegmentStore, TraceLog},
};
use analytics_engine::Engine;
use analytics_processor::{Compactor, CompactorOptions, Processor, ProcessorOptions, ProcessorPorts};
use analytics_rpc::{Drain, ReadinessCheck};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
};
use analytics_stream::{
    TraceLogOptions,
    local::{
        EphemeralOptions, JournalPlacement, LocalEphemeralStore, LocalLog, LocalLogOptions, LocalNotifier,
        LocalTraceLog, NotifierOptions,
    },
};
use anyhow::Context;
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
};

use super::secret;
use crate::{config::Settings, services, sweeper};

/// A failed store is tried again after so long at the latest.
const NOT_READY_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Everything that the services of one process stand on.
pub(super) struct Embedded {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) collector: Arc<Collector>,
    pub(super) engine: Arc<Engine>,
    store: Arc<SqliteStore>,
    segments: Arc<dyn SegmentStore>,
    trace: Arc<dyn TraceLog>,
    log: LocalLog,
    ephemeral: Arc<dyn EphemeralStore>,
    processor: Mutex<Option<(Processor, Compactor)>>,
}

/// Tasks that outlive the services.
pub(super) struct Background {
    processor: JoinHandle<Result<(), LogError>>,
    compactor: JoinHandle<()>,
    sweeper: JoinHandle<()>,
}

impl Embedded {
    pub(super) async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let address_files = services::address_files(settings)?;
        let store = SqliteStore::open(&settings.data_dir, SqliteOptions::default()).await?;
        let segments: Arc<dyn SegmentStore> = Arc::new(SegmentFiles::open(&settings.data_dir)?);
        let secret = secret::read_or_make(settings)?;
        let placement = if settings.unsafe_allow_salts_on_disk {
            tracing::warn!(
                "UNSAFE: salts are kept on a disk; whoever gets hold of it or of a backup may link visitors"
            );
            JournalPlacement::AllowDisk
        } else {
            JournalPlacement::MemoryOnly
        };
        let directory = ephemeral_directory(settings)?;
        let ephemeral: Arc<dyn EphemeralStore> =
            Arc::new(LocalEphemeralStore::open(&directory, EphemeralOptions { clock: clock.clone(), placement })?);

        let events: Arc<dyn EventStore> = store.clone();
        let catalog: Arc<dyn Catalog> = store.clone();
        let (log, consumer) = LocalLog::new(LocalLogOptions::default());
        let notifier: Arc<dyn Notifier> = Arc::new(LocalNotifier::new(NotifierOptions::default()));
        let (compactor, compactor_handle) = Compactor::new(
            CompactorOptions::default(),
            events.clone(),
            segments.clone(),
            catalog.clone(),
            clock.clone(),
        );
        let trace: Arc<dyn TraceLog> = Arc::new(LocalTraceLog::new(TraceLogOptions::default(), clock.clone()));
        let ports = ProcessorPorts {
            store: events.clone(),
            quarantine: store.clone(),
            notifier,
            traces: Some(trace.clone()),
            compactor: compactor_handle,
            clock: clock.clone(),
        };
        let processor = Processor::new(ProcessorOptions::default(), Box::new(consumer), ports);
        let ports = CollectorPorts {
            log: Arc::new(log.clone()),
            catalog: catalog.clone(),
            ephemeral: ephemeral.clone(),
            counts: store.clone(),
            trace: trace.clone(),
            clock: clock.clone(),
        };
        let collector = Collector::new(CollectorOptions { secret, address_files }, ports);
        let engine = Engine::new(services::engine_options(settings), events, segments.clone());
        Ok(Self {
            clock,
            catalog,
            collector: Arc::new(collector),
            engine: Arc::new(engine),
            store,
            segments,
            trace,
            log,
            ephemeral,
            processor: Mutex::new(Some((processor, compactor))),
        })
    }

    /// What the services that manage it all stand on.
    pub(super) fn admin_ports(&self) -> AdminPorts {
        AdminPorts {
            catalog: self.catalog.clone(),
            events: self.store.clone(),
            segments: self.segments.clone(),
            counts: self.store.clone(),
            trace: Some(self.trace.clone()),
            clock: self.clock.clone(),
        }
    }

    /// What the store refuses.
    pub(super) fn quarantine(&self) -> Arc<dyn Quarantine> {
        self.store.clone()
    }

    /// Starts what works without being called.
    pub(super) async fn start_background(
        &self,
        drain: &Drain,
        store_check: ReadinessCheck,
    ) -> anyhow::Result<Background> {
        let (processor, compactor) = self.processor.lock().await.take().context("the background was started before")?;
        store_check.is_there();
        tokio::spawn(tell_readiness(store_check, processor.store_failure()));
        let sweeper = sweeper::start(drain, self.ephemeral.clone(), self.clock.clone());
        services::keep_counts(drain, &self.collector);
        Ok(Background {
            processor: tokio::spawn(processor.run()),
            compactor: tokio::spawn(compactor.run(drain.token().clone())),
            sweeper,
        })
    }

    /// Stores what was taken, then closes the store. Call it once no service takes anything any more.
    pub(super) async fn close(&self, background: Background, drain: &Drain) -> anyhow::Result<()> {
        self.log.close();
        drain.finish(background.processor).await?.context("the processor ended badly")??;
        drain.finish(self.collector.write_counts()).await?;
        background.compactor.await.context("the compactor ended badly")?;
        background.sweeper.await.context("the sweeper ended badly")?;
        drain.finish(self.store.close()).await??;
        Ok(())
    }
}

/// The store counts as missing from a failure on until it takes something again, or for a while: a server that is never asked
/// because it is not ready would never find out.
async fn tell_readiness(store: ReadinessCheck, mut failure: watch::Receiver<Option<String>>) {
    loop {
        let reason = failure.borrow_and_update().clone();
        let changed = match reason {
            None => {
                store.is_there();
                failure.changed().await
            }
            Some(reason) => {
                store.is_missing(reason);
                match tokio::time::timeout(NOT_READY_AFTER_FAILURE, failure.changed()).await {
                    Ok(changed) => changed,
                    Err(_) => {
                        store.is_there();
                        failure.changed().await
                    }
                }
            }
        };
        if changed.is_err() {
            return;
        }
    }
}

/// The setting, or a directory in memory that belongs to this user and this data directory alone.
fn ephemeral_directory(settings: &Settings) -> anyhow::Result<PathBuf> {
    if let Some(directory) = &settings.ephemeral_dir {
        return Ok(directory.clone());
    }
    let data_dir = settings.data_dir.canonicalize().context("the data directory cannot be found again")?;
    let id = blake3::hash(data_dir.as_os_str().as_encoded_bytes()).to_hex();
    Ok(PathBuf::from(format!("/dev/shm/analytics-{}", &id[..16])))
}
