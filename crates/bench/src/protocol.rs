//! What the bench says to the two sides that it measures: a line of JSON to a process, and a line back. Both sides take their times
//! themselves, so that nothing of the way between the processes is in them.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::{answer::Table, process};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(crate) enum Request {
    /// Take the rows in.
    Load {
        /// How.
        sql: String,
    },
    /// Forget whatever was kept in memory.
    Reset,
    /// Answer a question.
    Ask {
        /// Its name.
        question: String,
        /// The same in SQL.
        sql: String,
    },
    /// Say what you are, as pairs of a name and a value.
    Versions,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// How long it took.
    pub(crate) seconds: f64,
    /// How long all threads together computed.
    pub(crate) cpu_seconds: f64,
    /// The answer.
    pub(crate) rows: Table,
    /// The memory of the process afterwards.
    pub(crate) resident_bytes: u64,
    /// The most that it ever was.
    pub(crate) peak_resident_bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Reply(Reply),
    Failure { error: String },
}

/// A process that answers requests. It ends when this is dropped.
pub(crate) struct Side {
    name: &'static str,
    child: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
}

impl Side {
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} cannot be started with {:?}", command.get_program()))?;
        let requests = child.stdin.take();
        let replies = BufReader::new(child.stdout.take().context("its output is piped")?);
        Ok(Self { name, child, requests, replies })
    }

    /// Sends a request and waits for its reply.
    pub(crate) fn request(&mut self, request: &Request) -> Result<Reply> {
        self.exchange(request).with_context(|| format!("{} failed", self.name))
    }

    fn exchange(&mut self, request: &Request) -> Result<Reply> {
        let requests = self.requests.as_mut().context("its input is piped")?;
        writeln!(requests, "{}", serde_json::to_string(request)?)?;
        let mut line = String::new();
        if self.replies.read_line(&mut line)? == 0 {
            bail!("it ended: {}", self.child.wait()?);
        }
        match serde_json::from_str(&line)? {
            Line::Reply(reply) => Ok(reply),
            Line::Failure { error } => bail!(error),
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // The end of its input ends it; what it holds on disk is whole when the next one opens it.
        self.requests = None;
        let _ = self.child.wait();
    }
}

/// The other end: answers requests on standard input until it ends.
pub(crate) fn serve(mut answer: impl FnMut(&Request) -> Result<Table>) -> Result<()> {
    for line in std::io::stdin().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let (began, began_cpu) = (Instant::now(), process::cpu_seconds());
        let answer = answer(&request);
        let (seconds, cpu_seconds) = (began.elapsed().as_secs_f64(), process::cpu_seconds() - began_cpu);
        let line = match answer {
            Err(error) => Line::Failure { error: format!("{error:#}") },
            Ok(rows) => {
                let (resident_bytes, peak_resident_bytes) = process::resident_bytes();
                Line::Reply(Reply { seconds, cpu_seconds, rows, resident_bytes, peak_resident_bytes })
            }
        };
        println!("{}", serde_json::to_string(&line)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_spelled_as_the_python_side_expects() {
        let ask = Request::Ask { question: "totals".to_owned(), sql: "SELECT 1".to_owned() };
        let spelled = |request| serde_json::to_string(&request).expect("json");
        assert_eq!(spelled(ask), r#"{"op":"ask","question":"totals","sql":"SELECT 1"}"#);
        assert_eq!(spelled(Request::Reset), r#"{"op":"reset"}"#);
    }

    #[test]
    fn a_side_that_says_why_it_fails_or_just_ends_is_told_by_its_name() {
        let failing = |script: &str| {
            let mut side = Side::start("Peer", Command::new("sh").args(["-c", script])).expect("a shell");
            format!("{:#}", side.request(&Request::Reset).expect_err("no reply"))
        };
        assert_eq!(failing(r#"read line; echo '{"error":"no table"}'"#), "Peer failed: no table");
        assert!(failing("read line; exit 3").contains("exit status: 3"));
    }
}
