//! The processor: takes entries from the log, stores their events exactly once, puts into quarantine what the store refuses, tells who
//! listens, and keeps day segments fresh.

mod commit;
mod compaction;
mod division;
mod options;
mod outcome;
mod pace;
mod storing;

pub use commit::Processor;
pub use compaction::{Compactor, CompactorHandle, CompactorOptions};
pub use options::{ProcessorOptions, ProcessorPorts};
