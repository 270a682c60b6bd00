//! `AdminService`: projects and API keys over the catalog.

mod conversion;
mod directory;
mod grpc;
mod page;

pub use grpc::AdminGrpc;
