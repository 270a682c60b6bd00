//! The ports: what the services need of stores, logs and notifiers. Each has an embedded and a production implementation, and one
//! behaviour suite (crates/testkit) that both pass.

mod catalog;
mod ephemeral_store;
mod event_log;
mod event_store;
mod ingest_counts;
mod notifier;
mod quarantine;
mod segment_store;
mod trace_log;

pub use catalog::{Catalog, CatalogError, MAX_PROPERTY_NAMES, SettingsChange};
pub use ephemeral_store::{
    EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
};
pub use event_log::{
    AckLevel, Awaited, Delivery, DeliveryOutcome, EventLog, LogConsumer, LogEntry, LogError, Receipt, Redelivery,
    UnreadableCause, UnreadableDelivery,
};
pub use event_store::{Commit, DayState, EventOutcome, EventPosition, EventStore, StoreError, StoredEvent};
pub use ingest_counts::{IngestCount, IngestCounts, IngestDecision};
pub use notifier::{Change, ChangeSubscription, DayChanged, Notifier, NotifierError};
pub use quarantine::{NewQuarantined, Quarantine, Quarantined, QuarantinedContent, Replay};
pub use segment_store::{EncodedColumn, SegmentError, SegmentKey, SegmentStore};
pub use trace_log::{TraceError, TraceLog, TraceRecord, TraceStep, TracedStep};
