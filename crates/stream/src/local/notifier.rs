//! Hints to listeners of the same process.

use analytics_domain::ports::{Change, ChangeSubscription, DayChanged, Notifier, NotifierError};
use async_trait::async_trait;
use tokio::sync::broadcast::{self, error::RecvError};

/// How a [`LocalNotifier`] works.
#[derive(Debug, Clone, Copy)]
pub struct NotifierOptions {
    /// A subscription that is more hints behind than this loses the oldest and is told so. At least 1; rounded up to a power of two.
    pub max_hints_behind: usize,
}

impl Default for NotifierOptions {
    fn default() -> Self {
        Self { max_hints_behind: 1024 }
    }
}

/// A notifier for one process. Clones share their subscriptions; these end with the last clone.
#[derive(Debug, Clone)]
pub struct LocalNotifier {
    hints: broadcast::Sender<DayChanged>,
}

impl LocalNotifier {
    /// A notifier without subscriptions.
    pub fn new(options: NotifierOptions) -> Self {
        Self { hints: broadcast::Sender::new(options.max_hints_behind.max(1)) }
    }
}

#[async_trait]
impl Notifier for LocalNotifier {
    async fn publish(&self, change: DayChanged) -> Result<(), NotifierError> {
        // Fails only when nobody listens, which is no failure.
        let _listeners = self.hints.send(change);
        Ok(())
    }

    async fn subscribe(&self) -> Result<Box<dyn ChangeSubscription>, NotifierError> {
        Ok(Box::new(LocalSubscription { hints: self.hints.subscribe() }))
    }
}

struct LocalSubscription {
    hints: broadcast::Receiver<DayChanged>,
}

#[async_trait]
impl ChangeSubscription for LocalSubscription {
    async fn next(&mut self) -> Option<Change> {
        match self.hints.recv().await {
            Ok(change) => Some(Change::Day(change)),
            Err(RecvError::Lagged(_)) => Some(Change::Missed),
            Err(RecvError::Closed) => None,
        }
    }
}
