//! Tells the catalog when keys were last used.

use std::time::Duration;

use analytics_rpc::{Authenticator, Drain};

/// How often. Calls only note it in memory.
const INTERVAL: Duration = Duration::from_secs(60);

/// Writes until the drain begins. What comes after that is written by [`write`].
pub(crate) fn start(drain: &Drain, authenticator: &Authenticator) {
    let (authenticator, token) = (authenticator.clone(), drain.token().clone());
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        while tokio::select! { _ = ticks.tick() => true, () = token.cancelled() => false } {
            write(&authenticator).await;
        }
    });
}

/// Writes what was not written yet. A failure is no reason to stop anything: it is tried again the next time.
pub(crate) async fn write(authenticator: &Authenticator) {
    if let Err(error) = authenticator.write_last_uses().await {
        tracing::warn!(%error, "when keys were last used could not be written; trying again");
    }
}
