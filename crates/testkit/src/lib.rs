//! Behaviour suites of the ports: what callers may rely on, whatever stands behind. Each runs against every implementation.
//!
//! A crate with an implementation runs a suite by naming a function that makes a fresh one:
//!
//! ```text
//! analytics_testkit::event_store_suite!(fresh_store);
//! ```

mod behaviours;
pub mod catalog;
pub mod ephemeral_store;
pub mod event_log;
pub mod event_store;
mod fresh;
mod fresh_database;
pub mod ingest_counts;
pub mod notifier;
pub mod quarantine;
pub mod sample;
pub mod segment_store;
pub mod servers;
pub mod trace_log;
mod traces;

pub use fresh::Fresh;
pub use fresh_database::FreshDatabase;
pub use traces::{Trace, Traces};
