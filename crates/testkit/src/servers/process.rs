//! A server process of one test.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    net::TcpListener,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU16, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

/// A server that said it is ready. It is killed when dropped, and ends with this process however that ends.
#[derive(Debug)]
pub(super) struct ServerProcess {
    child: Child,
    log: File,
}

/// A server takes some 200 ms to become ready.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// A command of `infrastructure/local/servers.sh`, which ends with this process. So does the server that it becomes.
pub(super) fn servers_command(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(super::repository().join("infrastructure/local/servers.sh"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// The same command with a small disk over a directory, such as `80m`, that ends with it. Takes root.
pub(super) fn on_small_disk(size: &str, directory: &Path, command: &Command) -> Command {
    let mut small = Command::new("setpriv");
    small.args(["--pdeathsig", "KILL", "unshare", "--mount", "sh", "-c"]);
    small.arg(r#"mount -t tmpfs -o "size=$0" small "$1" && shift && exec "$@""#).arg(size).arg(directory);
    small.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    small
}

/// Starts a server and waits until it says `ready`.
///
/// # Errors
///
/// What it said, when it ended instead.
pub(super) fn start(mut command: Command, ready: &str) -> Result<ServerProcess, String> {
    // A file, for what a server has said before it answers a client is in there at once; in a pipe it would still be on its way.
    let log = tempfile::tempfile().expect("a file");
    let output = || log.try_clone().expect("it is open");
    command.stdout(output()).stderr(output());
    let child =
        spawn(command).unwrap_or_else(|error| panic!("setpriv does not start; on Debian it is in util-linux: {error}"));
    let mut server = ServerProcess { child, log };
    loop {
        let ended = server.child.try_wait().expect("it was started").is_some();
        let said = server.said();
        if said.contains(ready) {
            return Ok(server);
        } else if ended {
            return Err(said);
        }
        thread::sleep(BETWEEN_LOOKS);
    }
}

impl ServerProcess {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A directory as the server sees it, from outside.
    pub(super) fn seen(&self, directory: &Path) -> PathBuf {
        let root = Path::new("/proc").join(self.pid().to_string()).join("root");
        root.join(directory.strip_prefix("/").expect("absolute"))
    }

    pub(super) fn said(&self) -> String {
        let mut said = vec![0; self.log.metadata().expect("it is open").len() as usize];
        // At a position of its own: the servers write at that of the file.
        self.log.read_exact_at(&mut said, 0).expect("a log only grows");
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Stops the server and its processes where they are: connections stay and nothing answers. They stand on return.
    pub(super) fn pause(&self) {
        // The server first: it starts no more of them then.
        stop(self.pid());
        children_of(self.pid()).into_iter().for_each(stop);
    }

    pub(super) fn resume(&self) {
        for pid in children_of(self.pid()) {
            signal(pid, Signal::CONT);
        }
        signal(self.pid(), Signal::CONT);
    }

    /// Ends the server and its processes at once, as a power cut would.
    pub(super) fn kill(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let children = children_of(self.pid());
        self.child.kill().expect("it runs");
        for pid in children {
            signal(pid, Signal::KILL);
        }
        self.child.wait().expect("it ends");
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A process that has ended meanwhile is no failure.
fn signal(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).expect("an id of a process");
    let _ = kill_process(pid, signal);
}

/// Returns when the process stands still or is gone.
fn stop(pid: u32) {
    signal(pid, Signal::STOP);
    while stat_of(pid).is_some_and(|stat| stat.state != "T" && stat.state != "Z") {
        thread::yield_now();
    }
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("Linux").flatten();
    let ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    ids.filter(|pid| stat_of(*pid).is_some_and(|stat| stat.parent == parent)).collect()
}

struct Stat {
    state: String,
    parent: u32,
}

/// What the kernel says of a process; none when it is gone.
fn stat_of(pid: u32) -> Option<Stat> {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    // The name stands in parentheses and may hold anything; the state and the parent follow.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some(Stat { state: fields.next()?.to_owned(), parent: fields.next()?.parse().ok()? })
}

/// Starts a process from a thread that stays as long as this process: the kernel ends servers when the thread that started them
/// ends, and each test has a thread of its own.
fn spawn(command: Command) -> io::Result<Child> {
    type Request = (Command, mpsc::Sender<io::Result<Child>>);
    static STARTER: LazyLock<mpsc::Sender<Request>> = LazyLock::new(|| {
        let (starter, requests) = mpsc::channel::<Request>();
        thread::spawn(move || {
            for (mut command, reply) in requests {
                let _ = reply.send(command.spawn());
            }
        });
        starter
    });
    let (reply, child) = mpsc::channel();
    STARTER.send((command, reply)).expect("the thread stays");
    child.recv().expect("the thread answers")
}

/// A port that was free a moment ago. It lies below the range of outgoing connections, which would take it between the end of a
/// server and its next start.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Several test processes at once begin in different places.
    let begin = (std::process::id() % 100) as u16 * 100;
    let ports = std::iter::repeat_with(|| 10_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000);
    ports
        .take(10_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("one of ten thousand is free")
}
