//! Known-bad controls: what would lose events is put in the place of what does not, and the same clients and the same oracle that find
//! nothing broken after the platform's own kills have to find it. Each control is first shown to be well as long as nothing is killed, or
//! beside the right way under the same fault, so that what is caught is the mistake and not the control.

mod acks_first;
mod forward_only;

use analytics_proto::v1;
use analytics_testkit::servers::{PrivatePostgres, PrivateRedis};

use self::{acks_first::AcksFirst, forward_only::ForwardOnlyProcessor};
use crate::{
    load::{Flawed, Load, LoadOptions},
    support::{PrivateServers, SlowDisk, Stack, streams, unacknowledged_entries},
    truth::{Broken, audit, execute},
};

/// A mistake that loses events now and then is given so many chances.
const MOST_TRIES: usize = 5;

/// Each control has projects of its own. Nobody waits for commits: some controls make none.
fn options(prefix: &'static str) -> LoadOptions {
    LoadOptions { prefix, ack_levels: &[v1::AckLevel::Durable], flawed: Flawed::None, ..LoadOptions::default() }
}

fn is_loss(broken: &[Broken]) -> bool {
    broken.iter().any(|broken| matches!(broken, Broken::Lost { .. }))
}

#[test]
fn what_would_lose_events_is_caught() {
    // Commits that do not wait for the disk reach it late.
    let postgres = PrivatePostgres::start(&["wal_writer_delay=10s"]);
    let mut servers = PrivateServers::start_with(postgres, PrivateRedis::start(PrivateRedis::DURABLE));
    let mut stack = Stack::start_over(servers.backends());
    acknowledging_before_the_append(&mut servers, &stack);
    trimming_what_is_not_acknowledged(&servers, &mut stack);
    commits_that_do_not_wait_for_the_disk(&mut servers, &stack);
    reading_only_what_is_new(&servers, &mut stack);
}

fn acknowledging_before_the_append(servers: &mut PrivateServers, stack: &Stack) {
    let acks_first = AcksFirst::start(&format!("http://{}", stack.collectors[0].address()));
    let load = Load::start_at(stack, vec![acks_first.endpoint()], options("well"));
    load.wait_for_more(200);
    let ledger = load.finish();
    acks_first.wait_until_done();
    assert_eq!(audit(stack, "well", &ledger), [], "it is well while nothing is killed");

    let load = Load::start_at(stack, vec![acks_first.endpoint()], options("early"));
    servers.redis.pause();
    load.wait_for_more(200);
    servers.redis.kill_hard();
    servers.redis.restart();
    let ledger = load.finish();
    acks_first.wait_until_done();
    let broken = audit(stack, "early", &ledger);
    assert!(is_loss(&broken), "acknowledging before the append was not caught: {broken:?}");
}

fn trimming_what_is_not_acknowledged(servers: &PrivateServers, stack: &mut Stack) {
    stack.processors[0].kill();
    let load = Load::start(stack, options("trimmed"));
    load.wait_for_more(1_000);
    let (mut connection, streams) = streams(&servers.backends());
    for stream in streams {
        redis::cmd("XTRIM").arg(stream).arg("MAXLEN").arg(1).query::<u64>(&mut connection).expect("a stream");
    }
    stack.processors[0].start();
    let broken = audit(stack, "trimmed", &load.finish());
    assert!(is_loss(&broken), "trimming was not caught: {broken:?}");
}

