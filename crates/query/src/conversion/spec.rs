//! What is asked for.

use analytics_domain::{BreakdownSpec, MetricKind, TimeUnit, TotalsSpec, TrendSpec};
use analytics_proto::v1;

use super::{InvalidField, filter::dimension_of};

/// Rows of a breakdown that names no limit.
const DEFAULT_ROWS: usize = 10;

pub(crate) fn totals_of(spec: v1::TotalsSpec) -> Result<TotalsSpec, InvalidField> {
    Ok(TotalsSpec { metrics: metrics_of(&spec.metrics, "totals.metrics")? })
}

pub(crate) fn trend_of(spec: v1::TrendSpec) -> Result<TrendSpec, InvalidField> {
    let unit = match spec.unit() {
        v1::TimeUnit::Minute => TimeUnit::Minute,
        v1::TimeUnit::Hour => TimeUnit::Hour,
        v1::TimeUnit::Day => TimeUnit::Day,
        v1::TimeUnit::Week => TimeUnit::Week,
        v1::TimeUnit::Month => TimeUnit::Month,
        v1::TimeUnit::Unspecified => return Err(InvalidField::new("trend.unit", "must name the length of a bucket")),
    };
    Ok(TrendSpec { metrics: metrics_of(&spec.metrics, "trend.metrics")?, unit })
}

pub(crate) fn breakdown_of(spec: v1::BreakdownSpec) -> Result<BreakdownSpec, InvalidField> {
    let metrics = metrics_of(&spec.metrics, "breakdown.metrics")?;
    let dimensions = spec.dimensions.into_iter().enumerate();
    let dimensions = dimensions.map(|(i, dimension)| dimension_of(dimension, &format!("breakdown.dimensions[{i}]")));
    let dimensions = dimensions.collect::<Result<_, _>>()?;
    let limit = usize::try_from(spec.limit).ok().filter(|limit| *limit > 0).unwrap_or(DEFAULT_ROWS);
    Ok(BreakdownSpec { metrics, dimensions, limit })
}

fn metrics_of(metrics: &[v1::Metric], path: &str) -> Result<Vec<MetricKind>, InvalidField> {
    let metrics = metrics.iter().enumerate();
    let metrics = metrics.map(|(index, metric)| {
        metric_of(metric.kind()).ok_or_else(|| InvalidField::new(format!("{path}[{index}].kind"), "must name a metric"))
    });
    metrics.collect()
}

fn metric_of(kind: v1::MetricKind) -> Option<MetricKind> {
    Some(match kind {
        v1::MetricKind::Unspecified => return None,
        v1::MetricKind::Events => MetricKind::Events,
        v1::MetricKind::Views => MetricKind::Views,
        v1::MetricKind::Visitors => MetricKind::Visitors,
        v1::MetricKind::Users => MetricKind::Users,
        v1::MetricKind::Sessions => MetricKind::Sessions,
        v1::MetricKind::BounceRate => MetricKind::BounceRate,
        v1::MetricKind::EngagementRate => MetricKind::EngagementRate,
        v1::MetricKind::SessionDuration => MetricKind::SessionDuration,
        v1::MetricKind::ViewsPerSession => MetricKind::ViewsPerSession,
    })
}
