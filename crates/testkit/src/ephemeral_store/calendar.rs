use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use analytics_domain::{
    Day, ManualClock, Millis, ProjectId, Zone, calendar,
    ports::{EphemeralStore, NoncePolicy, SaltScope, VisitorDayNonce},
};
use async_trait::async_trait;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{DAY_MS, MINUTE_MS, set};

/// Midnight in UTC, 2023-12-31: the next 400 days have a 29 February and both changes of summer time.
const START: Millis = Millis(19_722 * DAY_MS);
const DAYS: i64 = 400;
const COLLECTORS: usize = 3;

/// What several collectors use.
#[async_trait]
pub trait CollectorsFixture: Send + Sync {
    /// The store as a collector that was just started has it.
    async fn collector(&self) -> Arc<dyn EphemeralStore>;
    /// The store loses everything, if that can happen to it without the end of all collectors.
    async fn wipe(&self) -> Wipe;
}

/// Whether everything was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wipe {
    /// It was.
    Wiped,
    /// It cannot be.
    Impossible,
}

#[derive(Debug, Clone)]
enum Step {
    /// So many minutes pass, and then collectors are asked, this one first.
    Pass(i64, usize),
    Restart(usize),
    Wipe,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let collector = 0..COLLECTORS;
    let step = prop_oneof![
        // Around midnight more often than not: close before and after it.
        6 => (1_i64..45 * 60, collector.clone()).prop_map(|(minutes, first)| Step::Pass(minutes, first)),
        1 => collector.prop_map(Step::Restart),
        1 => Just(Step::Wipe),
    ];
    vec(step, 600)
}

/// What is known of a day that has a nonce.
struct Known {
    nonce: VisitorDayNonce,
    /// The collectors that have seen it since they were started.
    seen_by: [bool; COLLECTORS],
}

/// Over 400 days of a zone with summer time: all collectors give the same nonce at all times, whatever restarts and however often the
/// store is wiped while a collector lives that knows it; and from 24 hours after the end of its day on nobody gives it.
pub fn nonces_follow_the_calendar_for_every_collector<C: CollectorsFixture>(
    make: impl AsyncFn(Arc<ManualClock>) -> C,
    cases: u32,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let clock = Arc::new(ManualClock::new(START.to_micros()));
    let fixture = runtime.block_on(make(Arc::clone(&clock)));
    let zone: Zone = Zone::named("Europe/Zurich").expect("a zone");
    let next_project = AtomicI64::new(1);
    let check = |steps: Vec<Step>| {
        let scope = SaltScope::Live(ProjectId(next_project.fetch_add(1, Ordering::Relaxed)));
        runtime.block_on(run(&fixture, &clock, &zone, &scope, steps))
    };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    TestRunner::new(config).run(&steps(), check).unwrap_or_else(|failure| panic!("{failure}"));
}

async fn run(
    fixture: &impl CollectorsFixture,
    clock: &ManualClock,
    zone: &Zone,
    scope: &SaltScope,
    steps: Vec<Step>,
) -> Result<(), TestCaseError> {
    let mut now = START;
    set(clock, now);
    let mut collectors = Vec::new();
    for _ in 0..COLLECTORS {
        collectors.push(fixture.collector().await);
    }
    let mut known: BTreeMap<Day, Known> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Restart(index) => {
                collectors[index] = fixture.collector().await;
                known.values_mut().for_each(|day| day.seen_by[index] = false);
            }
            Step::Wipe => {
                if fixture.wipe().await == Wipe::Wiped {
                    known.retain(|_, day| day.seen_by.contains(&true));
                    // Each collector looks after the store every few seconds.
                    for collector in &collectors {
                        collector.sweep(now).await.expect("the store works");
                    }
                }
            }
            Step::Pass(minutes, first) => {
                now = Millis(now.0 + minutes * MINUTE_MS);
                if now.0 > START.0 + DAYS * DAY_MS {
                    break;
                }
                set(clock, now);
                let today = calendar::day_of(now, zone);
                for offset in 0..COLLECTORS {
                    let index = (first + offset) % COLLECTORS;
                    for day in (-3..=0).map(|back| today.plus_days(back)) {
                        ask(&*collectors[index], index, scope, zone, now, day, &mut known).await?;
                    }
                }
            }
        }
    }
    Ok(())
}

async fn ask(
    collector: &dyn EphemeralStore,
    index: usize,
    scope: &SaltScope,
    zone: &Zone,
    now: Millis,
    day: Day,
    known: &mut BTreeMap<Day, Known>,
) -> Result<(), TestCaseError> {
    let destroy_at = Millis(calendar::day_end(day, zone).0 + DAY_MS);
    let nonce = collector.nonce(scope, day, NoncePolicy::CreateUntil(destroy_at)).await.expect("the store works");
    if now >= destroy_at {
        prop_assert_eq!(nonce, None, "it was destroyed with {:?}", day);
        known.remove(&day);
        return Ok(());
    }
    let Some(nonce) = nonce else { return Err(TestCaseError::fail(format!("{day:?} has no nonce"))) };
    let first = Known { nonce, seen_by: [false; COLLECTORS] };
    let kept = known.entry(day).or_insert(first);
    prop_assert!(kept.nonce == nonce, "collector {} has another nonce of {:?}", index, day);
    kept.seen_by[index] = true;
    let repeated = collector.nonce(scope, day, NoncePolicy::OnlyExisting).await.expect("the store works");
    prop_assert!(repeated == Some(nonce));
    let distinct = known.iter().filter(|(_, other)| other.nonce == nonce).count();
    prop_assert_eq!(distinct, 1, "no two days share a nonce");
    Ok(())
}
