//! The embedded implementations against the suites of their ports, and what only they promise.

mod ephemeral_journal;
mod ephemeral_store;
mod event_log;
mod notifier;
