//! What the failures of ports mean to a caller.

use analytics_domain::ports::{CatalogError, EphemeralError, LogError, StoreError};

use super::RpcError;

impl From<CatalogError> for RpcError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::ProjectExists(name) => Self::ProjectExists(name),
            CatalogError::Unavailable(cause) => {
                Self::Unavailable { what: "the catalog is", cause, retry_after: Self::DEFAULT_RETRY_AFTER }
            }
            CatalogError::Corrupt(cause) => Self::Internal { cause },
        }
    }
}

impl From<StoreError> for RpcError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                Self::Unavailable { what: "the event store is", cause, retry_after: Self::DEFAULT_RETRY_AFTER }
            }
            // Nobody writes through a call but the processor, which does not answer callers.
            StoreError::Refused(cause) | StoreError::Corrupt(cause) => Self::Internal { cause },
        }
    }
}

impl From<LogError> for RpcError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Unavailable { reason, retry_after } => {
                Self::Unavailable { what: "the event log is", cause: reason, retry_after }
            }
        }
    }
}

impl From<EphemeralError> for RpcError {
    fn from(error: EphemeralError) -> Self {
        match error {
            EphemeralError::Unavailable(cause) => Self::Unavailable {
                what: "the store of running sessions is",
                cause,
                retry_after: Self::DEFAULT_RETRY_AFTER,
            },
            EphemeralError::ImportNotRunning(key) => Self::ImportNotFound(key.import),
        }
    }
}
