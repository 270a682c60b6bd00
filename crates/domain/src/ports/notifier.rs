//! Hints that something changed. A hint may be lost: whoever needs certainty reads the day versions too.

use async_trait::async_trait;

use crate::{Day, ProjectId, Version};

/// A day got events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayChanged {
    /// The project.
    pub project: ProjectId,
    /// The visitor day.
    pub day: Day,
    /// The version that it now has at least.
    pub version: Version,
}

/// What a subscription delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A day changed.
    Day(DayChanged),
    /// Some hints were lost: read the versions of all days of interest.
    Missed,
}

/// Why a hint could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the notifier is not available: {0}")]
pub struct NotifierError(pub String);

/// Sends and receives hints.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Sends a hint to all subscriptions.
    async fn publish(&self, change: DayChanged) -> Result<(), NotifierError>;
    /// Receives every hint sent from now on.
    async fn subscribe(&self) -> Result<Box<dyn ChangeSubscription>, NotifierError>;
}

/// One receiver of hints.
#[async_trait]
pub trait ChangeSubscription: Send {
    /// Waits for the next change. None when the notifier has ended.
    async fn next(&mut self) -> Option<Change>;
}
