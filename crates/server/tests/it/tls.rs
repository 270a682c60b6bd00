//! TLS on the public ports, as an operator sets it up.

use std::{net::SocketAddr, path::Path, process::Command};

use analytics_testkit::{
    FreshDatabase,
    servers::{ephemeral_redis_url, redis_url},
};
use tempfile::TempDir;

use crate::{
    certificates::{Authority, Pair},
    support::{
        Backends, Home, Outcome, ServerProcess, Service, analytics, analytics_with, block_on, get, outcome_of,
        settings_of, wait_until_ready_says,
    },
    wrong_input::assert_says,
};

fn path(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

fn with_pair(mut command: Command, pair: &Pair) -> Command {
    command.arg("--set").arg(format!("tls_cert_file={}", path(&pair.certificate_file)));
    command.arg("--set").arg(format!("tls_key_file={}", path(&pair.key_file)));
    command
}

/// Asks a server for its projects.
fn projects(endpoint: &str, data_dir: &Path, more: &[&str]) -> Outcome {
    let data_dir = path(data_dir);
    let arguments = ["project", "list", "--json", "--endpoint", endpoint, "--data-dir", &data_dir];
    analytics(arguments.iter().chain(more))
}

fn address_of(process: &ServerProcess, field: &str) -> SocketAddr {
    let ready = process.wait_for(|entry| entry["message"] == "ready");
    ready[field].as_str().expect("an address").parse().expect("an address")
}

#[test]
fn a_server_with_a_certificate_is_reached_by_tls_only_and_takes_a_new_one() {
    let directory = TempDir::new().expect("a directory");
    let authority = Authority::new(directory.path());
    let pair = authority.certify(directory.path(), "server", &["localhost"]);
    let home = Home::new();
    let server = ServerProcess::spawn(with_pair(home.serve_command(), &pair));
    let port = address_of(&server, "address").port();
    let (endpoint, data_dir) = (format!("https://localhost:{port}"), home.data_dir());
    let authority_file = path(&authority.file);
    let trusting = ["--ca-file", authority_file.as_str()];

    projects(&endpoint, &data_dir, &trusting).json();
    let data = path(&data_dir);
    let demo = ["demo", "--days", "1", "--scale", "0.05", "--endpoint", &endpoint, "--data-dir", &data];
    analytics(demo.iter().chain(&trusting)).success();
    assert!(get(address_of(&server, "management_address"), "/healthz").starts_with("HTTP/1.1 200"), "it stays plain");

    let unknown = projects(&endpoint, &data_dir, &[]).failure();
    assert_says(&unknown, &["cannot be trusted", "UnknownIssuer", "--ca-file"]);
    let elsewhere = projects(&format!("https://127.0.0.1:{port}"), &data_dir, &trusting).failure();
    assert_says(&elsewhere, &["cannot be trusted", "not valid for name", "name it as its certificate does"]);
    let plain = projects(&format!("http://localhost:{port}"), &data_dir, &[]).failure();
    assert_says(&plain, &["begins with `https://`"]);

    let expired = authority.certify_expired(directory.path(), "server", &["localhost"]);
    hang_up(&server);
    server.wait_for(|entry| entry["message"] == "new connections get the certificate that was put in place");
    assert_says(&projects(&endpoint, &data_dir, &trusting).failure(), &["cannot be trusted", "expired"]);

    std::fs::write(&expired.key_file, "no key").expect("written");
    hang_up(&server);
    let kept = server.wait_for(|entry| entry["level"] == "ERROR");
    assert_says(kept["message"].as_str().expect("a message"), &["certificate in use is kept", "server-key.pem"]);

    // Without a signal it takes a few seconds.
    authority.certify(directory.path(), "server", &["localhost"]);
    while projects(&endpoint, &data_dir, &trusting).code != Some(0) {}
}

fn hang_up(server: &ServerProcess) {
    let sent = Command::new("sh").args(["-c", "kill -HUP \"$0\"", &server.id().to_string()]).status();
    assert!(sent.expect("a shell").success());
}

#[test]
fn files_that_cannot_be_used_are_refused_at_the_start() {
    let directory = TempDir::new().expect("a directory");
    let authority = Authority::new(directory.path());
    let good = authority.certify(directory.path(), "good", &["localhost"]);
    let other = authority.certify(directory.path(), "other", &["localhost"]);
    let mixed = Pair { key_file: other.key_file, ..good.clone() };
    let said = outcome_of(with_pair(Home::new().serve_command(), &mixed)).failure();
    assert_says(&said, &["tls_cert_file", "good-certificate.pem", "other-key.pem", "that of another certificate"]);

    let mut alone = Home::new().serve_command();
    alone.arg("--set").arg(format!("tls_cert_file={}", path(&good.certificate_file)));
    assert_says(&outcome_of(alone).failure(), &["`tls_cert_file` needs `tls_key_file`"]);

    let mut gateway = analytics_with(&["gateway"], &[("upstream_ca_file", "/nonexistent.pem")]);
    gateway.args(["--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0"]);
    assert_says(&outcome_of(gateway).failure(), &["setting `upstream_ca_file`", "/nonexistent.pem"]);
}

#[test]
fn every_role_speaks_tls_and_a_gateway_reaches_the_others_by_it() {
    let directory = TempDir::new().expect("a directory");
    let authority = Authority::new(directory.path());
    let pair = authority.certify(directory.path(), "server", &["localhost"]);
    let database = block_on(FreshDatabase::create());
    let backends = Backends {
        database_url: database.url().to_owned(),
        redis_url: redis_url(),
        ephemeral_redis_url: ephemeral_redis_url(),
        redis_prefix: database.name().to_owned(),
    };
    std::fs::write(directory.path().join("secret"), [7; 32]).expect("writable");
    let tls =
        [("tls_cert_file".to_owned(), path(&pair.certificate_file)), ("tls_key_file".to_owned(), path(&pair.key_file))];
    let settings = [&settings_of(&backends, &directory)[..], &tls].concat();
    let key_file = path(&directory.path().join("admin-key"));
    let setup = ["setup", "--admin-key-file", &key_file];
    outcome_of(analytics_with(&setup, &[("database_url", &backends.database_url)])).success();

    let (mut collector, mut query) =
        (Service::new("collector", settings.clone()), Service::new("query", settings.clone()));
    let mut processor = Service::new("processor", settings);
    let url = |service: &Service| format!("https://localhost:{}", service.address().port());
    let behind = [("collector_urls".to_owned(), url(&collector)), ("query_urls".to_owned(), url(&query))];
    let mut gateway = Service::new("gateway", [&tls[..], &behind].concat());
    collector.start();
    query.start();
    processor.start();

    gateway.spawn();
    gateway.wait_for("listening");
    wait_until_ready_says(gateway.management(), "certificate");
    gateway.kill();

    let trusting = [("upstream_ca_file".to_owned(), path(&authority.file))];
    let mut gateway = Service::new("gateway", [&tls[..], &behind, &trusting].concat());
    gateway.start();
    let endpoint = url(&gateway);
    let (authority_file, data_dir) = (path(&authority.file), path(directory.path()));
    let connect = ["--endpoint", endpoint.as_str(), "--ca-file", &authority_file, "--data-dir", &data_dir];
    analytics(["demo", "--days", "1", "--scale", "0.05"].iter().chain(&connect)).success();
    let projects = analytics(["project", "list", "--json"].iter().chain(&connect)).json();
    assert!(projects.to_string().contains("projects/demo"), "{projects}");
}
