//! Letting long streams end in order: a call that goes on for long has to know that its connection is about to close.

use tokio_util::sync::CancellationToken;

/// Tells, among the extensions of each request, when its connection is asked to go: because it is old, or the server stops. Calls may go
/// on for the grace after that. Clones share one state; the default never begins.
#[derive(Debug, Clone, Default)]
pub struct ConnectionEnding(CancellationToken);

impl ConnectionEnding {
    /// The connection is asked to go. A second time changes nothing.
    pub fn begin(&self) {
        self.0.cancel();
    }

    /// Waits until the connection is asked to go.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }
}
