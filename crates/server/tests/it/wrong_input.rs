//! Wrong input is answered in words that say what to do.

use std::io::Write as _;

use tempfile::NamedTempFile;

use crate::support::{Deployment, Server, analytics, in_both_modes};

const RANGE: [&str; 4] = ["--from", "2024-05-01", "--to", "2024-05-02"];

#[track_caller]
pub(crate) fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` is missing in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn an_unreachable_endpoint() {
    let key = ["--data-dir", "/nonexistent"];
    let no_key = analytics(["project", "list"].into_iter().chain(key)).failure();
    assert_says(&no_key, &["no API key", "ANALYTICS_API_KEY", "--data-dir", "/nonexistent/admin-key"]);
    let elsewhere = analytics(["project", "list", "--endpoint", "http://192.0.2.1:4000"]).failure();
    assert_says(&elsewhere, &["no API key: set ANALYTICS_API_KEY to a key of the server at http://192.0.2.1:4000"]);
    let no_file = ["project", "list", "--endpoint", "https://127.0.0.1:4000", "--ca-file", "/nonexistent.pem"];
    assert_says(&analytics(no_file).failure(), &["--ca-file", "/nonexistent.pem cannot be read"]);
    let server = Server::start();
    let endpoint = server.endpoint();
    let home = server.kill();
    let data_dir = home.data_dir();
    let arguments = ["project", "list", "--endpoint", &endpoint, "--data-dir", data_dir.to_str().expect("UTF-8")];
    assert_says(&analytics(arguments).failure(), &["no server answers at", &endpoint, "analytics serve", "--endpoint"]);
}

#[test]
fn wrong_mistyped_and_revoked_keys() {
    let other = Server::start().admin_key();
    in_both_modes(|platform| assert_keys_are_checked(platform, &other));
}

fn assert_keys_are_checked(platform: &dyn Deployment, other: &str) {
    platform.create_project("web", "UTC");
    let list = &["project", "list"];
    assert_says(&platform.analytics_by(other, list).failure(), &["not known here"]);
    assert_says(&platform.analytics_by(&other[..other.len() - 1], list).failure(), &["mistyped or cut off"]);
    assert_says(&platform.analytics_by("secret", list).failure(), &["mistyped or cut off"]);

    let created = platform.analytics(&["key", "create", "--project", "web", "--scope", "query", "--json"]).json();
    let secret = created["secret"].as_str().expect("shown once").to_owned();
    let name = created["apiKey"]["name"].as_str().expect("a name").to_owned();
    let query = [&["query", "totals", "--project", "web"][..], &RANGE].concat();
    platform.analytics_by(&secret, &query).success();
    assert_says(
        &platform.analytics_by(&secret, &["project", "create", "x", "--time-zone", "UTC"]).failure(),
        &["scope `admin`"],
    );
    platform.analytics(&["key", "revoke", &name]).success();
    // It holds within five seconds: asked until it does, and the runner's own limit is the only other end.
    while platform.analytics_by(&secret, &query).code == Some(0) {}
    assert_says(&platform.analytics_by(&secret, &query).failure(), &["was revoked at", "analytics key create"]);
    assert_says(&platform.analytics(&["key", "revoke", "nosuchkey"]).failure(), &["nosuchkey", "analytics key list"]);
}

#[test]
fn missing_projects_unknown_zones_and_impossible_ranges() {
    in_both_modes(assert_ranges_are_checked);
}

fn assert_ranges_are_checked(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    let missing = platform.analytics(&[&["query", "totals", "--project", "wob"][..], &RANGE].concat()).failure();
    assert_says(&missing, &["projects/wob", "analytics project list"]);
    let zone = platform.analytics(&["project", "create", "shop", "--time-zone", "Europe/Berln"]).failure();
    assert_says(&zone, &["Europe/Berln", "Europe/Berlin"]);
    let twice = platform.analytics(&["project", "create", "web", "--time-zone", "UTC"]).failure();
    assert_says(&twice, &["projects/web", "exists already"]);
    let name = platform.analytics(&["project", "create", "Über uns", "--time-zone", "UTC"]).failure();
    assert_says(&name, &["project_id"]);
    let ask = |more: &[&str]| platform.analytics(&[&["query", "trend", "--project", "web"], more].concat()).failure();
    let backwards = ask(&["--from", "2024-05-02", "--to", "2024-05-02"]);
    assert_says(&backwards, &["scope.range.dates.end_date", "exclusive"]);
    assert_says(&ask(&["--from", "2024-02-30", "--to", "2024-03-02"]), &["scope.range.dates.start_date", "2024-02-30"]);
    assert_says(&ask(&["--from", "2024-05-01", "--to", "2024-05-02T00:00:00Z"]), &["--from and --to must both"]);
    let minutes = ask(&["--from", "2024-05-01", "--to", "2024-06-01", "--unit", "minute"]);
    assert_says(&minutes, &["trend.unit", "10000", "longer unit"]);
    let zone = ask(&["--from", "2024-05-01", "--to", "2024-05-02", "--time-zone", "Mars/Olympus"]);
    assert_says(&zone, &["scope.time_zone", "Mars/Olympus"]);
}

#[test]
fn questions_without_a_meaning() {
    in_both_modes(assert_questions_are_checked);
}

fn assert_questions_are_checked(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    let by = |more: &[&str]| {
        platform.analytics(&[&["query", "breakdown", "--project", "web"][..], &RANGE, more].concat()).failure()
    };
    assert_says(&by(&["--by", "name", "--metric", "sessions"]), &["breakdown.dimensions[0]"]);
    assert_says(&by(&["--by", "colour"]), &["`colour` is no dimension", "property.NAME"]);
    assert_says(&by(&["--by", "page", "--metric", "clicks"]), &["`clicks` is no metric", "bounce_rate"]);
    assert_says(&by(&["--by", "page", "--filter", "{\"nothing\":1}"]), &["--filter is no proto3 JSON"]);
    assert_says(&by(&["--by", "page", "--limit", "100000"]), &["breakdown.limit", "1000"]);
}

#[test]
fn lines_that_are_no_events() {
    in_both_modes(assert_lines_are_checked);
}

fn assert_lines_are_checked(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    let mut file = NamedTempFile::new().expect("a file");
    let id = "0190163d-8694-739b-aea5-966c26f8ad9";
    for line in [
        format!(
            "{{\"eventId\":\"{id}1\",\"occurredAt\":\"2024-06-14T09:30:00Z\",\"kind\":\"EVENT_KIND_VIEW\",\"url\":\"/a\"}}"
        ),
        "not json".to_owned(),
        format!("{{\"eventId\":\"{id}2\",\"occurredAt\":\"2024-06-14T09:30:01Z\",\"kind\":\"EVENT_KIND_CUSTOM\"}}"),
        format!("{{\"eventId\":\"{id}3\",\"occurredAt\":\"yesterday\",\"kind\":\"EVENT_KIND_VIEW\"}}"),
        format!(
            "{{\"eventId\":\"{id}4\",\"occurredAt\":\"2024-06-14T09:30:02Z\",\"kind\":\"EVENT_KIND_VIEW\",\"colour\":\"red\"}}"
        ),
    ] {
        writeln!(file, "{line}").expect("writable");
    }
    let path = file.path().to_str().expect("UTF-8");
    let outcome = platform.analytics(&["import", "events", path, "--project", "web"]);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert_says(&said, &["2", "4", "5", "name", "custom event needs a name"]);
    let missing = platform.analytics(&["import", "events", "/nonexistent.ndjson", "--project", "web"]).failure();
    assert_says(&missing, &["/nonexistent.ndjson"]);
    let project = platform.analytics(&["import", "events", path, "--project", "wob"]).failure();
    assert_says(&project, &["projects/wob"]);
}

#[test]
fn settings_that_cannot_be() {
    let serve = |more: &[&str]| analytics(["serve"].into_iter().chain(more.iter().copied())).failure();
    assert_says(&serve(&["--set", "colour=red"]), &["unknown setting `colour` (--set)", "data_dir"]);
    assert_says(&serve(&["--listen", "4000"]), &["setting `listen` (--listen)"]);
    assert_says(&serve(&["--config", "/nonexistent.toml"]), &["/nonexistent.toml", "cannot be read"]);
}

#[test]
fn a_data_directory_or_an_address_in_use() {
    let server = Server::start();
    let data_dir = server.data_dir();
    let data_dir = data_dir.to_str().expect("UTF-8");
    let free = ["serve", "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0", "--data-dir", data_dir];
    assert_says(&analytics(free).failure(), &["in use by another process", data_dir]);
    let address = server.address().to_string();
    let other = tempfile::TempDir::new().expect("a directory");
    let other = other.path().join("data");
    let taken = ["serve", "--listen", &address, "--management-listen", "127.0.0.1:0", "--data-dir"];
    let said = analytics(taken.into_iter().chain([other.to_str().expect("UTF-8")])).failure();
    assert_says(&said, &["cannot listen on", &address, "`listen`"]);
}
