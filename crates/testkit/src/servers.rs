//! TimescaleDB and Redis for tests: shared ones, where each test uses a database or a prefix of its own, and private ones, which a
//! test may kill, stop and configure.

mod postgres;
mod process;
mod redis;

use std::path::{Path, PathBuf};

pub use self::{postgres::PrivatePostgres, process::free_port, redis::PrivateRedis};

/// Where tests make databases of their own, as superuser: `DATABASE_URL`, or the server that `make servers` started.
///
/// # Panics
///
/// When there is neither.
#[must_use]
pub fn database_url() -> String {
    url("DATABASE_URL")
}

/// The shared durable Redis: `REDIS_URL`, or the one that `make servers` started.
///
/// # Panics
///
/// When there is neither.
#[must_use]
pub fn redis_url() -> String {
    url("REDIS_URL")
}

/// The shared ephemeral Redis: `EPHEMERAL_REDIS_URL`, or the one that `make servers` started.
///
/// # Panics
///
/// When there is neither.
#[must_use]
pub fn ephemeral_redis_url() -> String {
    url("EPHEMERAL_REDIS_URL")
}

fn url(name: &str) -> String {
    let given = std::env::var(name).ok().filter(|url| !url.is_empty());
    given.or_else(|| url_of_running(name)).unwrap_or_else(|| {
        panic!("{name} is not set and no servers run here: type `make servers`, or `make test` for everything")
    })
}

/// What the servers of `make servers` say of themselves while they run.
fn url_of_running(name: &str) -> Option<String> {
    let env = std::fs::read_to_string(repository().join(".cache/servers/run/env")).ok()?;
    let assignment =
        |line: &str| line.strip_prefix("export ")?.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
    env.lines().find_map(assignment)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
