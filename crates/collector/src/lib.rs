//! The collector: takes events, checks and enriches them, forgets who sent them, and appends them to the log.

mod agent;
mod batch;
mod collector;
mod conversion;
mod draft;
mod grpc;
mod pipeline;
mod visitor;

pub use collector::{CollectError, Collector, CollectorOptions};
pub use grpc::{ImportGrpc, IngestGrpc};
