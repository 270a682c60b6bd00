//! The store ports on what each deployment has: SQLite and files beside it for the embedded one, TimescaleDB for separate services.
//!
//! Nothing of the database driver leaves this crate: callers see the ports of `analytics_domain` and the errors defined there.

mod catalog_documents;
mod catalog_text;
mod copies;
mod event_values;
mod ingest_count_rows;
mod properties;
mod property_names;
mod quarantine_record;
pub mod segment_files;
pub mod sqlite;
pub mod timescale;
