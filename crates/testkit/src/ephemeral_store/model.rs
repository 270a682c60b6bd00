use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use analytics_domain::{
    Day, ManualClock, ProjectId, VisitorHash,
    ports::{NoncePolicy, SaltScope, VisitorProbe},
    running_session::{RunningSession, decide},
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{DAY, DAY_MS, EphemeralFixture, MINUTE_MS, TIMEOUT, assign, at, clock, probe};

/// Every session in one list, one event after the other: no batches, no index, no journal.
#[derive(Default)]
struct NaiveStore(Vec<(Day, VisitorHash, RunningSession)>);

impl NaiveStore {
    fn assign(&mut self, probe: &VisitorProbe) -> usize {
        let kept: Vec<Option<RunningSession>> = probe
            .candidates
            .iter()
            .map(|wanted| self.0.iter().find(|(day, visitor, _)| (*day, *visitor) == *wanted).map(|(_, _, kept)| *kept))
            .collect();
        let decision = decide(&kept, probe.time, TIMEOUT);
        let (day, visitor) = probe.candidates[decision.candidate];
        self.0.retain(|(kept_day, kept_visitor, _)| (*kept_day, *kept_visitor) != (day, visitor));
        self.0.push((day, visitor, decision.session));
        decision.candidate
    }
}

#[derive(Debug, Clone)]
enum Step {
    Batch(Vec<VisitorProbe>),
    Kill,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Around each midnight of four days, close enough for sessions to go on, and some at any time.
    let around_midnight =
        (0_i64..4, -90_i64..90, 0_i64..3).prop_map(|(day, minute, ms)| day * DAY_MS + minute * MINUTE_MS + ms);
    let time = prop_oneof![3 => around_midnight, 1 => 0..4 * DAY_MS];
    let event = (0_i64..4, time).prop_map(|(person, ms)| probe(person, at(ms)));
    let step = prop_oneof![6 => vec(event, 0..30).prop_map(Step::Batch), 1 => Just(Step::Kill)];
    vec(step, 0..12)
}

/// Whatever the events, their order, their batches and the restarts in between: the days are those of a store that does it simply.
pub fn assignments_agree_with_a_naive_model<E: EphemeralFixture>(make: impl AsyncFn(Arc<ManualClock>) -> E) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let fixture = runtime.block_on(make(clock()));
    let next_project = AtomicI64::new(1);
    let check = |steps: Vec<Step>| {
        let scope = SaltScope::Live(ProjectId(next_project.fetch_add(1, Ordering::Relaxed)));
        runtime.block_on(async {
            let mut naive = NaiveStore::default();
            let store = fixture.store().await;
            for days in -2..5 {
                let until = NoncePolicy::CreateUntil(at(100 * DAY_MS));
                let nonce = store.nonce(&scope, DAY.plus_days(days), until).await.expect("the store works");
                assert!(nonce.is_some());
            }
            drop(store);
            for step in steps {
                match step {
                    Step::Kill => fixture.kill().await,
                    Step::Batch(probes) => {
                        let expected: Vec<usize> = probes.iter().map(|probe| naive.assign(probe)).collect();
                        let assigned = assign(&*fixture.store().await, &scope, &probes).await;
                        prop_assert_eq!(assigned, expected);
                    }
                }
            }
            Ok(())
        })
    };
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&steps(), check).unwrap_or_else(|failure| panic!("{failure}"));
}
