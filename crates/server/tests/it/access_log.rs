//! A whole access log, from the command line to the answers, against a naive count that shares no code with the product.

use std::path::{Path, PathBuf};

use analytics_oracle::{
    Bots, Count, GenSpec, LogClock, Measures, PageMetric, Rules, Scope, TopPages, count, generate, zone,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    answers::{self, assert_close, list},
    support::{Deployment, in_both_modes},
};

const METRICS: [&str; 7] =
    ["events", "views", "visitors", "sessions", "bounce_rate", "session_duration", "views_per_session"];
const TOP: usize = 15;

#[test]
fn a_generated_log_in_utc_gives_the_naive_count() {
    assert_generated_log(&GenSpec::of(zone("UTC").expect("a zone"), "2024-05-10".parse().expect("a date")), 1);
}

#[test]
fn a_generated_log_over_berlins_autumn_change_gives_the_naive_count() {
    let mut spec = GenSpec::of(zone("Europe/Berlin").expect("a zone"), "2024-10-25".parse().expect("a date"));
    spec.clock = LogClock::FixedMinutes(0);
    assert_generated_log(&spec, 2);
}

#[test]
fn a_generated_log_over_sao_paulos_missing_midnight_gives_the_naive_count() {
    let mut spec = GenSpec::of(zone("America/Sao_Paulo").expect("a zone"), "2018-11-01".parse().expect("a date"));
    spec.clock = LogClock::Zone(spec.zone.clone());
    assert_generated_log(&spec, 3);
}

#[test]
fn a_generated_log_over_lord_howes_half_hour_gives_the_naive_count() {
    let mut spec = GenSpec::of(zone("Australia/Lord_Howe").expect("a zone"), "2024-04-04".parse().expect("a date"));
    spec.clock = LogClock::FixedMinutes(-90);
    assert_generated_log(&spec, 4);
}

/// Its path comes from the environment: the log is not ours to keep. `.ci/run` sets it where the log is.
#[test]
fn the_real_log_gives_the_naive_count() {
    let Some(path) = std::env::var_os("ANALYTICS_REAL_LOG").map(PathBuf::from) else {
        eprintln!("ANALYTICS_REAL_LOG is not set: no real log was counted");
        return;
    };
    let log = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let patterns: Vec<String> =
        serde_json::from_str(include_str!("../../../collector/data/crawler-user-agents.json")).expect("a list");
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let is_bot = analytics_oracle::patterns(&patterns).expect("valid patterns");
    let rewrite = |path: &str| analytics_privacy::clean_page_url(path, &[]).page;
    for bots in [Bots::Filter, Bots::Include] {
        let mut rules = Rules::of(zone("UTC").expect("a zone"));
        rules.bots = bots;
        rules.is_bot = &is_bot;
        rules.page_rewrite = &rewrite;
        assert_answers(&path, &count(&log, &rules));
    }
}

fn assert_generated_log(spec: &GenSpec, seed: u64) {
    let log = generate(seed, spec);
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("access.log");
    std::fs::write(&path, &log).expect("writable");
    for bots in [Bots::Filter, Bots::Include] {
        let mut rules = Rules::of(spec.zone.clone());
        rules.bots = bots;
        assert_answers(&path, &count(&log, &rules));
    }
}

/// Imports the log twice and asks everything that was counted, over each way to run the platform.
fn assert_answers(log: &Path, expected: &Count) {
    in_both_modes(|platform| assert_answers_of(platform, log, expected));
}

fn assert_answers_of(platform: &dyn Deployment, log: &Path, expected: &Count) {
    platform.create_project("web", &expected.zone);
    let more: &[&str] = match expected.bots {
        Bots::Filter => &[],
        Bots::Include => &["--include-bots"],
    };
    assert_summary(&platform.import_log(log, "web", more), expected, "stored");
    assert_all(platform, expected);
    assert_summary(&platform.import_log(log, "web", more), expected, "duplicate");
    assert_all(platform, expected);
}