/// The sessions of the platform ask for the disk, whatever the server's default is; a trigger takes that back in each transaction.
fn commits_that_do_not_wait_for_the_disk(servers: &mut PrivateServers, stack: &Stack) {
    let database_url = servers.backends().database_url;
    for statement in [
        "CREATE FUNCTION hurry() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN PERFORM set_config(''synchronous_commit'', ''off'', true); RETURN NULL; END'",
        "CREATE TRIGGER hurry AFTER INSERT OR UPDATE ON project_days FOR EACH STATEMENT EXECUTE FUNCTION hurry()",
    ] {
        execute(&database_url, statement);
    }
    let is_caught = (0..MOST_TRIES).any(|attempt| {
        let prefix = ["late-a", "late-b", "late-c", "late-d", "late-e"][attempt];
        let load = Load::start(stack, options(prefix));
        load.wait_for_more(1_000);
        servers.postgres.kill_hard();
        servers.postgres.restart();
        is_loss(&audit(stack, prefix, &load.finish()))
    });
    assert!(is_caught, "commits that do not wait for the disk were not caught");
    execute(&database_url, "DROP TRIGGER hurry ON project_days");
}

fn reading_only_what_is_new(servers: &PrivateServers, stack: &mut Stack) {
    stack.processors[0].kill();
    let forward_only = ForwardOnlyProcessor::start(&servers.backends());
    let load = Load::start(stack, options("onward"));
    load.wait_for_more(200);
    assert_eq!(audit(stack, "onward", &load.finish()), [], "it is well while nothing is killed");

    let load = Load::start(stack, options("stranded"));
    // Until the collector knows every project, for it cannot ask while the database stands still.
    load.wait_for_more(6_000);
    servers.postgres.pause();
    // What was committed before is acknowledged by then.
    load.wait_for_another_round();
    while unacknowledged_entries(&servers.backends()) == 0 {}
    forward_only.kill();
    servers.postgres.resume();
    let forward_only = ForwardOnlyProcessor::start(&servers.backends());
    load.wait_for_more(200);
    let ledger = load.finish();
    let broken = audit(stack, "stranded", &ledger);
    assert!(is_loss(&broken), "a processor that takes over nothing was not caught: {broken:?}");

    forward_only.kill();
    stack.processors[0].start();
    while unacknowledged_entries(&servers.backends()) > 0 {}
    assert_eq!(audit(stack, "stranded", &ledger), [], "the platform's own takes over what was left");
}

#[test]
fn a_log_that_reaches_the_disk_every_second_is_caught_and_one_that_always_does_is_not() {
    assert!(!is_loss(&killed_while_its_disk_stands_still("always")));
    let is_caught = (0..MOST_TRIES).any(|_| is_loss(&killed_while_its_disk_stands_still("everysec")));
    assert!(is_caught, "`appendfsync everysec` was not caught");
}

/// Redis holds back what it writes while its disk is busy, and with `everysec` answers all the same, for two seconds.
fn killed_while_its_disk_stands_still(appendfsync: &str) -> Vec<Broken> {
    let disk = SlowDisk::new();
    let arguments = ["--appendonly", "yes", "--appendfsync", appendfsync];
    let redis = PrivateRedis::start_in(&arguments, &disk.environment());
    let mut servers = PrivateServers::start_with(PrivatePostgres::start(&[]), redis);
    let mut stack = Stack::start_with(servers.backends(), &[("unsafe_allow_log_loss", "true")]);
    // It would store what is in the log's memory only.
    stack.processors[0].kill();
    let load = Load::start(&stack, options("load"));
    load.wait_for_more(200);
    disk.stand_still();
    if appendfsync == "everysec" {
        // Held back, given up holding back, and held back again: what is answered from now on stays in memory for two seconds.
        let before = persistence(&servers.redis, "aof_delayed_fsync");
        while persistence(&servers.redis, "aof_delayed_fsync") == before {}
        load.wait_for_more(60);
    } else {
        load.wait_for_calls();
    }
    servers.redis.kill_hard();
    disk.go_on();
    servers.redis.restart();
    stack.processors[0].start();
    audit(&stack, "load", &load.finish())
}

fn persistence(server: &PrivateRedis, name: &str) -> u64 {
    let client = redis::Client::open(server.url()).expect("a URL");
    let mut connection = client.get_connection().expect("it is there");
    let info: String = redis::cmd("INFO").arg("persistence").query(&mut connection).expect("text");
    let value = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap_or_else(|| panic!("no {name}: {info}")).parse().expect("a number")
}
