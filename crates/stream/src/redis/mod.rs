//! The implementations on Redis, for roles that run as services of their own.

mod connection;
mod error;

pub use connection::{DedicatedConnection, RedisServer, SharedConnection};
pub use error::RedisError;
