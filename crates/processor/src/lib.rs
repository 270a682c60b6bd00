//! The processor: takes entries from the log, stores their events exactly once, tells who listens, and keeps day segments fresh.

mod commit;
mod compaction;

pub use commit::{Processor, ProcessorOptions};
pub use compaction::{Compactor, CompactorHandle, CompactorOptions};
