//! The ingest and import services, called as a server calls them, over the embedded stores; what they stored is read back.

mod at_rest;
mod bots;
mod clock;
mod counters;
mod enrichment;
mod imports;
mod log;
mod model;
mod permissions;
mod privacy;
mod salts;
mod verdicts;
mod visitor_days;
mod world;
