//! Answers.

use analytics_domain::{
    AnswerInfo, AnswerNote, Breakdown, Interval, MetricValue, Millis, PropertyValue, Totals, Trend, TrendPoint,
};
use analytics_proto::v1::{self, metric_value, property_value};

pub(crate) fn totals_response(totals: Totals) -> v1::QueryTotalsResponse {
    v1::QueryTotalsResponse { info: Some(info(totals.info)), values: values(&totals.values) }
}

pub(crate) fn trend_response(trend: Trend) -> v1::QueryTrendResponse {
    v1::QueryTrendResponse { info: Some(info(trend.info)), points: trend.points.iter().map(point).collect() }
}

pub(crate) fn breakdown_response(breakdown: Breakdown) -> v1::QueryBreakdownResponse {
    let rows = breakdown.rows.into_iter().map(|row| v1::BreakdownRow {
        dimensions: row.dimensions.into_iter().map(property_value).collect(),
        values: values(&row.values),
    });
    v1::QueryBreakdownResponse {
        info: Some(info(breakdown.info)),
        rows: rows.collect(),
        others: breakdown
            .others
            .map(|others| v1::BreakdownOthers { row_count: others.row_count, values: values(&others.values) }),
    }
}

fn point(point: &TrendPoint) -> v1::TrendPoint {
    let edges = point.bucket.interval;
    v1::TrendPoint {
        bucket: Some(v1::Bucket {
            start_time: Some(timestamp(edges.start)),
            end_time: Some(timestamp(edges.end)),
            utc_offset_seconds: point.bucket.utc_offset_seconds,
            clipped: point.clipped,
            partial: point.partial,
        }),
        values: values(&point.values),
    }
}

fn values(values: &[MetricValue]) -> Vec<v1::MetricValue> {
    let values = values.iter().map(|value| match value {
        MetricValue::Absent => None,
        MetricValue::Count(count) => Some(metric_value::Value::Count(*count)),
        MetricValue::Number(number) => Some(metric_value::Value::Number(*number)),
    });
    values.map(|value| v1::MetricValue { value }).collect()
}

fn property_value(value: Option<PropertyValue>) -> v1::PropertyValue {
    let value = value.map(|value| match value {
        PropertyValue::String(text) => property_value::Value::StringValue(text),
        PropertyValue::Number(number) => property_value::Value::NumberValue(number),
        PropertyValue::Bool(truth) => property_value::Value::BoolValue(truth),
    });
    v1::PropertyValue { value }
}

fn info(info: AnswerInfo) -> v1::AnswerInfo {
    let days = info.watermark.iter().map(|day| v1::DayVersion {
        date: day.day.to_string(),
        version: day.version.0,
        generation: day.generation.0,
    });
    let notes = info.notes.iter().map(|note| match note {
        AnswerNote::DailyVisitorsSummed => v1::AnswerNote::DailyVisitorsSummed.into(),
    });
    v1::AnswerInfo {
        definition_version: info.definition_version,
        time_zone: info.zone.name().to_owned(),
        interval: Some(interval(info.interval)),
        as_of: Some(timestamp(info.as_of)),
        complete: info.interval.end <= info.as_of,
        watermark: Some(v1::Watermark { days: days.collect() }),
        identity_coverage: Some(v1::IdentityCoverage {
            with_user: info.identity_coverage.with_user,
            with_visitor_only: info.identity_coverage.with_visitor_only,
            with_neither: info.identity_coverage.with_neither,
        }),
        notes: notes.collect(),
    }
}

fn interval(interval: Interval) -> v1::Interval {
    v1::Interval { start_time: Some(timestamp(interval.start)), end_time: Some(timestamp(interval.end)) }
}

fn timestamp(time: Millis) -> pbjson_types::Timestamp {
    let nanos = time.0.rem_euclid(1000) as i32 * 1_000_000;
    pbjson_types::Timestamp { seconds: time.0.div_euclid(1000), nanos }
}
