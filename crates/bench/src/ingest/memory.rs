//! What processes need of memory.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use tempfile::TempDir;

use super::deployment;

const MIB: u64 = 1 << 20;
/// The most that a collector should have under full load, and all roles in one process when nobody calls.
const COLLECTOR_GOAL_BYTES: u64 = 64 * MIB;
const IDLE_GOAL_BYTES: u64 = 50 * MIB;

/// Resident memory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Memory {
    /// The most that a collector had in any measurement under full load.
    pub(crate) collector_peak_bytes: u64,
    /// The most that this should be.
    pub(crate) collector_goal_bytes: u64,
    /// `serve` over an empty store, ready and never called.
    pub(crate) serve_idle_bytes: u64,
    /// The most that this should be.
    pub(crate) serve_idle_goal_bytes: u64,
}

pub(super) async fn measure(binary: &Path, collector_peak_bytes: u64) -> Result<Memory> {
    let home = TempDir::new()?;
    let ephemeral = tempfile::Builder::new().prefix("analytics-bench-").tempdir_in("/dev/shm")?;
    let serve = deployment::serve(binary, &home, &ephemeral).await?;
    let (serve_idle_bytes, _) = serve.resident_bytes();
    Ok(Memory {
        collector_peak_bytes,
        collector_goal_bytes: COLLECTOR_GOAL_BYTES,
        serve_idle_bytes,
        serve_idle_goal_bytes: IDLE_GOAL_BYTES,
    })
}
