//! Keys of one's own on the Redis servers that all tests share.

use std::time::Duration;

use analytics_stream::redis::RedisServer;
use rand::RngExt;

pub(crate) fn server(url: &str) -> RedisServer {
    RedisServer::parse(url).expect("an address of Redis")
}

/// Waits for what has to happen, so that a test fails in which it does not.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it did not happen within a minute")
}

/// A name that nobody else has.
pub(crate) fn fresh_name() -> String {
    format!("test-{:032x}", rand::rng().random::<u128>())
}

/// A prefix that nobody else has. Its keys go with it.
pub(crate) struct FreshPrefix {
    url: String,
    prefix: String,
}

impl FreshPrefix {
    pub(crate) fn on(url: String) -> Self {
        Self { url, prefix: fresh_name() }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.prefix
    }

    /// What is there, in order.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut connection = self.connection();
        let mut scan = redis::cmd("SCAN");
        scan.cursor_arg(0).arg("MATCH").arg(format!("{}:*", self.prefix)).arg("COUNT").arg(1000);
        let found = scan.iter::<String>(&mut connection).expect("the server answers");
        let mut keys: Vec<String> = found.map(|key| key.expect("keys are text")).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Destroys what is there, as a restart of a server does that keeps nothing.
    pub(crate) fn wipe(&self) {
        let keys = self.keys();
        if !keys.is_empty() {
            let () = redis::cmd("UNLINK").arg(keys).query(&mut self.connection()).expect("the server answers");
        }
    }

    pub(crate) fn connection(&self) -> redis::Connection {
        let client = redis::Client::open(self.url.as_str()).expect("an address of Redis");
        client.get_connection().expect("the server is there")
    }
}

impl Drop for FreshPrefix {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.wipe();
        }
    }
}
