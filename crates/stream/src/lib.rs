//! The ports for what moves and what must not last: the event log, the notifier, the ephemeral store and the
//! trace of events.
//!
//! [`local`] holds the embedded implementations, for one process that runs all roles; [`redis`] those for roles that run apart.

pub mod local;
pub mod redis;
mod trace;

pub use trace::TraceLogOptions;
