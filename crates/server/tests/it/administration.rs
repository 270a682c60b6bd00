//! Projects and keys from the command line, and what their settings do to events.

use std::process::Command;

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{self, ErrorReason, ingest_service_client::IngestServiceClient};
use serde_json::Value;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::{
    calls::{by, channel, reason_of},
    support::{Deployment, analytics, block_on, in_both_modes, outcome_of},
    wrong_input::assert_says,
};

#[test]
fn settings_of_a_project() {
    in_both_modes(assert_projects_are_changed);
}

fn assert_projects_are_changed(platform: &dyn Deployment) {
    platform.create_project("web", "Europe/Berlin");
    let update = |more: &[&str]| platform.analytics(&[&["project", "update", "web"], more].concat());
    assert_says(
        &platform.analytics(&["project", "show", "web"]).success(),
        &["Europe/Berlin", "30m", "2d", "count-without-ids", "network-and-agent", "counted", "none"],
    );
    let added = ["--own-network", "203.0.113.7", "--own-network", "10.1.2.3/8", "--block-agent", "UptimeRobot"];
    let others = ["--consent", "drop", "--visitor-mode", "random-per-request", "--lateness", "72h"];
    let said = update(&[&added[..], &others].concat()).success();
    assert_says(&said, &["203.0.113.7, 10.0.0.0/8", "UptimeRobot", "drop", "random-per-request", "3d", "five seconds"]);
    let changed = ["--remove-own-network", "203.0.113.7/32", "--own-network", "2001:db8::/32"];
    let more = ["--clear", "blocked-agents", "--keep-parameter", "article", "--filter-datacenters", "true", "--json"];
    let project = update(&[&changed[..], &more].concat()).json();
    let settings = &project["ingestSettings"];
    assert_eq!(settings["ownNetworks"], serde_json::json!(["10.0.0.0/8", "2001:db8::/32"]));
    assert_eq!(settings["keptQueryParameters"], serde_json::json!(["article"]));
    assert_eq!((&settings["blockedUserAgents"], &settings["filterDatacenters"]), (&Value::Null, &true.into()));
    assert_eq!(settings["consentPolicy"], "CONSENT_POLICY_DROP", "what is not named stays");
    assert_eq!(platform.analytics(&["project", "show", "web", "--json"]).json(), project);

    assert_says(&update(&["--remove-own-network", "192.0.2.1"]).failure(), &["192.0.2.1", "10.0.0.0/8"]);
    assert_says(&update(&["--block-network", "nowhere"]).failure(), &["blocked_networks[0]", "203.0.113.0/24"]);
    assert_says(&update(&["--lateness", "401d"]).failure(), &["project.lateness", "400 days"]);
    assert_eq!(update(&["--lateness", "3w"]).code, Some(2));
    assert_eq!(update(&[]).code, Some(2));
    let missing = platform.analytics(&["project", "update", "wob", "--consent", "drop"]).failure();
    assert_says(&missing, &["projects/wob", "analytics project list"]);
    assert_eq!(platform.analytics(&["project", "show", "web", "--json"]).json(), project);
}

#[test]
fn keys_are_limited_replaced_and_seen_in_use() {
    in_both_modes(assert_keys_are_looked_after);
}

