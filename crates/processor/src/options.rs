//! How a processor works, and what it works on.

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    Clock, DurationMs,
    ports::{EventStore, Notifier, Quarantine, TraceLog},
};

use crate::CompactorHandle;

/// How a processor works.
#[derive(Debug, Clone, Copy)]
pub struct ProcessorOptions {
    /// At most so many events are stored in one transaction.
    pub max_events_per_commit: usize,
    /// Small commits of entries that nobody waits for begin no sooner after each other than this.
    pub commit_interval: Duration,
    /// How long appenders are asked to wait when the store fails.
    pub retry_after: DurationMs,
    /// The store's refusal of an event is believed when its entry was delivered so often, if the log delivers it again.
    pub deliveries_before_quarantine: u32,
    /// How long an entry waits in between.
    pub refused_retry_after: DurationMs,
    /// While more refused events than these wait to be delivered again, others are believed to be refused at once: waiting entries
    /// take the place of those that could be stored.
    pub max_refused_events: usize,
    /// While more events than these are looked through for refused ones, further entries wait to be delivered again.
    pub max_dividing_events: usize,
    /// A record that a newer version wrote waits so long, from its append on, for a processor that reads it.
    pub newer_record_patience: DurationMs,
}

impl Default for ProcessorOptions {
    fn default() -> Self {
        Self {
            max_events_per_commit: 10_000,
            commit_interval: Duration::from_millis(10),
            retry_after: DurationMs(1_000),
            deliveries_before_quarantine: 5,
            refused_retry_after: DurationMs(500),
            max_refused_events: 5_000,
            max_dividing_events: 20_000,
            newer_record_patience: DurationMs(24 * 60 * 60 * 1000),
        }
    }
}

/// What processors work on. Clones share it.
#[derive(Clone)]
pub struct ProcessorPorts {
    /// Where events go.
    pub store: Arc<dyn EventStore>,
    /// Where those go that the store refuses.
    pub quarantine: Arc<dyn Quarantine>,
    /// Who is told what changed.
    pub notifier: Arc<dyn Notifier>,
    /// Where it is remembered what happened to events; none: nowhere.
    pub traces: Option<Arc<dyn TraceLog>>,
    /// Who folds the days that changed.
    pub compactor: CompactorHandle,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}
