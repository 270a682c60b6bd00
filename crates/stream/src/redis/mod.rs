//! The implementations on Redis, for roles that run as services of their own.

mod agreement;
mod backoff;
mod connection;
mod ephemeral;
mod error;
mod log;
mod notifier;
mod requirements;
mod trace;

pub use agreement::agree;
pub use connection::{DedicatedConnection, RedisServer, SharedConnection};
pub use ephemeral::{RedisEphemeralOptions, RedisEphemeralStore};
pub use error::RedisError;
pub use log::{Backlog, LogOpenError, RedisConsumer, RedisLog, RedisLogOptions, RedisShards};
pub use notifier::{RedisNotifier, RedisNotifierOptions};
pub use requirements::{Refused, RequirementError, Safety, check_apart, check_durable, check_ephemeral};
pub use trace::RedisTraceLog;
