use analytics_domain::{calendar::TooManyBuckets, ports::StoreError};

/// Why a question was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The question asks for something that has no meaning; asking again gives the same.
    #[error("{field}: {reason}")]
    NotComputable {
        /// The part of the question, as a path such as `breakdown.dimensions[0]`.
        field: String,
        /// Why, and what to ask instead.
        reason: String,
    },
    /// The question has too many buckets.
    #[error("trend.unit: {0}")]
    TooManyBuckets(#[from] TooManyBuckets),
    /// The deadline passed before the answer was complete.
    #[error("the answer was not complete at the deadline")]
    DeadlineExceeded,
    /// The truth could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The past changed between every two passes over it; the same question may be answered later.
    #[error("the past kept changing while it was read")]
    PastKeptChanging,
    /// The past of a day kept changing while it was read; the same question may be answered later.
    #[error("the day {0} kept changing while it was read")]
    Unsettled(analytics_domain::Day),
}
