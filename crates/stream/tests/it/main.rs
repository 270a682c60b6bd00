//! The implementations against the suites of their ports, and what only they promise.

mod ephemeral_journal;
mod ephemeral_store;
mod event_log;
mod notifier;
mod redis_agreement;
mod redis_connection;
mod redis_ephemeral;
mod redis_ephemeral_faults;
mod redis_ephemeral_rule;
mod redis_ephemeral_wipes;
mod redis_log;
mod redis_notifier;
mod redis_relay;
mod redis_requirements;
mod redis_servers;
mod redis_trace_log;
mod trace_log;
