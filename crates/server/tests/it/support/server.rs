//! `analytics serve` over a data directory of its own.

use std::{
    net::SocketAddr,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use super::{command::command, deployment::Deployment, process::ServerProcess, truth::Truth};

/// A running server. It is killed when dropped.
pub(crate) struct Server {
    process: ServerProcess,
    address: SocketAddr,
    management: SocketAddr,
    home: Home,
}

/// What outlives a server process: its directories.
pub(crate) struct Home {
    data: TempDir,
    /// In memory, as the product asks: salts must not reach a disk.
    ephemeral: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let ephemeral = tempfile::Builder::new().prefix("analytics-test-").tempdir_in("/dev/shm").expect("a tmpfs");
        Self { data: TempDir::new().expect("a directory"), ephemeral }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// `analytics serve` over these directories, on free ports.
    pub(crate) fn serve_command(&self) -> Command {
        self.serve_command_on(0)
    }

    fn serve_command_on(&self, port: u16) -> Command {
        let mut serve = command(["serve", "--management-listen", "127.0.0.1:0"]);
        serve.arg("--listen").arg(format!("127.0.0.1:{port}"));
        serve.args(LOG_FLAGS).arg("--data-dir").arg(self.data_dir());
        serve.arg("--set").arg(format!("ephemeral_dir={}", self.ephemeral.path().join("salts").display()));
        serve
    }
}

impl Server {
    /// A server that never ran before.
    pub(crate) fn start() -> Self {
        Self::start_in(Home::new())
    }

    /// A server that never ran before, with more settings by their names.
    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        let home = Home::new();
        let mut serve = home.serve_command();
        serve.args(settings.iter().flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]));
        Self::start_by(home, serve)
    }

    /// A server over directories that an earlier one may have left.
    pub(crate) fn start_in(home: Home) -> Self {
        let serve = home.serve_command();
        Self::start_by(home, serve)
    }

    /// A server over these directories, on a port that it finds again when it is started so once more.
    pub(crate) fn start_on(home: Home, port: u16) -> Self {
        let serve = home.serve_command_on(port);
        Self::start_by(home, serve)
    }

    /// A server whose data directory lies on a small disk of its own, which ends with it. Takes root or user namespaces.
    pub(crate) fn start_on_small_disk(size: &str) -> Self {
        let home = Home::new();
        let serve = on_small_disk(home.data.path(), size, &home.serve_command());
        Self::start_by(home, serve)
    }

    fn start_by(home: Home, serve: Command) -> Self {
        let process = ServerProcess::spawn(serve);
        let (address, management) = addresses_of(&process);
        Self { address, management, process, home }
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }

    /// The data directory, as the server sees it.
    pub(crate) fn data_dir(&self) -> PathBuf {
        let seen = self.home.data_dir();
        let root = PathBuf::from(format!("/proc/{}/root", self.process.id()));
        root.join(seen.strip_prefix("/").expect("absolute"))
    }

    /// Ends the process at once, as a power cut would, and keeps its directories.
    pub(crate) fn kill(mut self) -> Home {
        self.process.kill();
        self.home
    }

    /// Ends the process at once, as a power cut would, and starts it again over the same directories on this port.
    pub(crate) fn kill_and_start_on(&mut self, port: u16) {
        self.process.kill();
        self.process = ServerProcess::spawn(self.home.serve_command_on(port));
        (self.address, self.management) = addresses_of(&self.process);
    }

    /// Asks the process to stop and waits for it: its exit code, and its directories.
    pub(crate) fn stop(mut self) -> (Option<i32>, Home) {
        self.process.terminate();
        (self.process.end(), self.home)
    }
}

impl Deployment for Server {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn management(&self) -> SocketAddr {
        self.management
    }

    fn key_dir(&self) -> PathBuf {
        self.data_dir()
    }

    fn truth(&self) -> Truth {
        Truth::Embedded(self.data_dir().join("analytics.sqlite3"))
    }

    fn wait_for_segments(&self, days: &[String]) {
        for day in days {
            self.process.wait_for(|entry| is_segment_of(day, entry));
        }
    }
}

/// Waits until a server is ready, and returns where it serves and where it tells of itself.
fn addresses_of(process: &ServerProcess) -> (SocketAddr, SocketAddr) {
    let ready = process.wait_for(|entry| entry["message"] == "ready");
    let address = |field: &str| ready[field].as_str().expect("an address").parse().expect("an address");
    (address("address"), address("management_address"))
}

/// What every server logs in tests: JSON, and when it builds segments.
pub(crate) const LOG_FLAGS: [&str; 4] = ["--log-format", "json", "--log-filter", "info,analytics_processor=debug"];

/// Whether an entry of a log tells that a segment of the day was built.
pub(crate) fn is_segment_of(day: &str, entry: &Value) -> bool {
    entry["message"] == "folded a day into a segment" && entry["day"] == day
}

/// The same command with a small disk of its own at `directory`, which ends with it.
pub(crate) fn on_small_disk(directory: &Path, size: &str, command: &Command) -> Command {
    let mut small = Command::new("unshare");
    // Root needs no user namespace, and in a chroot gets none.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    small.args((!is_root).then_some("--map-root-user")).args(["--mount", "sh", "-c"]);
    small.arg(format!("mount -t tmpfs -o size={size} small \"$0\" && exec \"$@\""));
    small.arg(directory).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => small.env(name, value),
            None => small.env_remove(name),
        };
    }
    small
}
