//! The script that assigns visitor days against the rule of the domain, which the embedded store calls itself.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicI64, Ordering},
};

use analytics_domain::{
    Day, DurationMs, Millis, ProjectId, VisitorHash,
    ports::{EphemeralStore, ImportKey, RunningImport, SaltScope, VisitorProbe},
    running_session::{RunningSession, SESSION_CAP, decide},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::redis_ephemeral::{
    DAY, DAY_MS, DESTROY_AT, LIVE, NOW, TIMEOUT, World, assign, make_nonce, open_import, probe,
};

/// A case for the script: which of the days have a nonce, and what comes.
#[derive(Debug, Clone)]
struct Case {
    timeout: DurationMs,
    days_with_nonce: Vec<bool>,
    batches: Vec<Vec<VisitorProbe>>,
}

const DAYS: usize = 3;

fn cases() -> impl Strategy<Value = Case> {
    // Half a day is the timeout with which a few events reach the cap.
    let timeout = prop_oneof![Just(TIMEOUT), Just(DurationMs(SESSION_CAP.0 / 2))];
    timeout.prop_flat_map(|timeout| {
        // Sums of the lengths that decide, give or take a millisecond: gaps of exactly the timeout, sessions of exactly the cap.
        let length =
            prop_oneof![3 => Just(timeout.0), 1 => Just(SESSION_CAP.0), 1 => Just(timeout.0 / 2), 1 => Just(0)];
        let off_by = prop_oneof![4 => Just(0), 1 => Just(-1), 1 => Just(1)];
        let time = vec((length, off_by), 0..4)
            .prop_map(|lengths| Millis(NOW.0 + lengths.into_iter().map(|(length, ms)| length + ms).sum::<i64>()));
        let visitor = prop_oneof![3 => Just(i64::MIN), 1 => Just(-1), 1 => Just(0x3132_3334_3536_3738)];
        let candidate =
            (0..DAYS as i32, visitor).prop_map(|(days, visitor)| (DAY.plus_days(days), VisitorHash(visitor)));
        let probe = (vec(candidate, 1..4), time).prop_map(|(candidates, time)| VisitorProbe { candidates, time });
        let has_nonce = prop_oneof![4 => Just(true), 1 => Just(false)];
        (vec(has_nonce, DAYS), vec(vec(probe, 1..20), 1..4)).prop_map(move |(days_with_nonce, batches)| Case {
            timeout,
            days_with_nonce,
            batches,
        })
    })
}

/// What the script has to do, with the product's own rule.
fn decided(case: &Case) -> Vec<Vec<usize>> {
    let mut kept: HashMap<(Day, VisitorHash), RunningSession> = HashMap::new();
    let mut decide_one = |probe: &VisitorProbe| {
        let sessions: Vec<_> = probe.candidates.iter().map(|candidate| kept.get(candidate).copied()).collect();
        let decision = decide(&sessions, probe.time, case.timeout);
        let (day, visitor) = probe.candidates[decision.candidate];
        if case.days_with_nonce[(day.0 - DAY.0) as usize] {
            kept.insert((day, visitor), decision.session);
        }
        decision.candidate
    };
    case.batches.iter().map(|batch| batch.iter().map(&mut decide_one).collect()).collect()
}

#[test]
fn the_script_decides_as_the_rule_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = World::at_now();
    let store = world.open();
    let next_project = AtomicI64::new(1);
    let check = |case: Case| {
        let project = ProjectId(next_project.fetch_add(1, Ordering::Relaxed));
        let expected = decided(&case);
        runtime.block_on(async {
            let key = ImportKey { project, import: "log-1".parse().expect("a valid id") };
            let running = RunningImport { include_bots: false, create_time: NOW, expire_time: DESTROY_AT };
            store.open_import(&key, running).await.expect("it works");
            for scope in [SaltScope::Live(project), SaltScope::Import(key)] {
                for days in (0..DAYS).filter(|day| case.days_with_nonce[*day]) {
                    make_nonce(&store, &scope, DAY.plus_days(days as i32)).await;
                }
                for (batch, expected) in case.batches.iter().zip(&expected) {
                    let assigned = store.assign_visitor_days(&scope, batch, case.timeout).await;
                    prop_assert_eq!(assigned.as_ref(), Ok(expected));
                }
            }
            Ok(())
        })
    };
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&cases(), check).unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn a_batch_of_any_size_is_decided_in_order() {
    let world = World::at_now();
    let store = world.open();
    let import = open_import(&store, "log-1", DESTROY_AT).await;
    // All visitors on one day, and few on each of many.
    for (scope, days) in [(LIVE, 1), (import, 500)] {
        for day in 0..=days {
            make_nonce(&store, &scope, DAY.plus_days(day)).await;
        }
        let three = |visitor: i32| {
            let own = DAY.plus_days(visitor % days);
            let start = Millis(i64::from(own.0) * DAY_MS);
            let both = [own, own.plus_days(1)];
            let visitor = i64::from(visitor);
            [
                probe(&[own], visitor, start),
                probe(&both, visitor, start.plus(TIMEOUT)),
                probe(&both, visitor, start.plus(TIMEOUT).plus(TIMEOUT).plus(DurationMs(1))),
            ]
        };
        let mut batch: Vec<VisitorProbe> = (0..5_000).flat_map(three).collect();
        batch.sort_by_key(|probe| probe.time);
        let expected: Vec<usize> = batch.iter().map(|probe| usize::from(probe.time.0 % DAY_MS > TIMEOUT.0)).collect();
        assert_eq!(assign(&store, &scope, &batch).await, expected);
        assert_eq!(assign(&world.open(), &scope, &batch).await, expected, "repeated by another process");
    }
}
