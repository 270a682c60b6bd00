//! Which Redis servers are refused, and what is said to whoever has to change them. Each one really is configured so.

use analytics_stream::redis::{
    RequirementError, Safety, SharedConnection, check_apart, check_durable, check_ephemeral,
};
use analytics_testkit::servers::{PrivateRedis, ephemeral_redis_url, redis_url};

use crate::redis_servers::{server, soon};

fn connect(url: &str) -> SharedConnection {
    server(url).shared()
}

fn connect_as(redis: &PrivateRedis, user: &str) -> SharedConnection {
    connect(&format!("redis://{user}:secret@127.0.0.1:{}", redis.port()))
}

async fn run(redis: &PrivateRedis, command: &[&str]) {
    let mut words = redis::Cmd::new();
    words.arg(command);
    let _: redis::Value = connect(&redis.url()).query(&words).await.expect("the server obeys");
}

async fn set(redis: &PrivateRedis, setting: &str, value: &str) {
    run(redis, &["CONFIG", "SET", setting, value]).await;
}

fn refusal(answer: Result<(), RequirementError>) -> String {
    match answer {
        Err(error @ RequirementError::Refused(_)) => {
            assert!(!error.is_temporary());
            error.to_string()
        }
        other => panic!("not refused: {other:?}"),
    }
}

async fn refused_as_durable(redis: &PrivateRedis) -> String {
    refusal(check_durable(&connect(&redis.url()), Safety::Required).await)
}

async fn refused_as_ephemeral(redis: &PrivateRedis) -> String {
    refusal(check_ephemeral(&connect(&redis.url()), Safety::Required).await)
}

fn assert_says(text: &str, all: &[&str]) {
    for said in all {
        assert!(text.contains(said), "`{said}` is missing in: {text}");
    }
}

#[tokio::test]
async fn servers_that_are_set_up_well_pass() {
    let (durable, ephemeral) = (connect(&redis_url()), connect(&ephemeral_redis_url()));
    assert_eq!(check_apart(&durable, &ephemeral, Safety::Required).await, Ok(()));
    assert_eq!(check_durable(&durable, Safety::Required).await, Ok(()));
    assert_eq!(check_ephemeral(&ephemeral, Safety::Required).await, Ok(()));
}

#[tokio::test]
async fn everything_that_may_lose_the_log_is_said_at_once_and_with_its_remedy() {
    let redis = PrivateRedis::start(&["--no-appendfsync-on-rewrite", "yes", "--maxmemory-policy", "allkeys-lru"]);
    let said = refused_as_durable(&redis).await;
    assert_says(
        &said,
        &[
            &format!("127.0.0.1:{} is not fit for the event log", redis.port()),
            "`appendonly` is `no`: everything acknowledged would be lost",
            "`appendfsync` is `everysec`: events acknowledged a moment ago would be lost",
            "`no-appendfsync-on-rewrite` is `yes`",
            "`maxmemory-policy` is `allkeys-lru`",
            "Run `CONFIG SET appendfsync always`, and start it with `--appendfsync always`",
            "a restart would undo",
            "`unsafe_allow_log_loss`",
        ],
    );
    // Each one done as it was told, one after the other.
    for (setting, value) in [
        ("appendonly", "yes"),
        ("appendfsync", "always"),
        ("no-appendfsync-on-rewrite", "no"),
        ("maxmemory-policy", "noeviction"),
    ] {
        assert_says(&refused_as_durable(&redis).await, &[&format!("`CONFIG SET {setting} {value}`")]);
        set(&redis, setting, value).await;
    }
    let connection = connect(&redis.url());
    assert_eq!(check_durable(&connection, Safety::Required).await, Ok(()));
    // And undone while it runs.
    set(&redis, "appendfsync", "everysec").await;
    let said = refused_as_durable(&redis).await;
    assert_eq!(said.matches("\n- ").count(), 1, "{said}");
    assert_eq!(check_durable(&connection, Safety::Waived).await, Ok(()));
}

#[tokio::test]
async fn everything_that_may_keep_salts_is_said_at_once_and_with_its_remedy() {
    let redis = PrivateRedis::start(&[
        "--appendonly",
        "yes",
        "--save",
        "3600 1",
        "--shutdown-on-sigterm",
        "save force",
        "--shutdown-on-sigint",
        "save",
    ]);
    let said = refused_as_ephemeral(&redis).await;
    assert_says(
        &said,
        &[
            "is not fit for salts, which must never reach a disk",
            "`appendonly` is `yes`",
            "`save` is `3600 1`",
            "`shutdown-on-sigterm` is `save force`",
            "`shutdown-on-sigint` is `save`",
            "`unsafe_allow_salts_on_disk`",
        ],
    );
    let connection = connect(&redis.url());
    assert_eq!(check_ephemeral(&connection, Safety::Waived).await, Ok(()));
    for (setting, value) in
        [("appendonly", "no"), ("save", ""), ("shutdown-on-sigterm", "default"), ("shutdown-on-sigint", "default")]
    {
        let shown = if value.is_empty() { "\"\"" } else { value };
        assert_says(&refused_as_ephemeral(&redis).await, &[&format!("`CONFIG SET {setting} {shown}`")]);
        set(&redis, setting, value).await;
    }
    assert_eq!(check_ephemeral(&connection, Safety::Required).await, Ok(()));
    set(&redis, "save", "60 1").await;
    refused_as_ephemeral(&redis).await;
}

