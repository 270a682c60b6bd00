//! Every role asked to stop under load: it ends by itself and well, and nothing is lost.

use crate::{
    load::{Load, LoadOptions, Tolerated},
    support::{Counts, Service, Stack},
    truth::assert_holds,
};

#[test]
fn every_role_ends_by_itself_under_load_and_nothing_is_lost() {
    let mut stack = Stack::start_many(Counts { collectors: 2, queries: 2, ..Counts::ONE });
    let load = Load::start(
        &stack,
        LoadOptions { tolerated: Tolerated::BrokenConnections, streams: 2, ..LoadOptions::default() },
    );
    let stop = |service: &mut Service| {
        load.wait_for_more(300);
        assert_eq!(service.stop(), Some(0), "it did not end well");
        service.start();
    };
    stop(&mut stack.collectors[0]);
    stop(&mut stack.processors[0]);
    stop(&mut stack.queries[0]);
    stop(&mut stack.gateways[0]);
    load.wait_for_more(300);
    assert_holds(&stack, &load.finish());
}