fn assert_summary(summary: &Value, expected: &Count, outcome: &str) {
    let number = |pointer: &str| summary.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    let lines = &expected.lines;
    assert_eq!(number("/read"), lines.read, "lines read: {summary}");
    for each in ["stored", "duplicate"] {
        let events = if each == outcome { expected.totals.events } else { 0 };
        assert_eq!(number(&format!("/{each}")), events, "{each}: {summary}");
    }
    assert_eq!(number("/filtered/bot"), lines.filtered_bots, "bots: {summary}");
    assert_eq!(number("/skipped/method"), lines.skipped.method, "methods: {summary}");
    assert_eq!(number("/skipped/status"), lines.skipped.status, "statuses: {summary}");
    assert_eq!(number("/skipped/asset"), lines.skipped.asset, "assets: {summary}");
    assert_eq!(number("/unparsable/count"), lines.unparsable.len() as u64, "unparsable lines: {summary}");
}

/// Totals, the trend by day and the top pages.
pub(crate) fn assert_all(platform: &dyn Deployment, expected: &Count) {
    let (Some(first), Some(last)) = (expected.days.first(), expected.days.last()) else { panic!("an empty log") };
    let to: jiff::civil::Date = last.date.parse().expect("a date");
    let to = to.tomorrow().expect("not the end of time").to_string();
    let range = ["--project", "web", "--from", &first.date, "--to", &to, "--json"];

    let totals = ask(platform, &["query", "totals"], &range, &METRICS);
    assert_measures("totals", list(&totals, "values"), &expected.totals);

    let trend = ask(platform, &["query", "trend", "--unit", "day"], &range, &METRICS);
    let points = list(&trend, "points");
    assert_eq!(points.len(), expected.days.len(), "days of the trend");
    for (point, day) in points.iter().zip(&expected.days) {
        assert_measures(&day.date, list(point, "values"), &day.measures);
    }

    let limit = TOP.to_string();
    let by_page = ["query", "breakdown", "--by", "page", "--limit", &limit];
    let views_only = [&by_page[..], &["--where", "kind=view"]].concat();
    let top = expected.top_pages(TOP, PageMetric::Views, Scope::ViewsOnly);
    assert_pages(&ask(platform, &views_only, &range, &["views", "visitors"]), &top, [0, 1]);
    let top = expected.top_pages(TOP, PageMetric::Visitors, Scope::AllEvents);
    assert_pages(&ask(platform, &by_page, &range, &["visitors", "views"]), &top, [1, 0]);
}

fn ask(platform: &dyn Deployment, query: &[&str], range: &[&str], metrics: &[&str]) -> Value {
    let metrics: Vec<&str> = metrics.iter().flat_map(|metric| ["--metric", metric]).collect();
    platform.analytics(&[query, range, &metrics].concat()).json()
}

fn assert_measures(what: &str, values: &[Value], expected: &Measures) {
    let counts = [expected.events, expected.views, expected.visitors, expected.sessions];
    for ((metric, value), expected) in METRICS.iter().zip(values).zip(counts) {
        assert_eq!(answers::count(value), expected as i64, "{what}: {metric}");
    }
    let rates = [expected.bounce_rate, expected.session_duration_mean_ms, expected.views_per_session];
    for ((metric, value), expected) in METRICS.iter().zip(values).skip(counts.len()).zip(rates) {
        assert_close(&format!("{what}: {metric}"), answers::number(value), expected);
    }
}

/// `[views, visitors]` says where in a row each stands.
fn assert_pages(answer: &Value, expected: &TopPages, [views, visitors]: [usize; 2]) {
    let rows = list(answer, "rows").iter().map(|row| {
        let values = list(row, "values");
        let page = answers::text(&list(row, "dimensions")[0]).expect("every event of a log has a page");
        (page, answers::count(&values[views]), answers::count(&values[visitors]))
    });
    let wanted = expected.rows.iter().map(|row| (row.page.clone(), row.views as i64, row.visitors as i64));
    assert_eq!(rows.collect::<Vec<_>>(), wanted.collect::<Vec<_>>(), "top pages");
    let others = answer.get("others").map(|others| {
        let values = list(others, "values");
        let pages = others["rowCount"].as_str().expect("digits").parse::<i64>().expect("digits");
        (pages, answers::count(&values[views]), answers::count(&values[visitors]))
    });
    let wanted =
        expected.others.as_ref().map(|others| (others.pages as i64, others.views as i64, others.visitors as i64));
    assert_eq!(others, wanted, "other pages");
}
