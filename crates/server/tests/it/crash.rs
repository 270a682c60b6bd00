//! A server killed in the middle of an import, and started again.

use analytics_oracle::{GenSpec, Rules, count, generate, zone};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    access_log::assert_all,
    answers::{count as count_of, list},
    support::{Deployment, Server},
};

const RUNS: u64 = 3;

#[test]
fn an_import_goes_on_where_a_killed_server_left_it() {
    let mut spec = GenSpec::of(zone("Europe/Berlin").expect("a zone"), "2024-10-25".parse().expect("a date"));
    spec.visitors = 900;
    let log = generate(7, &spec);
    let expected = count(&log, &Rules::of(spec.zone.clone()));
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("access.log");
    std::fs::write(&path, &log).expect("writable");

    for run in 1..=RUNS {
        let server = Server::start();
        server.create_project("web", "Europe/Berlin");
        let mut import = server
            .import_command(&path, "web", &[])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the binary");
        // Later in each run: the kill finds other batches half done.
        let enough = expected.totals.events as i64 * run as i64 / (RUNS as i64 + 1);
        while stored(&server) < enough {}
        let home = server.kill();
        import.kill().expect("it waits for the server");
        import.wait().expect("it ends");

        let server = Server::start_in(home);
        let before = stored(&server);
        let summary = server.import_log(&path, "web", &[]);
        let number = |field: &str| summary[field].as_u64().expect("a number");
        assert!(
            before > 0 && number("duplicate") as i64 == before,
            "what was stored before the kill was sent again: {summary}"
        );
        assert!(number("stored") > 0, "the kill came too late to mean anything: {summary}");
        assert_all(&server, &expected);
    }
}

pub(crate) fn stored(platform: &dyn Deployment) -> i64 {
    let range = ["--project", "web", "--from", "2024-01-01", "--to", "2025-01-01", "--metric", "events", "--json"];
    let totals: Value = platform.analytics(&[&["query", "totals"][..], &range].concat()).json();
    count_of(&list(&totals, "values")[0])
}
