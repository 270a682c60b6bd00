//! The ingest and import services, called as a server calls them, over the embedded stores; what they stored is read back.

mod addresses;
mod at_rest;
mod attack;
mod bots;
mod clock;
mod counters;
mod emission;
mod enrichment;
mod imports;
mod log;
mod malformed;
mod mmdb;
mod model;
mod permissions;
mod privacy;
mod properties;
mod rules;
mod salts;
mod stream;
mod stream_client;
mod verdicts;
mod visitor_days;
mod visitor_modes;
mod world;
