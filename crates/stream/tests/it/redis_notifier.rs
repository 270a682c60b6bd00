//! The notifier on Redis against the suite of its port, and what only it promises.

use std::{sync::Arc, time::Duration};

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{Change, ChangeSubscription, DayChanged, Notifier},
};
use analytics_stream::redis::{RedisNotifier, RedisNotifierOptions};
use analytics_testkit::servers::{PrivateRedis, redis_url};

use crate::{
    redis_relay::Relay,
    redis_servers::{fresh_name, server, soon},
};

/// The notifier of a process: it has connections of its own.
fn open(url: &str, prefix: &str) -> RedisNotifier {
    RedisNotifier::new(server(url).shared(), prefix, RedisNotifierOptions::default())
}

async fn fresh_notifier(max_hints_behind: usize) -> Arc<dyn Notifier> {
    let options = RedisNotifierOptions { max_hints_behind };
    Arc::new(RedisNotifier::new(server(&redis_url()).shared(), &fresh_name(), options))
}

analytics_testkit::notifier_suite!(fresh_notifier);

fn hint(version: i64) -> DayChanged {
    DayChanged { project: ProjectId(3), day: Day(19_675), version: Version(version) }
}

async fn subscribe(notifier: &RedisNotifier) -> Box<dyn ChangeSubscription> {
    notifier.subscribe().await.expect("the notifier works")
}

async fn next(subscription: &mut Box<dyn ChangeSubscription>) -> Option<Change> {
    soon(subscription.next()).await
}

/// Publishes until the server takes it: it may be on its way back.
async fn publish(notifier: &RedisNotifier, change: DayChanged) {
    while notifier.publish(change).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn processes_hear_each_other_and_not_their_neighbours() {
    let prefix = fresh_name();
    let (first, second) = (open(&redis_url(), &prefix), open(&redis_url(), &prefix));
    let neighbour = open(&redis_url(), &fresh_name());
    let mut subscriptions = [subscribe(&first).await, subscribe(&second).await, subscribe(&neighbour).await];
    first.publish(hint(1)).await.expect("the notifier works");
    second.publish(hint(2)).await.expect("the notifier works");
    neighbour.publish(hint(3)).await.expect("the notifier works");
    let [of_first, of_second, of_neighbour] = &mut subscriptions;
    for subscription in [of_first, of_second] {
        for version in [1, 2] {
            assert_eq!(next(subscription).await, Some(Change::Day(hint(version))));
        }
    }
    assert_eq!(next(of_neighbour).await, Some(Change::Day(hint(3))));
}

#[tokio::test]
async fn a_later_subscription_gets_nothing_from_before_however_late_that_comes() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let relay = Relay::to(redis.port()).await;
    let notifier = open(&relay.url(), "test");
    let mut first = subscribe(&notifier).await;
    notifier.publish(hint(1)).await.expect("the notifier works");
    assert_eq!(next(&mut first).await, Some(Change::Day(hint(1))));
    relay.hold_back_what_nobody_asked_for();
    notifier.publish(hint(2)).await.expect("the notifier works");
    let mut second = subscribe(&notifier).await;
    notifier.publish(hint(3)).await.expect("the notifier works");
    // Lets that one through as well.
    let _third = subscribe(&notifier).await;
    assert_eq!(next(&mut first).await, Some(Change::Day(hint(2))));
    assert_eq!(next(&mut second).await, Some(Change::Day(hint(3))));
}

#[tokio::test]
async fn a_subscription_ends_with_its_notifier() {
    let notifier = open(&redis_url(), &fresh_name());
    let clone = notifier.clone();
    let mut subscription = subscribe(&notifier).await;
    drop(notifier);
    clone.publish(hint(1)).await.expect("a clone keeps it alive");
    assert_eq!(next(&mut subscription).await, Some(Change::Day(hint(1))));
    drop(clone);
    assert_eq!(next(&mut subscription).await, None);
}

#[tokio::test]
async fn a_message_of_a_later_version_says_that_something_changed() {
    let prefix = fresh_name();
    let notifier = open(&redis_url(), &prefix);
    let mut subscription = subscribe(&notifier).await;
    let mut publish = redis::cmd("PUBLISH");
    publish.arg(format!("{prefix}:changes")).arg("2 something else");
    let heard: i64 = server(&redis_url()).shared().query(&publish).await.expect("the server answers");
    assert_eq!((heard, next(&mut subscription).await), (1, Some(Change::Missed)));
}

#[tokio::test]
async fn after_a_broken_connection_each_subscription_is_told_once_and_goes_on() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let notifier = open(&redis.url(), "test");
    let mut subscriptions = [subscribe(&notifier).await, subscribe(&notifier).await];
    let mut kill = redis::cmd("CLIENT");
    kill.arg("KILL").arg("TYPE").arg("pubsub");
    let killed: i64 = server(&redis.url()).shared().query(&kill).await.expect("the server answers");
    assert_eq!(killed, 1, "all share one connection");
    for subscription in &mut subscriptions {
        assert_eq!(next(subscription).await, Some(Change::Missed));
    }
    notifier.publish(hint(1)).await.expect("the notifier works");
    for subscription in &mut subscriptions {
        assert_eq!(next(subscription).await, Some(Change::Day(hint(1))));
    }
}

#[tokio::test]
async fn a_server_that_was_killed_is_found_again() {
    let mut redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let notifier = open(&redis.url(), "test");
    let mut before = subscribe(&notifier).await;
    redis.kill_hard();
    let refused = notifier.subscribe().await.err().expect("nobody could confirm it");
    assert!(refused.to_string().contains(&redis.port().to_string()), "{refused}");
    notifier.publish(hint(1)).await.expect_err("nobody could send it");
    redis.restart();
    assert_eq!(next(&mut before).await, Some(Change::Missed));
    let mut after = subscribe(&notifier).await;
    soon(publish(&notifier, hint(2))).await;
    for subscription in [&mut before, &mut after] {
        assert_eq!(next(subscription).await, Some(Change::Day(hint(2))));
    }
}

#[tokio::test]
async fn a_server_that_fell_silent_is_noticed_without_traffic() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let notifier = open(&redis.url(), "test");
    let mut subscription = subscribe(&notifier).await;
    redis.pause();
    // From here on nothing but timers can happen, and they need not be waited for.
    tokio::time::pause();
    let silence = tokio::time::timeout(Duration::from_secs(60), subscription.next()).await;
    silence.expect_err("nobody could say anything");
    tokio::time::resume();
    redis.resume();
    assert_eq!(next(&mut subscription).await, Some(Change::Missed));
}
