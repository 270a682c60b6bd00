//! Until when, from where and how much: what a key is kept to, and what is remembered of its use.

use std::sync::atomic::{AtomicUsize, Ordering};

use analytics_domain::{ApiKeyLimits, ApiKeyScope, ApiKeySettings, KeyId, Micros, ports::Catalog as _};
use analytics_proto::v1::ErrorReason;
use analytics_rpc::{KeySecret, Quota, RpcError};
use tonic::{Code, Request, metadata::MetadataMap};

use crate::world::{SECOND, World, bearer};

fn expiring(expire_time: Micros) -> ApiKeyLimits {
    ApiKeyLimits { expire_time: Some(expire_time), ..ApiKeyLimits::default() }
}

fn quota(events_per_second: u32) -> ApiKeyLimits {
    ApiKeyLimits { events_per_second: Some(events_per_second), ..ApiKeyLimits::default() }
}

#[tokio::test]
async fn a_key_ends_on_the_instant_also_while_it_is_cached() {
    let world = World::new().await;
    let secret = world.limited_key("k", None, expiring(Micros(SECOND))).await;
    world.clock.set(Micros(SECOND - 1));
    world.call(&secret).await.expect("a microsecond before");
    world.clock.set(Micros(SECOND));
    let error = world.call(&secret).await.expect_err("expired");
    assert_eq!(error, RpcError::KeyExpired { id: KeyId("k".to_owned()), expire_time: Micros(SECOND) });
    assert_eq!((error.code(), error.reason()), (Code::Unauthenticated, ErrorReason::KeyExpired));
    assert!(error.to_string().contains("expired at 1970-01-01T00:00:01Z"), "{error}");

    let settings = ApiKeySettings { display_name: String::new(), limits: expiring(Micros(100 * SECOND)) };
    world.catalog.update_key(&KeyId("k".to_owned()), Box::new(|_| settings)).await.expect("updated").expect("the key");
    world.clock.set(Micros(6 * SECOND));
    world.call(&secret).await.expect("it was given a later end");
}

#[tokio::test]
async fn only_the_very_origins_of_a_key_pass() {
    let world = World::new().await;
    let origins = ["https://example.org", "http://localhost:5173"].map(str::to_owned).to_vec();
    let kept = world.limited_key("kept", None, ApiKeyLimits { origins, ..ApiKeyLimits::default() }).await;
    let free = world.key("free", None).await;
    let call = async |secret: &KeySecret, origins: &[&[u8]]| {
        let mut metadata: MetadataMap = bearer(secret);
        let headers = metadata.as_mut();
        for origin in origins {
            headers.append("origin", http::HeaderValue::from_bytes(origin).expect("a header"));
        }
        world.authenticator.authenticate(&metadata, &[ApiKeyScope::Query]).await.map(drop)
    };
    for passes in [&[][..], &[&b"https://example.org"[..]], &[&b"http://localhost:5173"[..]]] {
        assert_eq!(call(&kept, passes).await, Ok(()), "{passes:?}");
    }
    for refused in [
        "null",
        "",
        "*",
        "https://evil.example",
        "http://example.org",
        "https://example.org:443",
        "https://example.org:8443",
        "https://example.org/",
        "https://example.org.",
        "https://EXAMPLE.org",
        "HTTPS://example.org",
        "https://www.example.org",
        "https://example.org.evil.example",
        "https://evilexample.org",
        "https://example.orgx",
        "https://example.or",
        "https://user@example.org",
        "https://example.org https://evil.example",
        " https://example.org",
        "https://exämple.org",
        "http://localhost",
        "http://localhost:51730",
    ] {
        let error = call(&kept, &[refused.as_bytes()]).await.expect_err(refused);
        assert_eq!(
            (error.code(), error.reason()),
            (Code::PermissionDenied, ErrorReason::OriginNotAllowed),
            "{refused}"
        );
        assert!(!error.to_string().contains("evil"), "what a stranger sends is not repeated: {error}");
        assert_eq!(call(&free, &[refused.as_bytes()]).await, Ok(()), "{refused}");
    }
    let both = [&b"https://example.org"[..], b"https://evil.example"];
    assert!(call(&kept, &both).await.is_err(), "one of two that are claimed");
}

