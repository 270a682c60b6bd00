//! Running the binary to its end.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

use serde_json::Value;

/// What a finished command left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Its standard output, after it succeeded.
    pub(crate) fn success(self) -> String {
        assert_eq!(self.code, Some(0), "the command failed: {}", self.stderr);
        self.stdout
    }

    /// Its standard output as JSON, after it succeeded.
    pub(crate) fn json(self) -> Value {
        let text = self.success();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}"))
    }

    /// What it said on standard error, after it failed with exit code 1.
    pub(crate) fn failure(self) -> String {
        assert_eq!(self.code, Some(1), "it should have failed: {}{}", self.stdout, self.stderr);
        self.stderr
    }
}

/// A command of the binary that knows nothing of this machine's own settings.
pub(crate) fn command(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_analytics"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANALYTICS_")) {
        command.env_remove(name);
    }
    command
}

/// A command of the binary with settings by their names.
pub(crate) fn analytics_with(arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = command(arguments);
    command.envs(settings.iter().map(|(name, value)| (format!("ANALYTICS_{}", name.to_uppercase()), value)));
    command
}

/// Runs the binary to its end.
pub(crate) fn analytics(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
    outcome_of(command(arguments))
}

/// Runs a command to its end.
pub(crate) fn outcome_of(mut command: Command) -> Outcome {
    let output = command.output().expect("the binary was built");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
