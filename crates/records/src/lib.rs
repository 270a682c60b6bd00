//! What the platform stores for itself between processes, as versioned protobuf records: `proto/analytics/internal/v1`.
//!
//! A record outlives the process that wrote it. During an upgrade two versions share one log, so each must read what the other
//! writes: fields are only added, and readers ignore those that they do not know.

mod decode;
mod encode;
mod error;
mod reply;

pub use decode::{DecodedEntry, decode};
pub use encode::encode;
pub use error::RecordError;
pub use reply::{EntryOutcomes, decode_reply, encode_reply};

/// The format of log entries that this version writes, and the only one that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// The messages, written by `cargo run -p analytics-codegen`.
#[allow(missing_docs, unreachable_pub, clippy::all)]
mod v1 {
    include!("gen/analytics.internal.v1.rs");
}
