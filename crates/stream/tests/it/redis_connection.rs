//! What people are told when Redis cannot be used, and that connections come back by themselves.

use std::time::Duration;

use analytics_stream::redis::{RedisError, RedisServer, SharedConnection};
use analytics_testkit::servers::{PrivateRedis, free_port, redis_url};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

fn connection(url: &str) -> SharedConnection {
    RedisServer::parse(url).expect("an address").shared()
}

async fn ping(connection: &SharedConnection) -> Result<String, RedisError> {
    connection.query(&redis::cmd("PING")).await
}

async fn error_at(url: &str) -> RedisError {
    ping(&connection(url)).await.expect_err("it cannot be used")
}

#[test]
fn an_address_that_is_none_is_refused_without_quoting_it() {
    for url in
        ["", "127.0.0.1:6379", "http://user:secret@host", "redis://", "redis://:secret@host/x", "redis://0.0.0.0"]
    {
        let error = RedisServer::parse(url).map(drop).expect_err(url);
        assert!(matches!(error, RedisError::InvalidUrl { .. }) && !error.is_temporary(), "{url}: {error:?}");
        let message = error.to_string();
        assert!(message.contains("use redis://") && !message.contains("secret"), "{message}");
    }
}

#[tokio::test]
async fn a_password_that_is_wrong_or_missing_is_nothing_that_time_heals() {
    let redis = PrivateRedis::start(&["--requirepass", "the-right-one"]);
    let with = |credentials: &str| format!("redis://{credentials}127.0.0.1:{}", redis.port());
    assert_eq!(ping(&connection(&with(":the-right-one@"))).await.as_deref(), Ok("PONG"));
    for (credentials, reason) in [("", "it asks for a password"), (":the-wrong-one@", "wrong user or password")] {
        let error = error_at(&with(credentials)).await;
        let address = format!("127.0.0.1:{}", redis.port());
        assert_eq!(error, RedisError::AccessRefused { address, reason: reason.to_owned() });
        assert!(!error.is_temporary());
        let shown = format!("{error} {error:?} {:?}", RedisServer::parse(&with(credentials)));
        assert!(!shown.contains("wrong-one"), "{shown}");
    }
}

#[tokio::test]
async fn a_password_that_becomes_right_is_used() {
    let redis = PrivateRedis::start(&[]);
    let connection = connection(&format!("redis://:new@127.0.0.1:{}", redis.port()));
    let refused = ping(&connection).await;
    assert!(matches!(refused, Err(RedisError::AccessRefused { .. })), "{refused:?}");
    let admin = self::connection(&redis.url());
    let set = redis::cmd("CONFIG").arg("SET").arg("requirepass").arg("new").to_owned();
    let () = admin.query(&set).await.expect("the server answers");
    until_ping(&connection).await;
}

#[tokio::test]
async fn nobody_there_is_temporary_and_names_the_place() {
    let port = free_port();
    let error = error_at(&format!("redis://127.0.0.1:{port}")).await;
    assert!(matches!(error, RedisError::Unreachable { .. }) && error.is_temporary(), "{error:?}");
    assert!(error.to_string().starts_with(&format!("Redis at 127.0.0.1:{port} cannot be reached")), "{error}");
}

#[tokio::test]
async fn a_server_without_a_free_connection_is_temporary() {
    let redis = PrivateRedis::start(&["--maxclients", "1"]);
    let first = connection(&redis.url());
    until_ping(&first).await;
    let error = error_at(&redis.url()).await;
    assert!(matches!(error, RedisError::Unreachable { .. }) && error.is_temporary(), "{error:?}");
}

#[tokio::test]
async fn something_else_there_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it has one").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            let _bytes = stream.read(&mut asked).await;
            let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = error_at(&format!("redis://127.0.0.1:{port}")).await;
    assert_eq!(error, RedisError::NotRedis { address: format!("127.0.0.1:{port}") });
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn tls_to_a_server_without_is_an_error() {
    let error = error_at(&redis_url().replace("redis://", "rediss://")).await;
    assert!(matches!(error, RedisError::Unreachable { .. } | RedisError::TimedOut { .. }), "{error:?}");
}

#[tokio::test]
async fn a_refused_command_is_told_without_its_arguments() {
    let connection = connection(&redis_url());
    for command in [redis::cmd("NOSUCHCOMMAND").arg("secret"), redis::cmd("GET").arg("secret").arg("secret")] {
        let error = connection.query::<()>(command).await.expect_err("it is no command");
        assert!(matches!(error, RedisError::Refused { .. }) && !error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_comes_back_when_the_server_does() {
    let mut redis = PrivateRedis::start(&[]);
    let connection = connection(&redis.url());
    until_ping(&connection).await;
    redis.kill_hard();
    let gone = ping(&connection).await;
    assert!(matches!(gone, Err(RedisError::Unreachable { .. })), "{gone:?}");
    redis.restart();
    until_ping(&connection).await;
}

#[tokio::test]
async fn a_server_that_hangs_is_not_waited_for_for_ever() {
    let redis = PrivateRedis::start(&[]);
    let connection = connection(&redis.url());
    until_ping(&connection).await;
    redis.pause();
    let hung = ping(&connection).await;
    assert!(matches!(hung, Err(RedisError::TimedOut { .. })), "{hung:?}");
    redis.resume();
    until_ping(&connection).await;
}

async fn until_ping(connection: &SharedConnection) {
    let answered = async {
        while ping(connection).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), answered).await.expect("it answers again");
}
