//! Keys and projects on the embedded catalog, while it can be reached and after.

use analytics_domain::Micros;
use analytics_proto::v1::ErrorReason;
use analytics_rpc::RpcError;

use crate::world::{HOUR, SECOND, World};

#[tokio::test]
async fn a_key_gives_its_own_project_and_hides_all_others() {
    let world = World::new().await;
    let (web, shop) = (world.project("web").await, world.project("shop").await);
    let caller = world.call(&world.key("k", Some(web.id)).await).await.expect("known");
    for requested in [None, Some(&web.name)] {
        assert_eq!(*caller.project(requested).await.expect("its own"), web);
    }
    assert_eq!(caller.own_project().await.expect("read").as_deref(), Some(&web));
    for other in [shop.name, "absent".parse().expect("a name")] {
        assert_eq!(caller.project(Some(&other)).await.expect_err("hidden"), RpcError::ProjectNotFound(other));
    }
}

#[tokio::test]
async fn a_key_that_reaches_all_must_name_one() {
    let world = World::new().await;
    let caller = world.call(&world.key("k", None).await).await.expect("known");
    assert_eq!(caller.project(None).await.expect_err("which?").reason(), ErrorReason::ProjectRequired);
    let name = "web".parse().expect("a name");
    assert_eq!(caller.project(Some(&name)).await.expect_err("not yet").reason(), ErrorReason::ProjectNotFound);
    let web = world.project("web").await;
    assert_eq!(*caller.project(Some(&name)).await.expect("found as soon as it exists"), web);
}

#[tokio::test]
async fn a_revocation_holds_within_five_seconds_of_constant_use() {
    let world = World::new().await;
    let secret = world.key("k", None).await;
    world.call(&secret).await.expect("known");
    world.revoke("k").await;
    let mut refused_at = None;
    for tenths in 0..50 {
        world.clock.set(Micros(tenths * SECOND / 10));
        match world.call(&secret).await {
            Ok(_) => assert_eq!(refused_at, None, "accepted again"),
            Err(error) => {
                assert_eq!(error.reason(), ErrorReason::KeyRevoked);
                refused_at.get_or_insert(tenths);
            }
        }
    }
    assert_eq!(refused_at, Some(21), "kept for two seconds and no longer");
}

#[tokio::test]
async fn a_revocation_holds_at_once_for_a_key_that_rested() {
    let world = World::new().await;
    let secret = world.key("k", None).await;
    world.call(&secret).await.expect("known");
    world.clock.set(Micros(600 * SECOND));
    world.revoke("k").await;
    let (first, second) = tokio::join!(world.call(&secret), world.call(&secret));
    assert_eq!(first.expect_err("revoked").reason(), ErrorReason::KeyRevoked);
    assert_eq!(second.expect_err("revoked").reason(), ErrorReason::KeyRevoked);
}

#[tokio::test]
async fn known_keys_work_for_an_hour_without_the_catalog_and_unknown_ones_are_put_off() {
    let world = World::new().await;
    let web = world.project("web").await;
    let (known, unseen) = (world.key("known", Some(web.id)).await, world.key("unseen", None).await);
    world.call(&known).await.expect("known").project(None).await.expect("its project");
    world.catalog.close().await.expect("closed");

    for time in [3 * SECOND, 10 * SECOND, HOUR] {
        world.clock.set(Micros(time));
        let caller = world.call(&known).await.expect("still known");
        assert_eq!(*caller.project(None).await.expect("its project"), web);
        // Never "unknown": clients would drop their events.
        assert_eq!(world.call(&unseen).await.expect_err("put off").reason(), ErrorReason::Unavailable);
    }
    world.clock.set(Micros(HOUR + SECOND));
    assert_eq!(world.call(&known).await.expect_err("too old").reason(), ErrorReason::Unavailable);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_keep_a_revoked_key_alive() {
    let world = World::new().await;
    let secret = world.key("k", None).await;
    world.clock.set(Micros(HOUR));
    world.call(&secret).await.expect("known");
    world.revoke("k").await;
    world.clock.set(Micros(0));
    assert_eq!(world.call(&secret).await.expect_err("revoked").reason(), ErrorReason::KeyRevoked);
}
