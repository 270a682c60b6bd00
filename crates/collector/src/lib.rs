//! The collector: takes events, checks and enriches them, forgets who sent them, and appends them to the log.

mod address_files;
mod agent;
mod batch;
mod channel;
mod collector;
mod conversion;
mod counts;
mod draft;
mod fate;
mod grouped_log;
mod grpc;
mod network_set;
mod pipeline;
mod stream;
mod visitor;

pub use address_files::{AddressFileError, AddressFiles};
pub use collector::{CollectError, Collector, CollectorOptions, CollectorPorts};
pub use grpc::{ImportGrpc, IngestGrpc};
pub use stream::StreamLimits;
