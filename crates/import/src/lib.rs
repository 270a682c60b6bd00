//! Imports: access logs, event files and a made-up demo, sent to a running server.
//!
//! This is a plain gRPC client. Whatever is read is sorted by time first, because the server decides sessions and visitor days in the
//! order in which events come. Events have ids that follow from what they were read from, and the import a name that follows from its
//! content: so the same command, given again, goes on where it was stopped and stores nothing twice.

mod error;
mod identity;
mod input;
mod send;
mod sorter;
mod summary;

pub mod access_log;
pub mod demo;
pub mod events;
pub mod progress;

pub use error::ImportError;
pub use progress::Progress;
pub use summary::{BadLine, BadLines, Rejection, Summary, Unit};

use std::time::Duration;

/// How long an import waits for a server that does not answer, unless told otherwise.
pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(60);

/// Where an import goes.
#[derive(Debug, Clone)]
pub struct ImportTarget {
    /// The connection to the server.
    pub channel: tonic::transport::Channel,
    /// An API key with the scope `import`.
    pub key: String,
    /// The name of the project, without `projects/`.
    pub project: String,
}
