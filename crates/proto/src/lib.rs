//! The contract `analytics.v1` in Rust: messages, clients and servers, proto3 JSON, and the checks of the limits that the contract
//! states. Everything in `gen` is written by `cargo run -p analytics-codegen`; nothing of it is edited.

pub mod codec;
pub mod validation;

/// Messages, clients and servers of `analytics.v1`. Their documentation is that of the contract.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod v1 {
    include!("gen/analytics.v1.rs");
    include!("gen/analytics.v1.serde.rs");
}

/// The checks of `analytics.v1`, as implementations of [`validation::Validate`].
#[allow(clippy::all)]
mod rules {
    include!("gen/validate.rs");
}

/// The encoded descriptor set of `analytics.v1` and its imports, for gRPC reflection. It carries comments, but no rules.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("gen/descriptor.binpb");
