//! Two processes of each role under load from several clients.

use crate::{
    load::{Load, LoadOptions},
    support::{Counts, Service, Stack},
    truth::assert_holds,
};

const STORED: &str = "analytics_processor_events_total";
const EVENTS: usize = 20_000;
const COPIES: usize = 3;

#[test]
fn two_of_each_role_store_once_what_was_sent_three_times() {
    let stack = Stack::start_many(Counts::TWO);
    let load = Load::start(&stack, LoadOptions { copies: COPIES, ..LoadOptions::default() });
    load.wait_for_more(EVENTS);
    let ledger = load.finish();
    assert_holds(&stack, &ledger);
    let stored = ledger.acknowledged.len();
    let copies = stored * COPIES;
    // The last copies may have been acknowledged as durable only.
    while stack.processed(STORED, "") < copies as f64 {}
    assert_eq!(stack.processed(STORED, "stored"), stored as f64);
    assert_eq!(stack.processed(STORED, "duplicate"), (copies - stored) as f64);
    assert_eq!(
        stack.processed("analytics_processor_commit_failures_total", ""),
        0.0,
        "a commit failed, as by a deadlock"
    );

    let all_took_part = |services: &[Service], metric: &str| {
        assert!(services.iter().all(|service| service.metric(metric, "") > 0.0), "{metric}: a process did nothing");
    };
    all_took_part(&stack.collectors, "analytics_collector_events_total");
    all_took_part(&stack.processors, STORED);
    all_took_part(&stack.queries, "analytics_rpc_requests_total");
    all_took_part(&stack.gateways, "analytics_rpc_requests_total");
}
