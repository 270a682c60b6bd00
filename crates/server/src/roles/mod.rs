//! One role in one process, over TimescaleDB and Redis.
//!
//! A process listens before anything else is there: health tells that it is not ready and what is missing, calls are asked to come
//! back, and what it needs is tried again until it answers. Only what waiting cannot mend ends the start.

mod collector;
mod connect;
mod door;
mod gateway;
mod processor;
mod query;
mod redis;

use std::sync::Arc;

use analytics_domain::{Clock, SystemClock};

pub(crate) use self::connect::{DATABASE_EXAMPLE, required, timescale_options};
use crate::{cli::SettingFlags, config::Role, process::Process};

pub(crate) async fn run(role: Role, flags: SettingFlags) -> anyhow::Result<()> {
    let process = Process::start(role, &flags)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    match role {
        Role::Collector => collector::run(&process, clock).await?,
        Role::Processor => processor::run(&process, clock).await?,
        Role::Query => query::run(&process, clock).await?,
        Role::Gateway => gateway::run(&process).await?,
        Role::Serve => anyhow::bail!("`serve` is every role at once: type `analytics serve`"),
    }
    tracing::info!("stopped");
    Ok(())
}
