use std::sync::Arc;

use analytics_domain::{
    AnswerInfo, Breakdown, BreakdownSpec, DEFINITION_VERSION, DayVersion, QueryScope, Totals, TotalsSpec, Trend,
    TrendPoint, TrendSpec, calendar,
    ports::{DayState, EventStore, SegmentStore},
};
use tokio::time::Instant;

use crate::{
    EngineError,
    breakdown::{self, TopRows},
    cache::Cache,
    merger::{Merged, Merger},
    plan::{Groups, Needs, Plan},
    run::{Pin, RunError, sum_days},
    source::Sources,
    workers::Workers,
};

/// The most buckets of a trend.
const MAX_BUCKETS: usize = 10_000;

/// How often an answer of several passes begins again because the past changed between them.
const MAX_ATTEMPTS: usize = 3;

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
    sources: Sources,
    concurrency: usize,
}

impl Engine {
    /// An engine over these stores.
    pub fn new(options: EngineOptions, events: Arc<dyn EventStore>, segments: Arc<dyn SegmentStore>) -> Self {
        let cache = Cache::new(options.cache_bytes);
        let workers = Workers::new(options.parallelism);
        // Twice as many days as there are threads: while some compute others are read.
        let concurrency = options.parallelism.max(1).saturating_mul(2);
        Self { sources: Sources { events, segments, cache, workers }, concurrency }
    }

    /// Metrics over the whole range. Dropping the future stops the work.
    ///
    /// # Errors
    /// When the truth cannot be read or the deadline passes.
    pub async fn totals(
        &self,
        scope: &QueryScope,
        spec: &TotalsSpec,
        deadline: Option<Instant>,
    ) -> Result<Totals, EngineError> {
        within(deadline, async {
            let plan = Plan::new(scope, Needs::of(&spec.metrics), Groups::Single);
            let (merged, states) = self.first_pass(scope, plan, 1).await?;
            Ok(Totals { values: merged.sums[0].values(&spec.metrics), info: info(scope, &merged, &states) })
        })
        .await
    }

    /// Metrics for each bucket of the range. Dropping the future stops the work.
    ///
    /// # Errors
    /// When there are more than 10,000 buckets, the truth cannot be read or the deadline passes.
    pub async fn trend(
        &self,
        scope: &QueryScope,
        spec: &TrendSpec,
        deadline: Option<Instant>,
    ) -> Result<Trend, EngineError> {
        let (range, week_start) = (scope.interval, scope.project.week_start);
        let buckets: Arc<[_]> = calendar::buckets(range, spec.unit, &scope.zone, week_start, MAX_BUCKETS)?.into();
        within(deadline, async {
            let plan = Plan::new(scope, Needs::of(&spec.metrics), Groups::Buckets(buckets.clone()));
            let (merged, states) = self.first_pass(scope, plan, buckets.len()).await?;
            let point = |(bucket, sums): (&calendar::Bucket, &crate::sums::Sums)| TrendPoint {
                bucket: *bucket,
                clipped: bucket.interval.start < range.start || bucket.interval.end > range.end,
                partial: bucket.interval.contains(scope.as_of),
                values: sums.values(&spec.metrics),
            };
            let points = buckets.iter().zip(&merged.sums).map(point).collect();
            Ok(Trend { points, info: info(scope, &merged, &states) })
        })
        .await
    }

    /// Metrics for each combination of dimension values. Dropping the future stops the work.
    ///
    /// # Errors
    /// When a session metric meets a dimension that it has no meaning for, the truth cannot be read or the deadline passes.
    pub async fn breakdown(
        &self,
        scope: &QueryScope,
        spec: &BreakdownSpec,
        deadline: Option<Instant>,
    ) -> Result<Breakdown, EngineError> {
        breakdown::check(spec)?;
        within(deadline, async {
            for _ in 0..MAX_ATTEMPTS {
                match self.try_breakdown(scope, spec).await {
                    Err(RunError::Moved) => {}
                    Err(RunError::Engine(error)) => return Err(error),
                    Ok(breakdown) => return Ok(breakdown),
                }
            }
            Err(EngineError::PastKeptChanging)
        })
        .await
    }

    async fn try_breakdown(&self, scope: &QueryScope, spec: &BreakdownSpec) -> Result<Breakdown, RunError> {
        let needs = Needs::of(&spec.metrics);
        let plan = Plan::new(scope, needs, Groups::Dimensions(spec.dimensions.clone().into()));
        let adds_up = !needs.visitors && !needs.users && !plan.sessions_by_page();
        let (merged, states) = self.first_pass(scope, plan, 0).await.map_err(RunError::Engine)?;
        let TopRows { rows, cut_off } = breakdown::top_rows(&merged, spec);
        let others = match cut_off.len() {
            0 => None,
            count => {
                let sums = if adds_up {
                    breakdown::added_up(&merged, &cut_off)
                } else {
                    self.others_pass(scope, spec, &rows, &states).await?
                };
                Some(breakdown::others(count, sums, spec))
            }
        };
        Ok(Breakdown { rows, others, info: info(scope, &merged, &states) })
    }

    /// Computes the metrics anew over everything that has no row of its own.
    async fn others_pass(
        &self,
        scope: &QueryScope,
        spec: &BreakdownSpec,
        rows: &[analytics_domain::BreakdownRow],
        states: &[DayState],
    ) -> Result<crate::sums::Sums, RunError> {
        let left_out: Vec<_> = rows.iter().map(|row| row.dimensions.clone()).collect();
        let groups = Groups::Except(spec.dimensions.clone().into(), left_out.into());
        let plan = Arc::new(Plan::new(scope, Needs::of(&spec.metrics), groups));
        let (project, merger) = (scope.project.id, Merger::new(0, 1));
        let (merged, _) =
            sum_days(&self.sources, project, plan, states.to_vec(), Pin::Exact, merger, self.concurrency).await?;
        Ok(merged.sums[0])
    }

    async fn first_pass(
        &self,
        scope: &QueryScope,
        plan: Plan,
        group_count: usize,
    ) -> Result<(Merged, Vec<DayState>), EngineError> {
        let project = scope.project.id;
        let states = self.sources.events.days(project, scope.interval).await?;
        let merger = Merger::new(plan.dimensions().len(), group_count);
        match sum_days(&self.sources, project, Arc::new(plan), states, Pin::Free, merger, self.concurrency).await {
            Ok(answer) => Ok(answer),
            Err(RunError::Engine(error)) => Err(error),
            Err(RunError::Moved) => Err(EngineError::PastKeptChanging),
        }
    }
}

async fn within<T>(
    deadline: Option<Instant>,
    answer: impl Future<Output = Result<T, EngineError>>,
) -> Result<T, EngineError> {
    match deadline {
        None => answer.await,
        Some(deadline) => tokio::time::timeout_at(deadline, answer).await.unwrap_or(Err(EngineError::DeadlineExceeded)),
    }
}

fn info(scope: &QueryScope, merged: &Merged, states: &[DayState]) -> AnswerInfo {
    let version =
        |state: &DayState| DayVersion { day: state.day, version: state.version, generation: state.generation };
    AnswerInfo {
        definition_version: DEFINITION_VERSION,
        zone: scope.zone.clone(),
        interval: scope.interval,
        as_of: scope.as_of,
        watermark: states.iter().map(version).collect(),
        identity_coverage: merged.coverage,
        notes: merged.notes.clone(),
    }
}
