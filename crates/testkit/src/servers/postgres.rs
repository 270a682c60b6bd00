//! A PostgreSQL with TimescaleDB of one test.

use std::{
    ffi::OsStr,
    path::PathBuf,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::process::{ServerProcess, free_port, on_small_disk, servers_command, start};

/// A PostgreSQL server with TimescaleDB that a test may kill, stop and configure. It ends with the test.
#[derive(Debug)]
pub struct PrivatePostgres {
    process: ServerProcess,
    data: TempDir,
    port: u16,
    password: Option<String>,
    settings: Vec<String>,
    disk_size: Option<String>,
}

impl PrivatePostgres {
    /// Starts a server that trusts everybody on loopback, with settings such as `max_connections=10`. It is ready on return.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    #[must_use]
    pub fn start(settings: &[&str]) -> Self {
        Self::start_by(None, None, settings)
    }

    /// Starts a server whose user `postgres` has a password, which [`url`](Self::url) names.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    #[must_use]
    pub fn start_with_password(password: &str, settings: &[&str]) -> Self {
        Self::start_by(Some(password.to_owned()), None, settings)
    }

    /// Starts a server like [`start`](Self::start) on a small disk of its own, such as `150m`; 60 MB of it are taken from the
    /// beginning. Started again, it finds another, empty one. Takes root.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    #[must_use]
    pub fn start_on_small_disk(size: &str, settings: &[&str]) -> Self {
        Self::start_by(None, Some(size.to_owned()), settings)
    }

    fn start_by(password: Option<String>, disk_size: Option<String>, settings: &[&str]) -> Self {
        let data = TempDir::new().expect("a directory");
        if let Some(password) = &password {
            initialise(&data, password);
        }
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let port = free_port();
        let process = run(&data, port, &settings, disk_size.as_deref())
            .unwrap_or_else(|said| panic!("PostgreSQL did not start: {said}"));
        Self { process, data, port, password, settings, disk_size }
    }

    /// Where its files are: to fill a small disk, and to make room again.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.process.seen(self.data.path())
    }

    /// The database `postgres`, as superuser.
    #[must_use]
    pub fn url(&self) -> String {
        let password = self.password.as_ref().map(|password| format!(":{password}")).unwrap_or_default();
        format!("postgres://postgres{password}@127.0.0.1:{}/postgres", self.port)
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of its first process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Its log since it was started last.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.said()
    }

    /// Ends it and its sessions at once, as `kill -9` would. [`restart`](Self::restart) recovers what was committed.
    pub fn kill_hard(&mut self) {
        self.process.kill();
    }

    /// Starts it again, after killing it if it runs, on the same port, files and settings. It is ready on return.
    ///
    /// # Panics
    ///
    /// When it does not start, with what it said.
    pub fn restart(&mut self) {
        self.process.kill();
        let deadline = Instant::now() + Duration::from_secs(60);
        self.process = loop {
            match run(&self.data, self.port, &self.settings, self.disk_size.as_deref()) {
                Ok(process) => break process,
                // A session that began as its server was killed takes a moment to notice.
                Err(said) if said.contains("still in use") && Instant::now() < deadline => {}
                Err(said) => panic!("PostgreSQL did not start again: {said}"),
            }
        };
    }

    /// Stops it and its sessions where they are: connections stay, and nothing answers until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.process.pause();
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.process.resume();
    }
}

/// Without a password the server does this itself.
fn initialise(data: &TempDir, password: &str) {
    let mut command = servers_command(["initdb".as_ref(), data.path().as_os_str(), OsStr::new(password)]);
    let output = command.output().expect("setpriv of util-linux");
    assert!(output.status.success(), "no database directory was made: {}", String::from_utf8_lossy(&output.stderr));
}

fn run(data: &TempDir, port: u16, settings: &[String], disk_size: Option<&str>) -> Result<ServerProcess, String> {
    let port = port.to_string();
    let mut command = servers_command(["exec-postgres".as_ref(), data.path().as_os_str(), OsStr::new(&port)]);
    for setting in settings {
        command.args(["-c", setting]);
    }
    if let Some(size) = disk_size {
        command = on_small_disk(size, data.path(), &command);
    }
    start(command, "database system is ready to accept connections")
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, PgConnection, Row as _, query};

    use super::PrivatePostgres;

    async fn connect(server: &PrivatePostgres) -> PgConnection {
        PgConnection::connect(&server.url()).await.expect("it is ready")
    }

    async fn text(connection: &mut PgConnection, statement: &'static str) -> String {
        query(statement).fetch_one(connection).await.expect("it answers").get(0)
    }

    #[tokio::test]
    async fn a_server_has_timescale_and_the_settings_asked_for() {
        let server = PrivatePostgres::start(&["max_connections=7"]);
        let mut connection = connect(&server).await;
        query("CREATE EXTENSION timescaledb").execute(&mut connection).await.expect("it is there");
        assert_eq!(text(&mut connection, "SHOW max_connections").await, "7");
        assert_eq!(text(&mut connection, "SHOW fsync").await, "on");
    }

    #[tokio::test]
    async fn what_was_committed_is_there_after_a_kill_and_what_was_not_is_gone() {
        let mut server = PrivatePostgres::start(&[]);
        let mut connection = connect(&server).await;
        query("CREATE TABLE kept AS SELECT 'kept' AS value").execute(&mut connection).await.expect("it takes a table");
        let mut open = connection.begin().await.expect("it is connected");
        query("INSERT INTO kept VALUES ('lost')").execute(&mut *open).await.expect("it takes a row");
        let url = server.url();

        server.kill_hard();
        query("COMMIT").execute(&mut *open).await.expect_err("its sessions are gone too");
        server.restart();

        assert_eq!(server.url(), url);
        let mut connection = connect(&server).await;
        assert_eq!(text(&mut connection, "SELECT string_agg(value, ',') FROM kept").await, "kept");
    }

    #[tokio::test]
    async fn a_paused_server_goes_on_where_it_stopped() {
        let server = PrivatePostgres::start(&[]);
        let mut connection = connect(&server).await;
        server.pause();
        let answer = text(&mut connection, "SELECT 'an answer'");
        let mut answer = std::pin::pin!(answer);
        for _ in 0..1000 {
            assert!(futures::poll!(&mut answer).is_pending(), "it answered while it was stopped");
            tokio::task::yield_now().await;
        }
        server.resume();
        assert_eq!(answer.await, "an answer");
    }

    #[tokio::test]
    async fn a_full_disk_is_refused_until_there_is_room_again() {
        let server = PrivatePostgres::start_on_small_disk("100m", &[]);
        let mut connection = connect(&server).await;
        query("CREATE TABLE filled (value text)").execute(&mut connection).await.expect("there is room");
        let ballast = server.data_dir().join("ballast");
        std::fs::write(&ballast, vec![0; 100 << 20]).expect_err("the disk is small");
        let fill = "INSERT INTO filled SELECT repeat(md5(n::text), 30) FROM generate_series(1, 2000) AS n";
        let error = query(fill).execute(&mut connection).await.expect_err("the disk is full");
        assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("53100"), "{error}");
        std::fs::remove_file(&ballast).expect("it is there");
        query(fill).execute(&mut connection).await.expect("there is room again");
    }

    #[tokio::test]
    async fn a_server_with_a_password_refuses_another() {
        let server = PrivatePostgres::start_with_password("right", &[]);
        connect(&server).await;
        let url = server.url().replace("right", "wrong");
        let error = PgConnection::connect(&url).await.expect_err("the password is wrong");
        assert!(error.to_string().contains("password authentication failed"), "{error}");
    }
}
