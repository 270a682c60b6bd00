use std::time::Duration;

use analytics_stream::redis::{RedisServer, agree};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_was_said_first_holds_until_nobody_says_it_any_more() {
    let server = RedisServer::parse(&analytics_testkit::servers::ephemeral_redis_url()).expect("an address");
    let (one, other) = (server.shared(), server.shared());
    let name = format!("test-agreement-{:032x}", rand::random::<u128>());
    assert!(agree(&one, &name, b"a", MINUTE).await.expect("it answers"));
    assert!(agree(&other, &name, b"a", MINUTE).await.expect("it answers"));
    assert!(!agree(&other, &name, b"b", MINUTE).await.expect("it answers"));
    assert!(agree(&one, &name, b"a", MINUTE).await.expect("it answers"), "the other one's word changed nothing");
    let left: i64 = one.query(redis::cmd("TTL").arg(&name)).await.expect("it answers");
    assert!((1..=60).contains(&left), "{left}");
    let _gone: i64 = one.query(redis::cmd("DEL").arg(&name)).await.expect("it answers");
    assert!(agree(&other, &name, b"b", MINUTE).await.expect("it answers"));
    let _gone: i64 = one.query(redis::cmd("DEL").arg(&name)).await.expect("it answers");
}
