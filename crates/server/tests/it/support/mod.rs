//! A server of one test, and commands against it.

mod command;
mod server;

pub(crate) use command::analytics;
pub(crate) use server::Server;
