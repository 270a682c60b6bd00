//! Destroys on time what is kept for a while only.

use std::{sync::Arc, time::Duration};

use analytics_domain::{Clock, ports::EphemeralStore};
use analytics_rpc::Drain;
use tokio::task::JoinHandle;

/// How often what is due in the ephemeral store is destroyed.
const INTERVAL: Duration = Duration::from_secs(60);

/// Sweeps until the drain begins.
pub(crate) fn start(drain: &Drain, ephemeral: Arc<dyn EphemeralStore>, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    let token = drain.token().clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        while tokio::select! { _ = ticks.tick() => true, () = token.cancelled() => false } {
            if let Err(error) = ephemeral.sweep(clock.now().to_millis()).await {
                tracing::error!(%error, "salts that are due could not be destroyed; trying again");
            }
        }
    })
}
