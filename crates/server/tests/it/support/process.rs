//! A server process of the binary, and what it logs.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use serde_json::Value;

/// A process that logs JSON lines. It is killed when dropped.
pub(crate) struct ServerProcess {
    child: Child,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    log: Mutex<Log>,
    more: Condvar,
}

#[derive(Default)]
struct Log {
    text: String,
    entries: Vec<Value>,
    has_ended: bool,
}

impl ServerProcess {
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let heard = Arc::<Heard>::default();
        let listener = Arc::clone(&heard);
        // Reads on to the end, so that the process never waits for its log to be read.
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                listener.add(&line);
            }
            listener.log().has_ended = true;
            listener.more.notify_all();
        });
        Self { child, heard }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.heard.log().text.clone()
    }

    /// Waits until it logs an entry of which this holds, and returns the first.
    pub(crate) fn wait_for(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut log = self.heard.log();
        loop {
            if let Some(entry) = log.entries.iter().find(|entry| is_it(entry)) {
                return entry.clone();
            }
            assert!(!log.has_ended, "it ended instead: {}", log.text);
            log = self.heard.more.wait(log).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        // The shell has a `kill` of its own; a program of that name is not everywhere.
        let sent = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &self.id().to_string()]).status();
        assert!(sent.expect("a shell").success());
    }

    /// Waits until it ends by itself: its exit code.
    pub(crate) fn end(&mut self) -> Option<i32> {
        let code = self.child.wait().expect("it ends").code();
        // What it said last may still be on its way.
        let mut log = self.heard.log();
        while !log.has_ended {
            log = self.heard.more.wait(log).unwrap_or_else(PoisonError::into_inner);
        }
        code
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- log of process {}:\n{}", self.id(), self.log());
        }
    }
}

impl Heard {
    fn log(&self) -> MutexGuard<'_, Log> {
        // A test that failed while it waited shows the log all the same.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: &str) {
        let mut log = self.log();
        log.text.push_str(line);
        log.text.push('\n');
        log.entries.push(serde_json::from_str(line).unwrap_or_default());
        self.more.notify_all();
    }
}
