//! Parts of the platform killed in the middle of an import, under load, and started again: the import rides over it.

use std::{path::PathBuf, process::Child};

use analytics_oracle::{Count, GenSpec, Rules, count, generate, zone};
use analytics_proto::v1;
use tempfile::TempDir;

use crate::{
    access_log::assert_all,
    load::{Load, LoadOptions},
    support::{Deployment as _, PrivateServers, Stack, unacknowledged_entries},
    truth::{assert_holds, stored_events},
};

/// An access log, and what a naive count says of it.
struct Log {
    path: PathBuf,
    expected: Count,
    _directory: TempDir,
}

impl Log {
    fn generate(visitors: u32) -> Self {
        let mut spec = GenSpec::of(zone("Europe/Berlin").expect("a zone"), "2024-10-25".parse().expect("a date"));
        spec.visitors = visitors;
        let log = generate(11, &spec);
        let directory = TempDir::new().expect("a directory");
        let path = directory.path().join("access.log");
        std::fs::write(&path, &log).expect("writable");
        Self { path, expected: count(&log, &Rules::of(spec.zone)), _directory: directory }
    }

    /// Starts to import it.
    fn import(&self, stack: &Stack) -> Import<'_> {
        stack.create_project("web", &self.expected.zone);
        let mut command = stack.import_command(&self.path, "web", &[]);
        command.stdout(std::process::Stdio::null());
        Import { log: self, process: command.spawn().expect("the binary") }
    }
}

/// An import that runs.
struct Import<'a> {
    log: &'a Log,
    process: Child,
}

impl Import<'_> {
    /// Waits until a part of it is stored, in percent.
    fn wait_until(&mut self, stack: &Stack, percent: i64) {
        let enough = self.log.expected.totals.events as i64 * percent / 100;
        while stored_events(stack, "web") < enough {}
        assert!(self.process.try_wait().expect("it was started").is_none(), "the import ended before the fault");
    }

    /// It rode over everything, and every question has the answer of the naive count.
    fn assert_counts(mut self, stack: &Stack) {
        assert!(self.process.wait().expect("it ends").success(), "the import gave up");
        let expected = self.log.expected.totals.events as i64;
        // The last batches may have been acknowledged as durable only.
        while stored_events(stack, "web") < expected {}
        assert_all(stack, &self.log.expected);
    }
}

#[test]
fn killing_each_part_in_the_middle_of_an_import_changes_no_number() {
    let mut servers = PrivateServers::start();
    let mut stack = Stack::start_over(servers.backends());
    let log = Log::generate(1_000);
    // The import waits for commits; those who do not wait keep the log filled while there are none.
    let load = Load::start(&stack, LoadOptions { ack_levels: &[v1::AckLevel::Durable], ..LoadOptions::default() });
    let mut import = log.import(&stack);

    import.wait_until(&stack, 10);
    servers.postgres.pause();
    wait_for_unacknowledged_entry(&servers, &load);
    stack.processors[0].kill();
    servers.postgres.resume();
    stack.processors[0].start();
    import.wait_until(&stack, 30);
    assert!(redeliveries(&stack) > 0.0, "nothing was delivered again after the processor was killed");

    servers.postgres.pause();
    wait_for_unacknowledged_entry(&servers, &load);
    stack.collectors[0].kill();
    servers.postgres.resume();
    load.wait_for_refusal();
    stack.collectors[0].start();
    import.wait_until(&stack, 45);

    servers.redis.pause();
    load.wait_for_calls();
    let cut_off = load.cut_off();
    load.kill_begins();
    servers.redis.kill_hard();
    load.wait_for_refusal();
    servers.redis.restart();
    load.wait_until_kill_is_over();
    import.wait_until(&stack, 60);
    assert!(load.cut_off() > cut_off, "nothing was sent again after Redis was killed");

    let (before, failures) = (redeliveries(&stack), commit_failures(&stack));
    servers.postgres.pause();
    wait_for_unacknowledged_entry(&servers, &load);
    servers.postgres.kill_hard();
    // Not before somebody noticed: an entry that only waits for a connection would be committed at the first attempt.
    while commit_failures(&stack) == failures {}
    servers.postgres.restart();
    import.wait_until(&stack, 75);

    import.assert_counts(&stack);
    assert_holds(&stack, &load.finish());
    assert!(redeliveries(&stack) > before, "nothing was delivered again after PostgreSQL was killed");
}

/// Waits until a processor has something that it cannot commit while the database stands still.
fn wait_for_unacknowledged_entry(servers: &PrivateServers, load: &Load) {
    // What was committed before is acknowledged by then.
    load.wait_for_another_round();
    while unacknowledged_entries(&servers.backends()) == 0 {}
}

fn commit_failures(stack: &Stack) -> f64 {
    stack.processed("analytics_processor_commit_failures_total", "")
}

fn redeliveries(stack: &Stack) -> f64 {
    stack.processed("analytics_log_redeliveries_total", "")
}
