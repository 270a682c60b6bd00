//! What every ephemeral store does. [`ephemeral_store_suite!`](crate::ephemeral_store_suite) makes the tests.
//!
//! Each behaviour takes a function that makes a fresh store which goes by the given clock.

mod calendar;
mod imports;
mod model;
mod nonces;
mod sessions;

use std::sync::Arc;

use analytics_domain::{
    Clock, Day, DurationMs, ManualClock, Millis, ProjectId, VisitorHash,
    ports::{EphemeralStore, ImportKey, NoncePolicy, SaltScope, VisitorDayNonce, VisitorProbe},
};
use async_trait::async_trait;

pub use calendar::{CollectorsFixture, Wipe, nonces_follow_the_calendar_for_every_collector};
pub use imports::{
    a_finished_import_is_destroyed_and_others_are_not, an_import_expires_by_the_clock, an_import_is_opened_once,
    imports_and_live_events_share_nothing,
};
pub use model::assignments_agree_with_a_naive_model;
pub use nonces::{
    a_nonce_is_destroyed_at_its_instant_with_its_sessions, a_sweep_destroys_nothing_early,
    the_first_nonce_wins_for_every_caller,
};
pub use sessions::{
    a_batch_sees_its_own_events, a_day_without_a_nonce_keeps_no_sessions, a_repeated_batch_is_decided_the_same,
    a_session_ends_after_24_hours, a_session_goes_on_across_midnight_until_the_timeout,
    everything_survives_the_process,
};

/// One store.
#[async_trait]
pub trait EphemeralFixture: Send + Sync {
    /// A handle, as each collector has its own.
    async fn store(&self) -> Arc<dyn EphemeralStore>;
    /// Leaves every handle as a killed process leaves it; `store` then gives handles of a new process.
    async fn kill(&self);
}

/// Tests of an ephemeral store; `$make` is the path of an `async fn(Arc<ManualClock>) -> impl EphemeralFixture`.
#[macro_export]
macro_rules! ephemeral_store_suite {
    ($make:path) => {
        $crate::port_behaviours!(ephemeral_store, $make:
            the_first_nonce_wins_for_every_caller,
            a_nonce_is_destroyed_at_its_instant_with_its_sessions,
            a_sweep_destroys_nothing_early,
            a_session_goes_on_across_midnight_until_the_timeout,
            a_session_ends_after_24_hours,
            a_repeated_batch_is_decided_the_same,
            a_batch_sees_its_own_events,
            a_day_without_a_nonce_keeps_no_sessions,
            everything_survives_the_process,
            an_import_is_opened_once,
            an_import_expires_by_the_clock,
            a_finished_import_is_destroyed_and_others_are_not,
            imports_and_live_events_share_nothing,
        );

        #[test]
        fn assignments_agree_with_a_naive_model() {
            $crate::ephemeral_store::assignments_agree_with_a_naive_model($make);
        }
    };
}

const TIMEOUT: DurationMs = DurationMs(30 * MINUTE_MS);
const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const DAY: Day = Day(20_000);
const PROJECT: ProjectId = ProjectId(11);
const LIVE: SaltScope = SaltScope::Live(PROJECT);

/// A clock that shows the first instant of [`DAY`].
fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(at(0).to_micros()))
}

/// So many milliseconds after [`DAY`] began; its zone is UTC.
fn at(ms: i64) -> Millis {
    Millis(i64::from(DAY.0) * DAY_MS + ms)
}

/// When the nonce of a day goes: 24 hours after its end.
fn destroy_at(day: Day) -> Millis {
    Millis((i64::from(day.0) + 2) * DAY_MS)
}

fn import_key(id: &str) -> ImportKey {
    ImportKey { project: PROJECT, import: id.parse().expect("a valid id") }
}

async fn make_nonce(store: &dyn EphemeralStore, scope: &SaltScope, day: Day) -> VisitorDayNonce {
    let policy = NoncePolicy::CreateUntil(destroy_at(day));
    store.nonce(scope, day, policy).await.expect("the store works").expect("the day is not over")
}

/// The hash of somebody under a day.
fn visitor(person: i64, day: Day) -> VisitorHash {
    VisitorHash(person * 1_000_003 + i64::from(day.0))
}

/// Somebody's event, whose session may have begun on the day before.
fn probe(person: i64, time: Millis) -> VisitorProbe {
    let own = Day(time.0.div_euclid(DAY_MS) as i32);
    let candidates = [own.plus_days(-1), own].map(|day| (day, visitor(person, day))).to_vec();
    VisitorProbe { candidates, time }
}

async fn assign(store: &dyn EphemeralStore, scope: &SaltScope, probes: &[VisitorProbe]) -> Vec<usize> {
    store.assign_visitor_days(scope, probes, TIMEOUT).await.expect("the store works")
}

fn set(clock: &ManualClock, time: Millis) {
    clock.set(time.to_micros());
    assert_eq!(clock.now(), time.to_micros());
}
