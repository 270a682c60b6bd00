//! One process of one role, which may end and start again on the same ports.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::Command,
};

use analytics_testkit::servers::free_port;
use serde_json::Value;

use super::{command::command, http::metric, process::ServerProcess, server::LOG_FLAGS};

/// A process of a role.
pub(crate) struct Service {
    role: &'static str,
    settings: Vec<(String, String)>,
    address: SocketAddr,
    management: SocketAddr,
    process: Option<ServerProcess>,
}

impl Service {
    /// One that does not run yet, with settings by their names.
    pub(crate) fn new(role: &'static str, settings: Vec<(String, String)>) -> Self {
        let address = || SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        Self { role, settings, address: address(), management: address(), process: None }
    }

    /// Starts the process and does not wait for it.
    pub(crate) fn spawn(&mut self) {
        self.process = Some(ServerProcess::spawn(self.command()));
    }

    /// Starts the process and waits until it is ready.
    pub(crate) fn start(&mut self) {
        self.spawn();
        self.wait_for("ready");
    }

    /// The command that starts it.
    pub(crate) fn command(&self) -> Command {
        let mut command = command([self.role]);
        command.args(LOG_FLAGS).args(["--management-listen", &self.management.to_string()]);
        if self.role != "processor" {
            command.args(["--listen", &self.address.to_string()]);
        }
        for (name, value) in &self.settings {
            command.env(format!("ANALYTICS_{}", name.to_uppercase()), value);
        }
        command
    }

    /// Waits until it logs this message, and returns the entry.
    pub(crate) fn wait_for(&self, message: &str) -> Value {
        self.process().wait_for(|entry| entry["message"] == message)
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.take().expect("it runs").kill();
    }

    /// Asks it to stop and waits until it ends by itself: its exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let mut process = self.process.take().expect("it runs");
        process.terminate();
        process.end()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn management(&self) -> SocketAddr {
        self.management
    }

    /// See [`metric`].
    pub(crate) fn metric(&self, name: &str, labels: &str) -> f64 {
        metric(self.management, name, labels)
    }

    pub(crate) fn process(&self) -> &ServerProcess {
        self.process.as_ref().expect("it runs")
    }
}