#[tokio::test]
async fn the_last_use_is_written_later_and_nobody_waits_for_it() {
    let world = World::new().await;
    let (used, unused) = (world.key("used", None).await, world.key("unused", None).await);
    for time in [2, 7, 5] {
        world.clock.set(Micros(time * SECOND));
        world.call(&used).await.expect("known");
    }
    let foreign = [ApiKeyScope::Admin];
    world.authenticator.authenticate(&bearer(&unused), &foreign).await.expect_err("refused calls are no use");
    assert_eq!(world.key_in_catalog("used").await.last_use_time, None, "not by the call");
    world.authenticator.write_last_uses().await.expect("written");
    assert_eq!(world.key_in_catalog("used").await.last_use_time, Some(Micros(7 * SECOND)));
    assert_eq!(world.key_in_catalog("unused").await.last_use_time, None);

    world.clock.set(Micros(8 * SECOND));
    world.lose_catalog().await;
    world.call(&used).await.expect("still known");
    for _ in 0..2 {
        world.authenticator.write_last_uses().await.expect_err("what was not written is tried again");
    }
}

#[tokio::test]
async fn whoever_sends_too_much_is_told_when_there_is_more_again() {
    let world = World::new().await;
    let secret = world.limited_key("k", None, quota(200)).await;
    let caller = world.call(&secret).await.expect("known");
    for _ in 0..20 {
        caller.admit(100, || unreachable!("there is no limit of bytes")).expect("ten seconds' worth");
    }
    let error = world.call(&secret).await.expect("known").admit(100, || 0).expect_err("used up, whoever asks");
    let RpcError::QuotaExceeded { quota, per_second, retry_after, .. } = error else { panic!("{error:?}") };
    assert_eq!((quota, per_second), (Quota::Events, 200));
    world.clock.set(Micros(retry_after.0 * 1000));
    // The key was read again by then: what it has sent is not forgotten.
    world.call(&secret).await.expect("known").admit(100, || 0).expect("as promised");
    world.clock.set(Micros(3 * SECOND));
    world.call(&secret).await.expect("known").admit(1000, || 0).expect("two and a half seconds later");
    world.call(&secret).await.expect("known").admit(1, || 0).expect_err("overdrawn");
}

#[tokio::test]
async fn bytes_count_too() {
    let world = World::new().await;
    let limits = ApiKeyLimits { bytes_per_second: Some(200_000), ..ApiKeyLimits::default() };
    let caller = world.call(&world.limited_key("k", None, limits).await).await.expect("known");
    caller.admit(1, || 2_000_000).expect("ten seconds' worth");
    let error = caller.admit(1, || 1).expect_err("used up");
    assert!(error.to_string().contains("its quota of 200000 bytes per second"), "{error}");
}

#[tokio::test]
async fn a_call_is_turned_away_before_its_message_is_read_and_only_for_its_quota() {
    let world = World::new().await;
    let secret = world.limited_key("k", None, quota(1)).await;
    let turned_away = |secret: &KeySecret| {
        let mut request = Request::new(());
        *request.metadata_mut() = bearer(secret);
        world.authenticator.turn_away(request).map(drop).map_err(|status| status.code())
    };
    assert_eq!(turned_away(&secret), Ok(()), "nobody knows it yet");
    world.call(&secret).await.expect("known").admit(1000, || 0).expect("a whole batch");
    assert_eq!(turned_away(&secret), Err(Code::ResourceExhausted));
    assert_eq!(turned_away(&KeySecret::generate()), Ok(()), "what is wrong with a key is told by who takes the call");
    world.authenticator.turn_away(Request::new(())).expect("no key at all");
    world.revoke("k").await;
    world.clock.set(Micros(5 * SECOND));
    world.call(&secret).await.expect_err("revoked");
    assert_eq!(turned_away(&secret), Ok(()), "waiting would not mend that");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_key_takes_nothing_from_others() {
    let world = World::new().await;
    let hot = world.limited_key("hot", None, quota(10)).await;
    let calm = world.limited_key("calm", None, quota(10)).await;
    for secret in [&hot, &calm] {
        world.call(secret).await.expect("known");
    }
    // Neither may ask the catalog any more: a flood must not reach it, and others must not depend on it.
    world.catalog.close().await.expect("closed");
    let (taken, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
                let caller = runtime.block_on(world.call(&hot)).expect("known");
                for _ in 0..5_000 {
                    match caller.admit(1000, || 0) {
                        Ok(()) => taken.fetch_add(1, Ordering::Relaxed),
                        Err(_) => refused.fetch_add(1, Ordering::Relaxed),
                    };
                }
            });
        }
        scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            for _ in 0..1000 {
                runtime.block_on(world.call(&calm)).expect("known").admit(1, || 0).expect("all of its own quota");
            }
            let caller = runtime.block_on(world.call(&calm)).expect("known");
            caller.admit(1, || 0).expect_err("and not more");
        });
    });
    assert_eq!((taken.into_inner(), refused.into_inner()), (1, 19_999));
}
