//! The ports for what moves and what must not last: the event log, the notifier and the ephemeral store.
//!
//! [`local`] holds the embedded implementations, for one process that runs all roles.

pub mod local;
