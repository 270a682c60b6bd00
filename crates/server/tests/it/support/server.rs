//! A server process over a data directory of its own.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{Outcome, command, outcome_of};

/// A running server. It is killed when dropped.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    management: SocketAddr,
    home: Home,
    said: Arc<Mutex<String>>,
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
        let mut serve = command(["serve", "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0"]);
        serve.args(["--log-format", "json", "--data-dir"]).arg(self.data_dir());
        serve.arg("--set").arg(format!("ephemeral_dir={}", self.ephemeral.path().join("salts").display()));
        serve
    }
}

impl Server {
    /// A server that never ran before.
    pub(crate) fn start() -> Self {
        Self::start_in(Home::new())
    }

    /// A server over directories that an earlier one may have left.
    pub(crate) fn start_in(home: Home) -> Self {
        let serve = home.serve_command();
        Self::start_by(home, serve)
    }

    /// A server whose data directory lies on a small disk of its own, which ends with it. Takes root or user namespaces.
    pub(crate) fn start_on_small_disk(size: &str) -> Self {
        let home = Home::new();
        let serve = home.serve_command();
        let mut small = Command::new("unshare");
        // Root needs no user namespace, and in a chroot gets none.
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        small.args((!is_root).then_some("--map-root-user")).args(["--mount", "sh", "-c"]);
        small.arg(format!("mount -t tmpfs -o size={size} small \"$0\" && exec \"$@\""));
        small.arg(home.data.path()).arg(serve.get_program()).args(serve.get_args());
        for (name, value) in serve.get_envs() {
            match value {
                Some(value) => small.env(name, value),
                None => small.env_remove(name),
            };
        }
        Self::start_by(home, small)
    }

    fn start_by(home: Home, mut serve: Command) -> Self {
        let mut child = serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let (ready, when_ready) = mpsc::channel();
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        // Reads on to the end, so that the server never waits for its log to be read.
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let entry: Value = serde_json::from_str(&line).unwrap_or_default();
                if entry["message"] == "ready" {
                    let _ = ready.send(Ok(entry));
                }
                let mut heard = heard.lock().expect("nobody panics with it");
                heard.push_str(&line);
                heard.push('\n');
            }
            let _ = ready.send(Err(heard.lock().expect("nobody panics with it").clone()));
        });
        let entry = match when_ready.recv().expect("the reader says how it ended") {
            Ok(entry) => entry,
            Err(said) => panic!("the server did not become ready: {said}"),
        };
        let address = |field: &str| entry[field].as_str().expect("an address").parse().expect("an address");
        Self { child, address: address("address"), management: address("management_address"), home, said }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn management(&self) -> SocketAddr {
        self.management
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.said.lock().expect("nobody panics with it").clone()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The data directory, as the server sees it.
    pub(crate) fn data_dir(&self) -> PathBuf {
        let seen = self.home.data_dir();
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(seen.strip_prefix("/").expect("absolute"))
    }

    pub(crate) fn admin_key(&self) -> String {
        let path = self.data_dir().join("admin-key");
        std::fs::read_to_string(path).expect("the first start writes it").trim().to_owned()
    }

    /// A command of the binary against this server, by its admin key.
    pub(crate) fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = command(arguments);
        command.arg("--endpoint").arg(self.endpoint()).arg("--data-dir").arg(self.data_dir());
        command
    }

    /// Runs a command against this server to its end.
    pub(crate) fn analytics(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        outcome_of(self.command(arguments))
    }

    /// Runs a command by another key.
    pub(crate) fn analytics_by(&self, key: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        let mut command = self.command(arguments);
        command.env("ANALYTICS_API_KEY", key);
        outcome_of(command)
    }

    /// Creates a project.
    pub(crate) fn create_project(&self, name: &str, time_zone: &str) {
        self.analytics(["project", "create", name, "--time-zone", time_zone]).success();
    }

    /// Imports an access log and returns the summary.
    pub(crate) fn import_log(&self, log: &Path, project: &str, more: &[&str]) -> Value {
        let arguments = ["import", "access-log"].map(OsStr::new).into_iter().chain([log.as_os_str()]);
        let arguments = arguments.chain(["--project", project, "--json"].map(OsStr::new));
        self.analytics(arguments.chain(more.iter().map(OsStr::new))).json()
    }

    /// Ends the process at once, as a power cut would, and keeps its directories.
    pub(crate) fn kill(mut self) -> Home {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        std::mem::replace(&mut self.home, Home::new())
    }

    /// Asks the process to stop and waits for it: its exit code, and its directories.
    pub(crate) fn stop(mut self) -> (Option<i32>, Home) {
        // The shell has a `kill` of its own; a program of that name is not everywhere.
        let terminated = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &self.child.id().to_string()]).status();
        assert!(terminated.expect("a shell").success());
        let status = self.child.wait().expect("it ends");
        (status.code(), std::mem::replace(&mut self.home, Home::new()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
