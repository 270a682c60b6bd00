//! The platform of one test, and commands against it.

mod command;
mod deployment;
mod http;
mod process;
mod server;
mod service;
mod slow_disk;
mod stack;
mod truth;

use std::thread;

pub(crate) use command::{Outcome, analytics, analytics_with, outcome_of};
pub(crate) use deployment::{Deployment, in_both_modes};
pub(crate) use http::{get, metric, wait_until_ready_is, wait_until_ready_says};
pub(crate) use process::ServerProcess;
pub(crate) use server::{Home, Server};
pub(crate) use service::Service;
pub(crate) use slow_disk::SlowDisk;
pub(crate) use stack::{Backends, Counts, PrivateServers, Stack, settings_of};
pub(crate) use truth::{StoredEvent, Truth, streams, unacknowledged_entries};

/// Waits for something asynchronous, whether or not the caller is itself.
pub(crate) fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join().expect("it told why it failed"))
}
