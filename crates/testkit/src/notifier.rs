//! What every notifier does. [`notifier_suite!`](crate::notifier_suite) makes the tests.
//!
//! Each behaviour takes a function that makes a fresh notifier whose subscriptions lose hints when they are more than so many
//! behind, though maybe not at once.

use std::sync::Arc;

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{Change, DayChanged, Notifier},
};

/// Tests of a notifier; `$make` is the path of an `async fn(usize) -> Arc<dyn Notifier>`.
#[macro_export]
macro_rules! notifier_suite {
    ($make:path) => {
        $crate::port_behaviours!(notifier, $make:
            every_subscription_gets_every_hint,
            a_subscription_gets_nothing_from_before,
            a_subscription_that_lags_is_told_and_goes_on,
        );
    };
}

/// All subscriptions get all hints, in the order in which one sender sent them.
pub async fn every_subscription_gets_every_hint(make: impl AsyncFn(usize) -> Arc<dyn Notifier>) {
    let notifier = make(64).await;
    let mut first = notifier.subscribe().await.expect("the notifier works");
    let mut second = notifier.subscribe().await.expect("the notifier works");
    let sent: Vec<DayChanged> = (0..20).map(hint).collect();
    for change in &sent {
        notifier.publish(*change).await.expect("the notifier works");
    }
    for subscription in [&mut first, &mut second] {
        for change in &sent {
            assert_eq!(subscription.next().await, Some(Change::Day(*change)));
        }
    }
}

/// A hint is no history: who subscribes later does not get it. Sending one to nobody is no failure.
pub async fn a_subscription_gets_nothing_from_before(make: impl AsyncFn(usize) -> Arc<dyn Notifier>) {
    let notifier = make(64).await;
    notifier.publish(hint(1)).await.expect("nobody listening is no failure");
    let mut subscription = notifier.subscribe().await.expect("the notifier works");
    notifier.publish(hint(2)).await.expect("the notifier works");
    assert_eq!(subscription.next().await, Some(Change::Day(hint(2))));
}

/// A subscription that is too far behind loses hints, learns that, and gets the newest.
pub async fn a_subscription_that_lags_is_told_and_goes_on(make: impl AsyncFn(usize) -> Arc<dyn Notifier>) {
    const SENT: i64 = 10_000;
    let notifier = make(8).await;
    let mut subscription = notifier.subscribe().await.expect("the notifier works");
    for version in 1..=SENT {
        notifier.publish(hint(version)).await.expect("a slow subscription does not hold up the sender");
    }
    let (mut got, mut missed, mut newest) = (0, false, 0);
    while newest < SENT {
        match subscription.next().await.expect("the notifier has not ended") {
            Change::Missed => missed = true,
            Change::Day(change) => {
                assert!(change.version.0 > newest, "hints arrive in order");
                newest = change.version.0;
                got += 1;
            }
        }
    }
    assert!(missed && got < SENT, "{got} of {SENT} arrived");
}

fn hint(version: i64) -> DayChanged {
    DayChanged { project: ProjectId(3), day: Day(19_675), version: Version(version) }
}
