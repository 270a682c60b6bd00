//! `AdminService`: projects and API keys over the catalog.

pub mod bootstrap;
mod conversion;
mod directory;
mod grpc;
mod page;

pub use grpc::AdminGrpc;
