//! More than there is room for, and servers that stand still or take no writes: who can be served is served, who cannot is told so at once,
//! and everything goes on by itself.

use std::collections::BTreeSet;

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{
    calls::{by, channel},
    ledger::{Ledger, LedgerWriter},
    load::{FLAWED_EVENTS, Load, LoadOptions, request_of},
    support::{Deployment, PrivateServers, Stack, block_on, wait_until_ready_is},
    truth::{assert_holds, execute},
};

/// Events a second.
const QUOTA: &str = "100";
/// With 58 events each: what the quota gives in a minute, and a thousand at once.
const HOT_BATCHES: u64 = 120;

fn only_durable() -> LoadOptions {
    LoadOptions { ack_levels: &[v1::AckLevel::Durable], ..LoadOptions::default() }
}

#[test]
fn a_project_far_over_its_quota_is_refused_alone() {
    let stack = Stack::start();
    // Its clients fail when anything is refused.
    let others = Load::start(&stack, LoadOptions::default());
    others.wait_for_more(200);
    stack.create_project("hot-0", "UTC");
    let create = ["key", "create", "--project", "hot-0", "--scope", "ingest", "--events-per-second", QUOTA, "--json"];
    let key = stack.analytics(&create).json()["secret"].as_str().expect("shown once").to_owned();
    let (refused, hot) = send_without_waiting(&stack, &key);
    others.wait_for_more(500);
    assert_eq!(others.refused(), 0, "others were asked to wait");
    for status in &refused {
        assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
        assert!(status.get_details_retry_info().is_some_and(|info| info.retry_delay.is_some()), "{status:?}");
        assert!(status.get_details_quota_failure().is_some(), "{status:?}");
    }
    assert!(!refused.is_empty(), "{HOT_BATCHES} batches at once are far over {QUOTA} events a second");
    assert!(!hot.acknowledged.is_empty(), "what the quota allows is taken");
    assert_holds(&stack, &others.finish());
    while !stack.truth().is_settled() {}
    // What was refused was sent, and has no outcome.
    let stored: BTreeSet<_> = stack.truth().events("hot").into_iter().map(|event| event.id).collect();
    assert_eq!(stored, hot.acknowledged);
}

/// Sends batch after batch by a key of one project, whatever is answered.
fn send_without_waiting(stack: &Stack, key: &str) -> (Vec<Status>, Ledger) {
    let (mut refused, mut ledger) = (Vec::new(), LedgerWriter::new());
    let endpoint = stack.endpoint();
    block_on(async {
        let mut client = IngestServiceClient::new(channel(&endpoint).await);
        for batch in 0..HOT_BATCHES {
            let mut request = request_of("hot", 0, batch);
            request.project.clear();
            request.events.drain(..FLAWED_EVENTS);
            request.events.iter_mut().for_each(|event| event.client = None);
            ledger.sending(&request);
            match client.track(by(key, request.clone())).await {
                Ok(answer) => drop(ledger.answered(request.events, answer.into_inner())),
                Err(status) => refused.push(status),
            }
        }
    });
    (refused, ledger.read())
}

#[test]
fn a_log_that_stands_still_is_told_and_everything_goes_on_once_it_does() {
    let servers = PrivateServers::start();
    let stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, LoadOptions { streams: 2, ..only_durable() });
    load.wait_for_more(200);
    servers.redis.pause();
    load.wait_for_refusal();
    assert!(wait_until_ready_is(stack.collectors[0].management(), 503).contains("log: "));
    servers.redis.resume();
    load.wait_for_more(500);
    wait_until_ready_is(stack.collectors[0].management(), 200);
    assert_holds(&stack, &load.finish());
}

#[test]
fn a_database_that_takes_no_writes_is_told_and_the_backlog_drains_once_it_does() {
    let servers = PrivateServers::start();
    let stack = Stack::start_over(servers.backends());
    let load = Load::start(&stack, only_durable());
    load.wait_for_more(200);
    set_read_only(&servers, "on");
    assert!(wait_until_ready_is(stack.processors[0].management(), 503).contains("read-only"));
    // Events go into the log all the same.
    load.wait_for_more(500);
    set_read_only(&servers, "off");
    wait_until_ready_is(stack.processors[0].management(), 200);
    assert_holds(&stack, &load.finish());
}

/// For every session that does not say otherwise for itself.
fn set_read_only(servers: &PrivateServers, on_or_off: &str) {
    let url = format!("{}?options=-c%20default_transaction_read_only%3Doff", servers.postgres.url());
    execute(&url, &format!("ALTER SYSTEM SET default_transaction_read_only = {on_or_off}"));
    execute(&url, "SELECT pg_reload_conf()");
}
