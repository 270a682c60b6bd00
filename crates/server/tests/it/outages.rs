//! Servers that go away, fill up and come back under running services: these say so, lose nothing, and recover by themselves.

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient};
use analytics_testkit::servers::{PrivatePostgres, PrivateRedis};

use crate::{
    calls::{by, channel},
    full_disk::fill,
    ledger::LedgerWriter,
    load::{Load, LoadOptions, request_of},
    support::{Deployment as _, PrivateServers, Stack, block_on, wait_until_ready_is, wait_until_ready_says},
    truth::assert_holds,
};

#[test]
fn readiness_follows_the_servers_and_events_are_taken_while_the_database_is_away() {
    let mut servers = PrivateServers::start();
    let stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, LoadOptions::default());
    load.wait_for_more(200);
    let ledger = load.finish();

    servers.postgres.kill_hard();
    for service in [&stack.processors[0], &stack.queries[0]] {
        assert!(wait_until_ready_is(service.management(), 503).contains("database: "));
    }
    // Events go into the log, and known keys stay valid: it names the database and is ready.
    wait_until_ready_says(stack.collectors[0].management(), "database: ");
    wait_until_ready_is(stack.collectors[0].management(), 200);
    wait_until_ready_says(stack.management(), "query services: ");
    let request = request_of("load", 0, 0);
    let accepted = block_on(async {
        let mut client = IngestServiceClient::new(channel(&stack.endpoint()).await);
        client.track(by(&stack.admin_key(), request.clone())).await.expect("the log is there").into_inner()
    });
    assert_eq!(accepted.counts.expect("it counts").retry, 0, "{:?}", accepted.verdicts);
    servers.postgres.restart();
    all_ready(&stack);

    servers.redis.kill_hard();
    for service in [&stack.collectors[0], &stack.processors[0]] {
        assert!(wait_until_ready_is(service.management(), 503).contains("log: "));
    }
    wait_until_ready_says(stack.management(), "collectors: ");
    servers.redis.restart();
    all_ready(&stack);

    servers.ephemeral.kill_hard();
    assert!(wait_until_ready_is(stack.collectors[0].management(), 503).contains("ephemeral store: "));
    servers.ephemeral.restart();
    all_ready(&stack);

    let mut later = LedgerWriter::new();
    later.sending(&request);
    later.answered(request.events, accepted);
    assert_holds(&stack, &ledger.and(later.read()));
}

#[test]
fn every_role_ends_by_itself_while_its_servers_are_away() {
    let mut servers = PrivateServers::start();
    let mut stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, LoadOptions::default());
    load.wait_for_more(200);
    load.finish();
    servers.postgres.kill_hard();
    servers.redis.kill_hard();
    servers.ephemeral.kill_hard();
    for service in [&stack.collectors[0], &stack.processors[0], &stack.queries[0]] {
        wait_until_ready_is(service.management(), 503);
    }
    for services in [&mut stack.gateways, &mut stack.collectors, &mut stack.processors, &mut stack.queries] {
        assert_eq!(services[0].stop(), Some(0), "it did not end well");
    }
}

#[test]
fn a_redis_without_memory_refuses_what_is_new_and_drains_what_is_old() {
    let arguments = [PrivateRedis::DURABLE, &["--maxmemory", "3mb"]].concat();
    let servers = PrivateServers { redis: PrivateRedis::start(&arguments), ..PrivateServers::start() };
    let mut stack = Stack::start_over(servers.backends());
    stack.processors[0].kill();
    // Nobody commits: who waits for that would fill the memory in slow steps.
    let load = Load::start(&stack, LoadOptions { ack_levels: &[v1::AckLevel::Durable], ..LoadOptions::default() });
    load.wait_for_refusal();
    let missing = wait_until_ready_is(stack.collectors[0].management(), 503);
    assert!(missing.contains("log: ") && missing.contains("memory"), "{missing}");

    stack.processors[0].start();
    load.wait_for_more(500);
    wait_until_ready_is(stack.collectors[0].management(), 200);
    assert_holds(&stack, &load.finish());
}

#[test]
fn a_database_on_a_full_disk_is_told_and_goes_on_once_there_is_space() {
    let servers =
        PrivateServers { postgres: PrivatePostgres::start_on_small_disk("200m", &[]), ..PrivateServers::start() };
    let stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, LoadOptions::default());
    load.wait_for_more(200);
    let ballast = servers.postgres.data_dir().join("ballast");
    fill(&ballast);
    let processor = stack.processors[0].management();
    let missing = wait_until_ready_is(processor, 503);
    assert!(missing.contains("disk") || missing.contains("full"), "{missing}");
    load.wait_for_more(200);
    std::fs::remove_file(&ballast).expect("it is there");
    wait_until_ready_is(processor, 200);
    assert_holds(&stack, &load.finish());
}

/// Waits until nobody misses anything any more.
fn all_ready(stack: &Stack) {
    for service in [&stack.collectors, &stack.processors, &stack.queries, &stack.gateways].into_iter().flatten() {
        while wait_until_ready_is(service.management(), 200) != "ready\n" {}
    }
}
