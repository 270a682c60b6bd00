//! The query service: questions of the contract, answered by the engine.

mod conversion;
mod grpc;

pub use grpc::QueryGrpc;
