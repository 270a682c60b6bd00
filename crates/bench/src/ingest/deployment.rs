//! The product as separate services on the servers of this run: real processes of the release binary.

use std::{
    env,
    fs::{self, Permissions},
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use analytics_proto::v1::{self, admin_service_client::AdminServiceClient};
use analytics_testkit::{
    FreshDatabase,
    servers::{ephemeral_redis_url, free_port, redis_url},
};
use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::{Request, transport::Channel};

use super::batches::{PROJECTS, project_id};
use crate::process;

/// How often it is looked whether a process is ready.
const LOOK: Duration = Duration::from_millis(20);

/// A database, keys and projects, and the settings by which every role finds them.
pub(crate) struct Deployment {
    pub(crate) database: FreshDatabase,
    pub(crate) key: String,
    pub(crate) prefix: String,
    binary: PathBuf,
    home: TempDir,
}

impl Deployment {
    /// Makes all that is needed before a role can start.
    pub(crate) async fn prepare(binary: &Path) -> Result<Self> {
        let home = TempDir::new()?;
        let secret = home.path().join("secret");
        fs::write(&secret, [7; 32])?;
        fs::set_permissions(&secret, Permissions::from_mode(0o600))?;
        let database = FreshDatabase::create().await;
        let prefix = database.name().to_owned();
        let mut deployment = Self { database, key: String::new(), prefix, binary: binary.to_owned(), home };
        let key_file = deployment.home.path().join("admin-key");
        let mut setup = deployment.command("setup");
        let done = setup.arg("--admin-key-file").arg(&key_file).output().context("the binary of the product")?;
        ensure!(done.status.success(), "setup failed: {}", String::from_utf8_lossy(&done.stderr));
        fs::read_to_string(&key_file)?.trim().clone_into(&mut deployment.key);
        deployment.create_projects().await?;
        Ok(deployment)
    }

    async fn create_projects(&self) -> Result<()> {
        let query = self.start("query").await?;
        let mut admin = AdminServiceClient::new(Channel::from_shared(query.endpoint())?.connect().await?);
        for number in 0..PROJECTS {
            let request = v1::CreateProjectRequest {
                project_id: project_id(number),
                time_zone: "Europe/Berlin".to_owned(),
                week_start: v1::WeekStart::Monday.into(),
            };
            let mut request = Request::new(request);
            request.metadata_mut().insert("authorization", format!("Bearer {}", self.key).parse()?);
            admin.create_project(request).await?;
        }
        Ok(())
    }

    /// Starts a role and waits until it is ready.
    pub(crate) async fn start(&self, role: &str) -> Result<Running> {
        let (address, management) = (free_address(), free_address());
        let mut command = self.command(role);
        command.args(["--management-listen", &management.to_string()]);
        if role != "processor" {
            command.args(["--listen", &address.to_string()]);
        }
        let mut running = Running::spawn(&mut command, address)?;
        running.wait_until_ready(management).await?;
        Ok(running)
    }

    fn command(&self, role: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(role);
        without_settings(&mut command);
        command.env("ANALYTICS_DATABASE_URL", self.database.url());
        if role != "setup" {
            command.env("ANALYTICS_REDIS_URL", redis_url());
            command.env("ANALYTICS_EPHEMERAL_REDIS_URL", ephemeral_redis_url());
            command.env("ANALYTICS_REDIS_PREFIX", &self.prefix);
            command.env("ANALYTICS_SECRET_FILE", self.home.path().join("secret"));
        }
        command
    }
}

/// All roles in one process, over a data directory of its own.
pub(crate) async fn serve(binary: &Path, home: &TempDir, ephemeral: &TempDir) -> Result<Running> {
    let (address, management) = (free_address(), free_address());
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", &address.to_string(), "--management-listen", &management.to_string()]);
    command.arg("--data-dir").arg(home.path().join("data"));
    command.arg("--set").arg(format!("ephemeral_dir={}", ephemeral.path().join("salts").display()));
    without_settings(&mut command);
    let mut running = Running::spawn(&mut command, address)?;
    running.wait_until_ready(management).await?;
    Ok(running)
}

/// A process, killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    /// Starts a process that is to listen on an address.
    pub(crate) fn spawn(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let program = Path::new(command.get_program()).display().to_string();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self { child: command.spawn().with_context(|| format!("`{program}` does not start"))?, address })
    }

    async fn wait_until_ready(&mut self, management: SocketAddr) -> Result<()> {
        while !is_ready(management).await {
            self.still_runs()?;
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until it takes connections.
    pub(crate) async fn wait_until_open(&mut self) -> Result<()> {
        while TcpStream::connect(self.address).await.is_err() {
            self.still_runs()?;
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    fn still_runs(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("a process of the product ended before it was ready: {status}");
        }
        Ok(())
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How long its threads have computed.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        process::cpu_seconds_of(self.child.id()).context("a process of the product is gone")
    }

    /// Its memory now, and the most that it ever was.
    pub(crate) fn resident_bytes(&self) -> (u64, u64) {
        process::resident_bytes_of(&self.child.id().to_string())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine that is free.
pub(crate) fn free_address() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()))
}

/// What is measured is the product as it comes, whatever is set around the benchmark.
fn without_settings(command: &mut Command) {
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ANALYTICS_")) {
        command.env_remove(name);
    }
    command.env("ANALYTICS_LOG_FILTER", "warn");
}

async fn is_ready(management: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(management).await.ok()?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer.starts_with("HTTP/1.1 200 "))
    };
    ask.await.unwrap_or(false)
}
