//! A Redis of one test.

use std::ffi::OsStr;

use tempfile::TempDir;

use super::process::{ServerProcess, free_port, servers_command, start};

/// A Redis server that a test may kill, stop and configure. It ends with the test.
#[derive(Debug)]
pub struct PrivateRedis {
    process: ServerProcess,
    data: TempDir,
    port: u16,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl PrivateRedis {
    /// Arguments of a server that loses nothing.
    pub const DURABLE: &[&str] = &["--appendonly", "yes", "--appendfsync", "always"];

    /// Arguments of a server that keeps nothing; the same as none.
    pub const EPHEMERAL: &[&str] = &[];

    /// Starts a server with arguments of `redis-server`, which win over those of an ephemeral one. It is ready on return.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(arguments, &[])
    }

    /// Starts a server like [`start`](Self::start), with more variables in its environment.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    #[must_use]
    pub fn start_in(arguments: &[&str], environment: &[(String, String)]) -> Self {
        let data = TempDir::new().expect("a directory");
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let port = free_port();
        Self {
            process: run(&data, port, &arguments, environment),
            data,
            port,
            arguments,
            environment: environment.to_vec(),
        }
    }

    /// Its address, without a password.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Its log since it was started last.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.said()
    }

    /// Ends it at once, as `kill -9` would. [`restart`](Self::restart) finds what reached its files.
    pub fn kill_hard(&mut self) {
        self.process.kill();
    }

    /// Starts it again, after killing it if it runs, on the same port, files and arguments. It is ready on return.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    pub fn restart(&mut self) {
        self.process.kill();
        self.process = run(&self.data, self.port, &self.arguments, &self.environment);
    }

    /// Stops it where it is: connections stay, and nothing answers until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.process.pause();
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.process.resume();
    }
}

fn run(data: &TempDir, port: u16, arguments: &[String], environment: &[(String, String)]) -> ServerProcess {
    let port = port.to_string();
    let mut command = servers_command(["exec-redis".as_ref(), data.path().as_os_str(), OsStr::new(&port)]);
    command.args(arguments).envs(environment.iter().map(|(name, value)| (name, value)));
    start(command, "Ready to accept connections").unwrap_or_else(|said| panic!("Redis did not start: {said}"))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead as _, BufReader, Write as _},
        net::TcpStream,
    };

    use super::PrivateRedis;

    fn connect(server: &PrivateRedis) -> TcpStream {
        TcpStream::connect(("127.0.0.1", server.port())).expect("it is ready")
    }

    fn ask(mut connection: &TcpStream, command: &str) {
        writeln!(connection, "{command}\r").expect("it is connected");
    }

    /// The last of so many lines.
    fn answer(connection: &TcpStream, lines: usize) -> String {
        let mut lines = BufReader::new(connection).lines().take(lines);
        lines.by_ref().last().expect("an answer").expect("it is connected")
    }

    #[test]
    fn a_durable_server_has_after_a_kill_what_it_acknowledged_and_an_ephemeral_one_nothing() {
        for (arguments, lines, after) in [(PrivateRedis::DURABLE, 2, "value"), (PrivateRedis::EPHEMERAL, 1, "$-1")] {
            let mut server = PrivateRedis::start(arguments);
            let connection = connect(&server);
            ask(&connection, "SET key value");
            assert_eq!(answer(&connection, 1), "+OK");
            let (url, pid) = (server.url(), server.pid());

            server.kill_hard();
            TcpStream::connect(("127.0.0.1", server.port())).expect_err("it is gone");
            server.restart();

            assert_eq!(server.url(), url);
            assert_ne!(server.pid(), pid);
            let connection = connect(&server);
            ask(&connection, "GET key");
            assert_eq!(answer(&connection, lines), after, "{arguments:?}");
        }
    }

    #[test]
    fn a_paused_server_takes_connections_and_answers_when_it_goes_on() {
        let server = PrivateRedis::start(PrivateRedis::EPHEMERAL);
        server.pause();
        let connection = connect(&server);
        ask(&connection, "PING");
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("it is there");
        assert!(stat.contains(") T "), "{stat}");
        server.resume();
        assert_eq!(answer(&connection, 1), "+PONG");
    }

    #[test]
    #[should_panic(expected = "argument(s) must be one of")]
    fn a_server_that_does_not_start_says_why() {
        let _server = PrivateRedis::start(&["--maxmemory-policy", "no-such-policy"]);
    }
}
