//! `AdminService` and `QuarantineService`: projects and their settings, API keys, what became of events, and those that the store
//! refuses.

mod conversion;
mod counts;
mod directory;
mod grpc;
mod page;
mod quarantine;
mod trace;

pub use grpc::{AdminGrpc, AdminPorts, QuarantineGrpc};
