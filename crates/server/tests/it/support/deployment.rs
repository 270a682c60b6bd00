//! What tests do with the platform, however it runs.

use std::{
    ffi::OsStr,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{
    Server, Stack,
    command::{Outcome, command, outcome_of},
    truth::Truth,
};

/// The platform as clients see it: one address, and an admin key.
pub(crate) trait Deployment {
    /// Where clients reach it.
    fn address(&self) -> SocketAddr;

    /// Where health and metrics of whatever has this address are told.
    fn management(&self) -> SocketAddr;

    /// A directory with the file `admin-key`.
    fn key_dir(&self) -> PathBuf;

    /// Waits until segments of these visitor days were built.
    fn wait_for_segments(&self, days: &[String]);

    /// What it stored, past its services.
    fn truth(&self) -> Truth;

    /// Where clients reach it, by any of its gateways.
    fn endpoints(&self) -> Vec<String> {
        vec![self.endpoint()]
    }

    fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    fn admin_key(&self) -> String {
        let path = self.key_dir().join("admin-key");
        std::fs::read_to_string(path).expect("the first start writes it").trim().to_owned()
    }

    /// A command of the binary against it, by its admin key.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.arg("--endpoint").arg(self.endpoint()).arg("--data-dir").arg(self.key_dir());
        command
    }

    /// Runs a command against it to its end.
    fn analytics(&self, arguments: &[&str]) -> Outcome {
        outcome_of(self.command(arguments))
    }

    /// Runs a command by another key.
    fn analytics_by(&self, key: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        command.env("ANALYTICS_API_KEY", key);
        outcome_of(command)
    }

    /// Creates a project.
    fn create_project(&self, name: &str, time_zone: &str) {
        self.analytics(&["project", "create", name, "--time-zone", time_zone]).success();
    }

    /// A command that imports an access log and prints its summary as JSON.
    fn import_command(&self, log: &Path, project: &str, more: &[&str]) -> Command {
        let mut command = self.command(&["import", "access-log", "--project", project, "--json"]);
        command.args(more.iter().map(OsStr::new)).arg(log);
        command
    }

    /// Imports an access log and returns the summary.
    fn import_log(&self, log: &Path, project: &str, more: &[&str]) -> Value {
        outcome_of(self.import_command(log, project, more)).json()
    }
}

/// Runs a test over every way to run the platform.
pub(crate) fn in_both_modes(test: impl Fn(&dyn Deployment)) {
    eprintln!("over the embedded store:");
    test(&Server::start());
    eprintln!("as separate services:");
    test(&Stack::start());
}
