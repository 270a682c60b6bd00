//! The same questions about the same events, embedded and as separate services: the answers are the same JSON, from tails and from
//! segments.

use std::path::PathBuf;

use analytics_domain::{Clock as _, SystemClock};
use analytics_oracle::{GenSpec, LogFormat, OddLines, generate, zone};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    answers::list,
    support::{Deployment, Server, Stack},
};

const ALL_METRICS: [&str; 9] = [
    "events",
    "views",
    "visitors",
    "users",
    "sessions",
    "bounce_rate",
    "engagement_rate",
    "session_duration",
    "views_per_session",
];
const EVENT_DIMENSIONS: [&str; 4] = ["name", "kind", "host", "page"];
const SESSION_DIMENSIONS: [&str; 13] = [
    "entry_page",
    "exit_page",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "browser",
    "os",
    "device",
    "language",
    "screen_class",
];
const CONDITIONS: [&str; 10] = [
    "kind=view",
    "name!=view",
    "page^=/b",
    "page*=a",
    "page=~/*/*",
    "referrer?",
    "!referrer?",
    "browser=Firefox",
    "property.plan=pro",
    "property.price>=10",
];
const FILTERS: [&str; 3] = [
    r#"{"any":{"filters":[{"condition":{"dimension":{"field":"DIMENSION_FIELD_BROWSER"},"equals":{"stringValue":"Chrome"}}},
        {"not":{"condition":{"dimension":{"field":"DIMENSION_FIELD_REFERRER"},"exists":true}}}]}}"#,
    r#"{"actorDid":{"filter":{"condition":{"dimension":{"field":"DIMENSION_FIELD_PAGE"},"equals":{"stringValue":"/"}}}}}"#,
    r#"{"condition":{"dimension":{"field":"DIMENSION_FIELD_OS"},"oneOf":{"values":[{"stringValue":"Linux"},{"stringValue":"Windows"}]}}}"#,
];

/// Which days are asked about.
struct Range {
    first: String,
    /// The day after the last.
    end: String,
    as_of: String,
}

#[test]
fn a_generated_log_has_the_same_answers() {
    let mut spec = GenSpec::of(zone("Europe/Berlin").expect("a zone"), "2024-10-25".parse().expect("a date"));
    spec.format = LogFormat::Mixed;
    spec.odd_lines = OddLines::Write;
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("access.log");
    std::fs::write(&path, generate(3, &spec)).expect("writable");
    let range = Range::of("2024-10-24", "2024-11-02");
    assert_same(&["import", "access-log", path.to_str().expect("UTF-8"), "--project", "web"], &range);
}

/// Its path comes from the environment: the log is not ours to keep.
#[test]
fn the_real_log_has_the_same_answers() {
    let Some(path) = std::env::var_os("ANALYTICS_REAL_LOG").map(PathBuf::from) else {
        eprintln!("ANALYTICS_REAL_LOG is not set: no real log was compared");
        return;
    };
    let range = Range::of("2015-05-17", "2015-05-21");
    assert_same(&["import", "access-log", path.to_str().expect("UTF-8"), "--project", "web"], &range);
}

#[test]
fn the_demo_project_has_the_same_answers() {
    // Events of today come with the clock; those before are a function of the day on which it is filled.
    let today = today();
    let first = today.saturating_sub(jiff::Span::new().days(14)).to_string();
    let range = Range::of(&first, &today.to_string());
    assert_same(&["demo", "--project", "web", "--days", "15", "--scale", "0.3"], &range);
}

impl Range {
    fn of(first: &str, end: &str) -> Self {
        Self { first: first.to_owned(), end: end.to_owned(), as_of: format!("{end}T12:00:00Z") }
    }
}

fn today() -> jiff::civil::Date {
    let now = jiff::Timestamp::from_microsecond(SystemClock.now().0).expect("a time");
    zone("Europe/Berlin").expect("a zone").to_datetime(now).date()
}