#[tokio::test]
async fn an_ephemeral_server_that_evicts_is_of_no_use_whatever_is_waived() {
    let redis = PrivateRedis::start(&["--maxmemory-policy", "volatile-ttl"]);
    let said = refusal(check_ephemeral(&connect(&redis.url()), Safety::Waived).await);
    assert_says(&said, &["`maxmemory-policy` is `volatile-ttl`", "CONFIG SET maxmemory-policy noeviction"]);
    assert!(!said.contains("unsafe_allow"), "{said}");
}

#[tokio::test]
async fn snapshots_that_were_written_or_read_are_noticed() {
    let mut redis = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    let connection = connect(&redis.url());
    run(&redis, &["SET", "some", "salt"]).await;
    assert_eq!(check_ephemeral(&connection, Safety::Required).await, Ok(()));
    run(&redis, &["SAVE"]).await;
    assert_says(&refused_as_ephemeral(&redis).await, &["has written a snapshot", "/dump.rdb and its copies"]);
    redis.restart();
    assert_says(&refused_as_ephemeral(&redis).await, &["was started with 1 keys from a snapshot"]);
}

#[tokio::test]
async fn a_replica_is_refused_for_both_and_its_primary_for_salts() {
    let primary = PrivateRedis::start(PrivateRedis::DURABLE);
    let replica = PrivateRedis::start(&["--replicaof", "127.0.0.1", &primary.port().to_string()]);
    let names_primary = format!("is a replica of 127.0.0.1:{}", primary.port());
    assert_says(&refused_as_ephemeral(&replica).await, &[&names_primary, "REPLICAOF NO ONE"]);
    let waived = refusal(check_durable(&connect(&replica.url()), Safety::Waived).await);
    assert_says(&waived, &[&names_primary]);
    // It has asked its primary for a copy by now, or is about to.
    let is_noticed = async {
        while !refused_as_ephemeral(&primary).await.contains("it has 1 replica(s)") {
            tokio::task::yield_now().await;
        }
    };
    soon(is_noticed).await;
    assert_eq!(check_durable(&connect(&primary.url()), Safety::Required).await, Ok(()), "a copy of the log is welcome");
}

#[tokio::test]
async fn a_server_that_does_not_show_its_settings_is_refused() {
    let renamed = PrivateRedis::start(&["--rename-command", "CONFIG", "\"\""]);
    assert_says(&refused_as_durable(&renamed).await, &["its settings cannot be read", "unknown command"]);

    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    for (user, forbidden) in [("no-config", "-config"), ("no-info", "-info")] {
        run(&redis, &["ACL", "SETUSER", user, "on", ">secret", "~*", "&*", "+@all", forbidden]).await;
        let connection = connect_as(&redis, user);
        let said = refusal(check_durable(&connection, Safety::Required).await);
        assert_says(&said, &["its settings cannot be read", "permissions", "+config|get", "`unsafe_allow_log_loss`"]);
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(check_durable(&connection, Safety::Waived).await, Ok(()));
    }
    let allowed = ["on", ">secret", "~*", "&*", "-@all", "+ping", "+info", "+config|get"];
    run(&redis, &[["ACL", "SETUSER", "just-enough"].as_slice(), &allowed].concat()).await;
    assert_eq!(check_durable(&connect_as(&redis, "just-enough"), Safety::Required).await, Ok(()));
}

#[tokio::test]
async fn one_server_for_both_is_refused_under_whatever_name() {
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let durable = connect(&redis.url());
    let same = connect(&format!("redis://localhost:{}/1", redis.port()));
    let said = refusal(check_apart(&durable, &same, Safety::Required).await);
    assert_says(&said, &["names the same server", "`redis_url`", "`ephemeral_redis_url`", "second Redis"]);
    assert_eq!(check_apart(&durable, &same, Safety::Waived).await, Ok(()));
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_refused() {
    let absent = connect("redis://127.0.0.1:1");
    let redis = PrivateRedis::start(&["--requirepass", "right"]);
    let wrong = connect(&format!("redis://:wrong@127.0.0.1:{}", redis.port()));
    for (connection, is_temporary) in [(absent, true), (wrong, false)] {
        let answer = check_durable(&connection, Safety::Waived).await;
        let Err(error @ RequirementError::Redis(_)) = answer else { panic!("{answer:?}") };
        assert_eq!(error.is_temporary(), is_temporary, "{error}");
    }
}
