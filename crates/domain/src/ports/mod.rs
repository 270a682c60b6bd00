//! The ports: what the services need of stores, logs and notifiers. Each has an embedded and a production implementation, and one
//! behaviour suite (crates/testkit) that both pass.

mod catalog;
mod ephemeral_store;
mod event_log;
mod event_store;
mod notifier;
mod segment_store;

pub use catalog::{Catalog, CatalogError};
pub use ephemeral_store::{
    EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
};
pub use event_log::{AckLevel, Delivery, DeliveryOutcome, EventLog, LogConsumer, LogEntry, LogError, Receipt};
pub use event_store::{Commit, DayState, EventOutcome, EventPosition, EventStore, StoreError, StoredEvent};
pub use notifier::{Change, ChangeSubscription, DayChanged, Notifier, NotifierError};
pub use segment_store::{EncodedColumn, SegmentError, SegmentKey, SegmentStore};