/// Fills a project over both backends by the same command and asks everything twice: of tails, and of segments.
fn assert_same(fill: &[&str], range: &Range) {
    let platforms: [Box<dyn Deployment>; 2] = [Box::new(Server::start()), Box::new(Stack::start())];
    for platform in &platforms {
        platform.create_project("web", "Europe/Berlin");
        platform.analytics(fill).success();
    }
    let questions = questions(range);
    let answers = |platform: &dyn Deployment| -> Vec<Value> {
        questions.iter().map(|question| without_versions(platform.analytics(question).json())).collect()
    };
    let [embedded, separate] = &platforms;
    let of_tails = answers(&**embedded);
    assert_equal(&questions, &of_tails, &answers(&**separate), "as separate services, of tails");

    let days = visitor_days(&of_tails[0]);
    for (platform, what) in [(embedded, "embedded, of segments"), (separate, "as separate services, of segments")] {
        platform.wait_for_segments(&days);
        assert_equal(&questions, &of_tails, &answers(&**platform), what);
    }
}

fn assert_equal(questions: &[Vec<&str>], expected: &[Value], answers: &[Value], what: &str) {
    for ((question, expected), answer) in questions.iter().zip(expected).zip(answers) {
        assert_eq!(answer, expected, "{what}: {}", question.join(" "));
    }
}

/// The visitor days that an answer has read.
fn visitor_days(answer: &Value) -> Vec<String> {
    let days = list(&answer["info"]["watermark"], "days");
    assert!(!days.is_empty(), "nothing was read for {answer}");
    days.iter().map(|day| day["date"].as_str().expect("a date").to_owned()).collect()
}

/// How many commits a day took is a matter of batching, and of what was sent again.
fn without_versions(mut answer: Value) -> Value {
    let days = answer["info"]["watermark"]["days"].as_array_mut();
    for day in days.into_iter().flatten() {
        day.as_object_mut().expect("a message").remove("version");
    }
    answer
}

/// Totals, trends and breakdowns with every metric, dimension, unit and kind of filter. The first is about everything.
fn questions(range: &Range) -> Vec<Vec<&str>> {
    let scope = ["--project", "web", "--as-of", &range.as_of, "--json"];
    let days = ["--from", &range.first, "--to", &range.end];
    let metrics: Vec<&str> = ALL_METRICS.iter().flat_map(|metric| ["--metric", metric]).collect();
    let counts = ["--metric", "events", "--metric", "views", "--metric", "visitors"];
    let totals = |more: &[&'static str]| [&["query", "totals"], &scope[..], &days, &metrics, more].concat();
    let trend = |more: &[&'static str]| [&["query", "trend"], &scope[..], &days, &metrics, more].concat();
    let by = |more: &[&'static str]| [&["query", "breakdown"], &scope[..], &days, more].concat();

    let mut questions = vec![totals(&[]), totals(&["--time-zone", "Asia/Kathmandu"])];
    questions.extend(CONDITIONS.map(|condition| totals(&["--where", condition])));
    questions.extend(FILTERS.map(|filter| totals(&["--filter", filter])));
    questions.push(totals(&["--where", "kind=view", "--where", "device=desktop", "--where", "page!=/"]));
    questions.extend(["hour", "day", "week", "month"].map(|unit| trend(&["--unit", unit])));
    questions.push(trend(&["--unit", "hour", "--time-zone", "Australia/Lord_Howe", "--where", "kind=view"]));
    let instants = [format!("{}T10:00:00Z", range.first), format!("{}T15:00:00Z", range.first)].map(String::leak);
    let minutes = ["query", "trend", "--unit", "minute", "--from", instants[0], "--to", instants[1]];
    questions.push([&minutes[..], &scope, &metrics].concat());
    questions
        .extend(EVENT_DIMENSIONS.map(|dimension| [by(&["--by", dimension, "--limit", "5"]), counts.to_vec()].concat()));
    questions.extend(
        ["property.plan", "property.price"].map(|property| [by(&["--by", property]), counts.to_vec()].concat()),
    );
    questions.extend(
        SESSION_DIMENSIONS.map(|dimension| [by(&["--by", dimension, "--limit", "3"]), metrics.clone()].concat()),
    );
    questions
        .push([by(&["--by", "browser", "--by", "os", "--by", "device", "--limit", "20"]), metrics.clone()].concat());
    questions.push([by(&["--by", "page", "--limit", "1000", "--where", "referrer?"]), counts.to_vec()].concat());
    questions
}