fn assert_keys_are_looked_after(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    let create = ["key", "create", "--project", "web", "--scope", "ingest", "--json"];
    let limits = ["--origin", "https://example.org", "--events-per-second", "1", "--expires-in", "90d"];
    let created = platform.analytics(&[&create[..], &limits].concat()).json();
    let (name, secret) = (text(&created["apiKey"]["name"]), text(&created["secret"]));
    let listed = platform.analytics(&["key", "list", "--project", "web"]).success();
    assert_says(&listed, &["https://example.org", "1 events", "works until", "never"]);

    // The whole of the first batch is taken, however small the quota; what comes then has to wait.
    let endpoint = platform.endpoint();
    let (first, foreign, second) = block_on(async {
        let first = track(&endpoint, &secret, Some("https://example.org"), 1000).await;
        let foreign = track(&endpoint, &secret, Some("https://example.org.evil.example"), 1).await;
        let mut second = track(&endpoint, &secret, None, 10).await;
        // The bucket fills meanwhile: it may take one more to use it up.
        while second.is_ok() {
            second = track(&endpoint, &secret, None, 1000).await;
        }
        (first, foreign, second)
    });
    let counts = first.expect("taken").counts.unwrap_or_default();
    assert_eq!(
        counts.accepted + counts.stored,
        1000,
        "separate services accept, the embedded store stores: {counts:?}"
    );
    let foreign = foreign.expect_err("another page");
    assert_eq!(
        (foreign.code(), reason_of(&foreign).as_str()),
        (Code::PermissionDenied, name_of(ErrorReason::OriginNotAllowed))
    );
    let second = second.expect_err("over the quota");
    assert_eq!(
        (second.code(), reason_of(&second).as_str()),
        (Code::ResourceExhausted, name_of(ErrorReason::QuotaExceeded))
    );
    assert!(second.get_details_retry_info().expect("a RetryInfo").retry_delay.is_some());
    let violations = second.get_details_quota_failure().expect("a QuotaFailure").violations;
    assert_eq!(violations[0].subject, name);

    let update = |more: &[&str]| platform.analytics(&[&["key", "update", &name], more].concat());
    assert_says(
        &update(&["--origin", "http://localhost:5173", "--events-per-second", "0", "--never-expires"]).success(),
        &["https://example.org http://localhost:5173", "no limit", "works", "five seconds"],
    );
    let last = ["--remove-origin", "https://example.org", "--remove-origin", "http://localhost:5173"];
    assert_says(&update(&last).failure(), &["--any-origin"]);
    assert_says(&update(&["--origin", "https://Example.org"]).failure(), &["api_key.origins[2]", "lower case"]);
    assert_eq!(update(&[]).code, Some(2));
    assert_eq!(update(&["--any-origin", "--json"]).json()["origins"], Value::Null);

    let rotated = platform.analytics(&["key", "rotate", &name, "--overlap", "1h", "--json"]).json();
    let new = text(&rotated["secret"]);
    assert_eq!(
        (text(&rotated["replaced"]["name"]), &rotated["apiKey"]["project"]),
        (name.clone(), &created["apiKey"]["project"])
    );
    block_on(async {
        for secret in [&secret, &new] {
            // Collectors follow within five seconds; that they do is the only other end.
            while track(&endpoint, secret, Some("https://anywhere.example"), 1).await.is_err() {}
        }
    });
    platform.analytics(&["key", "revoke", &name]).success();
    assert_says(&platform.analytics(&["key", "rotate", &name]).failure(), &["was revoked", "create a new key"]);
    assert_says(&platform.analytics(&["key", "update", "nosuchkey", "--never-expires"]).failure(), &["nosuchkey"]);
    // Counts are written every few seconds.
    while platform.analytics(&["project", "counts", "web", "--json"]).json()["counts"].is_null() {}
}

#[test]
fn every_command_shows_how_it_is_used() {
    for command in [
        &["project", "show"][..],
        &["project", "update"],
        &["project", "counts"],
        &["key", "create"],
        &["key", "update"],
        &["key", "rotate"],
        &["quarantine", "list"],
        &["quarantine", "show"],
        &["quarantine", "export"],
        &["quarantine", "replay"],
        &["quarantine", "delete"],
        &["trace"],
    ] {
        let help = analytics(command.iter().chain(&["--help"])).success();
        assert_says(&help, &["Examples:", &format!("analytics {}", command.join(" "))]);
    }
}

#[test]
fn what_was_used_last_survives_a_stop() {
    let server = crate::support::Server::start();
    server.analytics(&["project", "list"]).success();
    let before = keys_of(server.command(&["key", "list", "--json"]));
    let (code, home) = server.stop();
    assert_eq!(code, Some(0));
    let server = crate::support::Server::start_in(home);
    let after = keys_of(server.command(&["key", "list", "--json"]));
    let last_use = |keys: &[Value]| keys.iter().filter_map(|key| key["lastUseTime"].as_str().map(str::to_owned)).max();
    assert!(last_use(&after) > last_use(&before), "{before:?} {after:?}");
}

fn keys_of(command: Command) -> Vec<Value> {
    outcome_of(command).json()["apiKeys"].as_array().expect("keys").clone()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn name_of(reason: ErrorReason) -> &'static str {
    reason.as_str_name()
}

/// Sends so many events that nobody sent before.
async fn track(endpoint: &str, key: &str, origin: Option<&str>, count: usize) -> Result<v1::TrackResponse, Status> {
    let now = SystemClock.now().0;
    let occurred_at = pbjson_types::Timestamp { seconds: now / 1_000_000, nanos: (now % 1_000_000 * 1000) as i32 };
    let event = |_| v1::Event {
        event_id: Uuid::now_v7().to_string(),
        occurred_at: Some(occurred_at),
        kind: v1::EventKind::View.into(),
        url: "https://example.org/".to_owned(),
        ..Default::default()
    };
    let request = v1::TrackRequest { events: (0..count).map(event).collect(), ..Default::default() };
    let mut request: Request<v1::TrackRequest> = by(key, request);
    if let Some(origin) = origin {
        request.metadata_mut().insert("origin", origin.parse().expect("a header"));
    }
    Ok(IngestServiceClient::new(channel(endpoint).await).track(request).await?.into_inner())
}
