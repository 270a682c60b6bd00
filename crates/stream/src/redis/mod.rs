//! The implementations on Redis, for roles that run as services of their own.

mod connection;
mod ephemeral;
mod error;
mod notifier;

pub use connection::{DedicatedConnection, RedisServer, SharedConnection};
pub use ephemeral::RedisEphemeralStore;
pub use error::RedisError;
pub use notifier::{RedisNotifier, RedisNotifierOptions};
