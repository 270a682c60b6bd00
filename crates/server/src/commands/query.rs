//! `analytics query`.

use analytics_proto::v1::{self, MetricKind, time_range};
use anyhow::{Context, anyhow};

use super::{conditions, query_table};
use crate::{
    cli::{QueryArgs, QueryCommand, UnitArg},
    client::{Client, failed},
    output,
};

const USUAL_METRICS: [MetricKind; 7] = [
    MetricKind::Views,
    MetricKind::Visitors,
    MetricKind::Sessions,
    MetricKind::BounceRate,
    MetricKind::SessionDuration,
    MetricKind::ViewsPerSession,
    MetricKind::Events,
];
/// Those that have a meaning for every dimension.
const USUAL_BREAKDOWN_METRICS: [MetricKind; 3] = [MetricKind::Views, MetricKind::Visitors, MetricKind::Events];

pub(crate) async fn run(command: QueryCommand) -> anyhow::Result<()> {
    match command {
        QueryCommand::Totals(args) => totals(args).await,
        QueryCommand::Trend { query, unit } => trend(query, unit).await,
        QueryCommand::Breakdown { query, by, limit } => breakdown(query, &by, limit).await,
    }
}

async fn totals(args: QueryArgs) -> anyhow::Result<()> {
    let metrics = metrics_of(&args, &USUAL_METRICS)?;
    let request = v1::QueryTotalsRequest {
        scope: Some(scope_of(&args)?),
        totals: Some(v1::TotalsSpec { metrics: metrics.clone() }),
    };
    let client = Client::connect(&args.connect).await?;
    let answer = client.query().query_totals(request).await.map_err(failed)?.into_inner();
    if args.format.json {
        return output::print_json(&answer);
    }
    query_table::print_totals(&metrics, &answer);
    Ok(())
}

async fn trend(args: QueryArgs, unit: UnitArg) -> anyhow::Result<()> {
    let metrics = metrics_of(&args, &USUAL_METRICS)?;
    let unit = match unit {
        UnitArg::Minute => v1::TimeUnit::Minute,
        UnitArg::Hour => v1::TimeUnit::Hour,
        UnitArg::Day => v1::TimeUnit::Day,
        UnitArg::Week => v1::TimeUnit::Week,
        UnitArg::Month => v1::TimeUnit::Month,
    };
    let spec = v1::TrendSpec { metrics: metrics.clone(), unit: unit.into() };
    let request = v1::QueryTrendRequest { scope: Some(scope_of(&args)?), trend: Some(spec) };
    let client = Client::connect(&args.connect).await?;
    let answer = client.query().query_trend(request).await.map_err(failed)?.into_inner();
    if args.format.json {
        return output::print_json(&answer);
    }
    query_table::print_trend(&metrics, unit, &answer);
    Ok(())
}

async fn breakdown(args: QueryArgs, by: &[String], limit: i32) -> anyhow::Result<()> {
    let metrics = metrics_of(&args, &USUAL_BREAKDOWN_METRICS)?;
    let dimensions = by.iter().map(|name| conditions::dimension_of(name)).collect::<Result<_, _>>()?;
    let spec = v1::BreakdownSpec { metrics: metrics.clone(), dimensions, limit };
    let request = v1::QueryBreakdownRequest { scope: Some(scope_of(&args)?), breakdown: Some(spec) };
    let client = Client::connect(&args.connect).await?;
    let answer = client.query().query_breakdown(request).await.map_err(failed)?.into_inner();
    if args.format.json {
        return output::print_json(&answer);
    }
    query_table::print_breakdown(by, &metrics, &answer);
    Ok(())
}

fn metrics_of(args: &QueryArgs, usual: &[MetricKind]) -> anyhow::Result<Vec<v1::Metric>> {
    if args.metrics.is_empty() {
        return Ok(usual.iter().map(|kind| v1::Metric { kind: (*kind).into() }).collect());
    }
    args.metrics.iter().map(|name| conditions::metric_of(name)).collect()
}

fn scope_of(args: &QueryArgs) -> anyhow::Result<v1::QueryScope> {
    let mut filters =
        args.conditions.iter().map(|text| conditions::condition_of(text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(json) = &args.filter {
        filters.push(serde_json::from_str(json).context("--filter is no proto3 JSON of analytics.v1.Filter")?);
    }
    let as_of = args.as_of.as_deref().map(|text| {
        instant_of(text).ok_or_else(|| anyhow!("--as-of `{text}` is no instant such as 2015-05-17T10:00:00Z"))
    });
    Ok(v1::QueryScope {
        project: format!("projects/{}", args.project),
        range: Some(range_of(&args.from, &args.to)?),
        time_zone: args.time_zone.clone().unwrap_or_default(),
        as_of: as_of.transpose()?,
        filter: conditions::all_of(filters),
    })
}

/// Two days are days of the question's zone, which only the server knows; two instants are themselves.
fn range_of(from: &str, to: &str) -> anyhow::Result<v1::TimeRange> {
    let range = match (instant_of(from), instant_of(to)) {
        (Some(start), Some(end)) => {
            time_range::Range::Interval(v1::Interval { start_time: Some(start), end_time: Some(end) })
        }
        (None, None) => {
            time_range::Range::Dates(v1::DateInterval { start_date: from.to_owned(), end_date: to.to_owned() })
        }
        _ => return Err(anyhow!("--from and --to must both be days (YYYY-MM-DD) or both be instants")),
    };
    Ok(v1::TimeRange { range: Some(range) })
}

fn instant_of(text: &str) -> Option<pbjson_types::Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(pbjson_types::Timestamp { seconds: instant.as_second(), nanos: instant.subsec_nanosecond() })
}
