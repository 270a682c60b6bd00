//! Taking events: what collectors and the log compute for them beside servers that do the least, how much a machine takes from end to
//! end, and the memory of the processes.

mod batches;
mod deployment;
mod end_to_end;
mod memory;
pub(crate) mod peer;
mod report;
mod sender;
mod server_cpu;

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use self::{end_to_end::EndToEnd, memory::Memory, server_cpu::ServerCpu};

/// How often each is measured, in turn with its limit. The medians count.
const RUNS: usize = 3;

/// Everything that was measured about taking events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Ingest {
    /// Batches of 100 events.
    pub(crate) batches: ServerCpu,
    /// One event a call.
    pub(crate) singles: ServerCpu,
    /// From a client into the store.
    pub(crate) end_to_end: EndToEnd,
    /// Of processes.
    pub(crate) memory: Memory,
}

/// Measures all of it, with the binary of the product.
pub(crate) fn measure(seed: u64, binary: &Path) -> Result<Ingest> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let batches = server_cpu::measure(&server_cpu::BATCHES, seed, binary).await?;
        let singles = server_cpu::measure(&server_cpu::SINGLES, seed, binary).await?;
        let end_to_end = end_to_end::measure(seed, binary).await?;
        let under_load = [batches.collector_peak_bytes, singles.collector_peak_bytes, end_to_end.collector_peak_bytes];
        let memory = memory::measure(binary, under_load.into_iter().max().unwrap_or_default()).await?;
        Ok(Ingest { batches, singles, end_to_end, memory })
    })
}
