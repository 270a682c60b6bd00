//! Answers as tables.

use analytics_proto::v1::{self, MetricKind, metric_value, property_value};
use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use crate::output::{self, Column};

pub(crate) fn print_totals(metrics: &[v1::Metric], answer: &v1::QueryTotalsResponse) {
    let rows = metrics.iter().zip(&answer.values);
    let rows = rows.map(|(metric, value)| vec![heading_of(metric), text_of(metric, value)]);
    output::print_table(&[("Metric", Column::Text), ("Value", Column::Number)], rows.collect());
    print_info(answer.info.as_ref());
}

pub(crate) fn print_trend(metrics: &[v1::Metric], unit: v1::TimeUnit, answer: &v1::QueryTrendResponse) {
    let rows = answer.points.iter().map(|point| {
        let bucket = point.bucket.unwrap_or_default();
        let mut row = vec![start_of(&bucket, unit)];
        row.extend(metrics.iter().zip(&point.values).map(|(metric, value)| text_of(metric, value)));
        row.push(match (bucket.clipped, bucket.partial) {
            (true, true) => "clipped, still running".to_owned(),
            (true, false) => "clipped".to_owned(),
            (false, true) => "still running".to_owned(),
            (false, false) => String::new(),
        });
        row
    });
    print_with_metrics(&[("From", Column::Text)], metrics, &[("", Column::Text)], rows.collect());
    print_info(answer.info.as_ref());
}

pub(crate) fn print_breakdown(by: &[String], metrics: &[v1::Metric], answer: &v1::QueryBreakdownResponse) {
    let mut rows: Vec<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| {
            let dimensions = row.dimensions.iter().map(dimension_text);
            dimensions.chain(metrics.iter().zip(&row.values).map(|(metric, value)| text_of(metric, value))).collect()
        })
        .collect();
    if let Some(others) = &answer.others {
        let mut row = vec![String::new(); by.len()];
        if let Some(first) = row.first_mut() {
            *first = format!("({} others)", output::count(others.row_count));
        }
        row.extend(metrics.iter().zip(&others.values).map(|(metric, value)| text_of(metric, value)));
        rows.push(row);
    }
    let leading: Vec<(&str, Column)> = by.iter().map(|name| (name.as_str(), Column::Text)).collect();
    print_with_metrics(&leading, metrics, &[], rows);
    print_info(answer.info.as_ref());
}

fn print_with_metrics(
    leading: &[(&str, Column)],
    metrics: &[v1::Metric],
    trailing: &[(&str, Column)],
    rows: Vec<Vec<String>>,
) {
    let names: Vec<String> = metrics.iter().map(heading_of).collect();
    let mut headings = leading.to_vec();
    headings.extend(names.iter().map(|name| (name.as_str(), Column::Number)));
    headings.extend(trailing);
    output::print_table(&headings, rows);
}

fn heading_of(metric: &v1::Metric) -> String {
    match metric.kind() {
        MetricKind::Unspecified => "?",
        MetricKind::Events => "Events",
        MetricKind::Views => "Views",
        MetricKind::Visitors => "Visitors",
        MetricKind::Users => "Users",
        MetricKind::Sessions => "Sessions",
        MetricKind::BounceRate => "Bounce rate",
        MetricKind::EngagementRate => "Engagement rate",
        MetricKind::SessionDuration => "Session duration",
        MetricKind::ViewsPerSession => "Views per session",
    }
    .to_owned()
}

fn text_of(metric: &v1::Metric, value: &v1::MetricValue) -> String {
    match (value.value, metric.kind()) {
        (None, _) => "–".to_owned(),
        (Some(metric_value::Value::Count(count)), _) => output::count(count),
        (Some(metric_value::Value::Number(rate)), MetricKind::BounceRate | MetricKind::EngagementRate) => {
            format!("{:.1} %", rate * 100.0)
        }
        (Some(metric_value::Value::Number(duration_ms)), MetricKind::SessionDuration) => duration_text(duration_ms),
        (Some(metric_value::Value::Number(number)), _) => format!("{number:.2}"),
    }
}

fn duration_text(duration_ms: f64) -> String {
    let seconds = (duration_ms / 1000.0).round() as i64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

fn dimension_text(value: &v1::PropertyValue) -> String {
    match &value.value {
        None => "(absent)".to_owned(),
        Some(property_value::Value::StringValue(text)) => text.clone(),
        Some(property_value::Value::NumberValue(number)) => number.to_string(),
        Some(property_value::Value::BoolValue(truth)) => truth.to_string(),
    }
}

/// The start of a bucket as its own local clock shows it.
fn start_of(bucket: &v1::Bucket, unit: v1::TimeUnit) -> String {
    let start = bucket.start_time.unwrap_or_default();
    let (Ok(start), Ok(offset)) =
        (Timestamp::new(start.seconds, start.nanos), Offset::from_seconds(bucket.utc_offset_seconds))
    else {
        return String::new();
    };
    let local = start.to_zoned_datetime(TimeZone::fixed(offset));
    let format = match unit {
        v1::TimeUnit::Minute | v1::TimeUnit::Hour => "%Y-%m-%d %H:%M %:z",
        v1::TimeUnit::Month => "%Y-%m",
        v1::TimeUnit::Day | v1::TimeUnit::Week | v1::TimeUnit::Unspecified => "%Y-%m-%d %a",
    };
    local.strftime(format).to_string()
}

/// What the answer rests on, below the table.
fn print_info(info: Option<&v1::AnswerInfo>) {
    let Some(info) = info else { return };
    let coverage = info.identity_coverage.unwrap_or_default();
    println!("Days of {}, as of {}.", info.time_zone, output::instant(info.as_of));
    println!(
        "{} events with a user, {} with a visitor only, {} with neither.",
        output::count(coverage.with_user),
        output::count(coverage.with_visitor_only),
        output::count(coverage.with_neither)
    );
    if info.notes().any(|note| note == v1::AnswerNote::DailyVisitorsSummed) {
        println!("Visitors are counted by the day: who came on several days was counted on each.");
    }
}
