//! Starting, stopping, and what a new user reads.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::support::{Deployment as _, Server, analytics, analytics_with, get, in_both_modes, outcome_of};

#[test]
fn a_stopped_server_ends_in_order_and_finds_its_data_again() {
    let server = Server::start();
    server.create_project("web", "Europe/Berlin");
    let key = server.admin_key();
    let (code, home) = server.stop();
    assert_eq!(code, Some(0));
    let server = Server::start_in(home);
    assert_eq!(server.admin_key(), key);
    let projects = server.analytics(&["project", "list", "--json"]).json();
    assert_eq!(projects["projects"][0]["name"], "projects/web");
    assert_eq!(projects["projects"][0]["timeZone"], "Europe/Berlin");
}

#[test]
fn the_files_of_a_data_directory_are_for_their_owner_only() {
    let server = Server::start();
    server.create_project("web", "UTC");
    for entry in fs::read_dir(server.data_dir()).expect("it exists") {
        let entry = entry.expect("readable");
        let mode = entry.metadata().expect("it exists").permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", entry.path().display());
    }
}

#[test]
fn health_readiness_and_metrics_are_served() {
    let server = Server::start();
    server.create_project("web", "UTC");
    assert!(get(server.management(), "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(server.management(), "/readyz").starts_with("HTTP/1.1 200"));
    let metrics = get(server.management(), "/metrics");
    let counted = "analytics_rpc_requests_total{method=\"analytics.v1.AdminService/CreateProject\",code=\"OK\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
}

#[test]
fn the_one_address_serves_the_page_too() {
    in_both_modes(|platform| {
        let page = get(platform.address(), "/");
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("text/html"), "{page}");
    });
}

#[test]
fn every_command_explains_itself_with_examples() {
    let commands: [&[&str]; 16] = [
        &["serve"],
        &["setup"],
        &["collector"],
        &["processor"],
        &["query"],
        &["gateway"],
        &["config"],
        &["project", "create"],
        &["project", "list"],
        &["key", "create"],
        &["key", "list"],
        &["key", "revoke"],
        &["import", "access-log"],
        &["import", "events"],
        &["query", "breakdown"],
        &["demo"],
    ];
    for command in commands {
        let help = analytics(command.iter().copied().chain(["--help"])).success();
        assert!(help.contains("Examples:") && help.contains("Usage:"), "{command:?}: {help}");
    }
}

#[test]
fn the_effective_configuration_tells_where_it_comes_from_and_no_secret() {
    let described = analytics(["config", "--json", "--listen", "127.0.0.1:5000"]).json();
    assert_eq!(described["listen"]["value"], "127.0.0.1:5000");
    assert_eq!(described["listen"]["origin"], "--listen");
    assert_eq!(described["drain_seconds"]["origin"], "default");
    let database = "postgres://analytics:s3cret@db.example.com/analytics";
    let described = outcome_of(analytics_with(&["config", "--json", "--role", "query"], &[("database_url", database)]));
    let described = described.json();
    assert_eq!(described["listen"]["value"], "127.0.0.1:4003");
    assert_eq!(described["database_url"]["value"], "postgres://analytics:***@db.example.com/analytics");
    assert_eq!(described["database_url"]["origin"], "environment ANALYTICS_DATABASE_URL");
}
