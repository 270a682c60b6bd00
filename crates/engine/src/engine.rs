use std::sync::Arc;

use analytics_domain::{
    Breakdown, BreakdownSpec, QueryScope, Totals, TotalsSpec, Trend, TrendSpec,
    ports::{EventStore, SegmentStore},
};
use tokio::time::Instant;

use crate::EngineError;

/// How much an [`Engine`] may use.
#[derive(Debug, Clone, Copy)]
pub struct EngineOptions {
    /// The most bytes of decoded columns to keep between questions.
    pub cache_bytes: u64,
    /// How many days are evaluated at the same time, over all questions; at least one.
    pub parallelism: usize,
}

/// Answers questions over the days of projects.
pub struct Engine {
    _options: EngineOptions,
    _events: Arc<dyn EventStore>,
    _segments: Arc<dyn SegmentStore>,
}

impl Engine {
    /// An engine over these stores.
    pub fn new(options: EngineOptions, events: Arc<dyn EventStore>, segments: Arc<dyn SegmentStore>) -> Self {
        Self { _options: options, _events: events, _segments: segments }
    }

    /// Metrics over the whole range. Dropping the future stops the work.
    ///
    /// # Errors
    /// When the truth cannot be read or the deadline passes.
    pub async fn totals(
        &self,
        _scope: &QueryScope,
        _spec: &TotalsSpec,
        _deadline: Option<Instant>,
    ) -> Result<Totals, EngineError> {
        Err(EngineError::DeadlineExceeded)
    }

    /// Metrics for each bucket of the range. Dropping the future stops the work.
    ///
    /// # Errors
    /// When there are more than 10,000 buckets, the truth cannot be read or the deadline passes.
    pub async fn trend(
        &self,
        _scope: &QueryScope,
        _spec: &TrendSpec,
        _deadline: Option<Instant>,
    ) -> Result<Trend, EngineError> {
        Err(EngineError::DeadlineExceeded)
    }

    /// Metrics for each combination of dimension values. Dropping the future stops the work.
    ///
    /// # Errors
    /// When a session metric meets a dimension that it has no meaning for, the truth cannot be read or the deadline passes.
    pub async fn breakdown(
        &self,
        _scope: &QueryScope,
        _spec: &BreakdownSpec,
        _deadline: Option<Instant>,
    ) -> Result<Breakdown, EngineError> {
        Err(EngineError::DeadlineExceeded)
    }
}
