//! Connections to one Redis: one that everybody shares for ordinary commands, and dedicated ones for whoever waits on the server.
//!
//! The driver's own connection manager is not used: it waits for a reconnect without a bound, never tries again after a refused
//! password, and keeps a connection whose answers no longer come.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ErrorKind, FromRedisValue, IntoConnectionInfo as _, Pipeline,
    RedisResult, Script, ServerErrorKind,
    aio::{MultiplexedConnection, PubSub},
    io::tcp::{TcpSettings, socket2::TcpKeepalive},
};
use tokio::sync::Mutex;

use super::RedisError;

/// A connection that is not made within this time is not made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// An ordinary command that is not answered within this time has an unknown outcome. A disk that is slow to sync takes seconds;
/// calls have a deadline of ten.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// After a failure nobody tries to connect for this long, so that a server that starts is not met by a storm.
const RECONNECT_PAUSE: Duration = Duration::from_millis(100);

/// Commands that may wait for the socket; the driver's own 50 stalls hundreds of concurrent appends.
const PIPELINE_BUFFER: usize = 1_000;

/// Where a Redis is and how to get in. Nothing is connected yet.
#[derive(Clone)]
pub struct RedisServer {
    client: Client,
    address: Arc<str>,
}

impl std::fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RedisServer").field(&self.address).finish()
    }
}

impl RedisServer {
    /// Reads an address such as `redis://user:password@host:6379/0`; `rediss://` is TLS.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn parse(url: &str) -> Result<Self, RedisError> {
        let invalid = |error: &redis::RedisError| RedisError::new("", error, Duration::ZERO);
        let info = url.into_connection_info().map_err(|error| invalid(&error))?;
        let address = match info.addr() {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => format!("{host}:{port}"),
            ConnectionAddr::Unix(path) => path.display().to_string(),
            _ => "an unknown place".to_owned(),
        };
        // Probes end a connection whose other end is gone without a word.
        let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(10)).with_interval(Duration::from_secs(5));
        let settings = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive);
        let client = Client::open(info.set_tcp_settings(settings)).map_err(|error| invalid(&error))?;
        Ok(Self { client, address: address.into() })
    }

    /// The host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection for ordinary commands. It connects when it is first used, and again after it broke.
    pub fn shared(&self) -> SharedConnection {
        SharedConnection { server: self.clone(), slot: Arc::default() }
    }

    /// A connection of one's own whose commands may be answered after up to `longest_wait` by their own will: for blocking reads.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn dedicated(&self, longest_wait: Duration) -> Result<DedicatedConnection, RedisError> {
        let response_timeout = longest_wait + RESPONSE_TIMEOUT;
        let connection = self.connect(response_timeout).await?;
        Ok(DedicatedConnection { server: self.clone(), connection, response_timeout })
    }

    /// A connection for subscriptions. It does not reconnect, and does not notice by itself when the server falls silent: ping it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn pubsub(&self) -> Result<PubSub, RedisError> {
        self.bounded(CONNECT_TIMEOUT, self.client.get_async_pubsub()).await
    }

    /// Waits for the driver, but not for ever, and sorts its errors.
    pub(super) async fn bounded<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, RedisError> {
        match tokio::time::timeout(limit, work).await {
            Ok(result) => result.map_err(|error| RedisError::new(&self.address, &error, limit)),
            Err(_) => Err(RedisError::TimedOut { address: self.address.to_string(), waited: limit }),
        }
    }

    async fn connect(&self, response_timeout: Duration) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(response_timeout))
            .set_pipeline_buffer_size(PIPELINE_BUFFER);
        self.bounded(CONNECT_TIMEOUT, self.client.get_multiplexed_async_connection_with_config(&config)).await
    }
}

/// A connection for ordinary commands. Clones share it; commands of all are sent without waiting for each other's answers.
#[derive(Debug, Clone)]
pub struct SharedConnection {
    server: RedisServer,
    slot: Arc<Mutex<Slot>>,
}

#[derive(Debug, Default)]
struct Slot {
    connection: Option<MultiplexedConnection>,
    /// Raised with each new connection, so that a late failure of an old one does not close its successor.
    number: u64,
    last_failure: Option<(Instant, RedisError)>,
}

impl SharedConnection {
    /// The server it leads to.
    pub fn server(&self) -> &RedisServer {
        &self.server
    }

    /// Runs one command.
    ///
    /// # Errors
    /// See [`RedisError`]; whether the command was carried out may be unknown.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        self.run(|mut connection| async move { command.query_async(&mut connection).await }).await
    }

    /// Runs commands in one round trip. When one fails this fails, and the others are run all the same.
    ///
    /// # Errors
    /// The same as [`Self::query`].
    pub async fn pipeline<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, RedisError> {
        self.run(|mut connection| async move { commands.query_async(&mut connection).await }).await
    }

    /// Runs a script with what `arguments` appends after its hash: the number of keys, keys, and arguments. The server is given
    /// the script when it does not have it, and it does not after a restart.
    ///
    /// # Errors
    /// The same as [`Self::query`].
    pub async fn eval<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl Fn(&mut Cmd),
    ) -> Result<T, RedisError> {
        let mut command = redis::cmd("EVALSHA");
        command.arg(script.get_hash());
        arguments(&mut command);
        let command = &command;
        self.run(|mut connection| async move {
            match command.query_async(&mut connection).await {
                Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                    script.load_async(&mut connection).await?;
                    command.query_async(&mut connection).await
                }
                result => result,
            }
        })
        .await
    }

    async fn run<T, F>(&self, work: impl FnOnce(MultiplexedConnection) -> F) -> Result<T, RedisError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let (number, connection) = self.connection().await?;
        let result = self.server.bounded(RESPONSE_TIMEOUT, work(connection)).await;
        if let Err(error) = &result
            && error.breaks_connection()
        {
            self.close(number).await;
        }
        result
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), RedisError> {
        // Whoever comes while somebody connects waits here, at most as long as one attempt takes.
        let mut slot = self.slot.lock().await;
        if let Some(connection) = &slot.connection {
            return Ok((slot.number, connection.clone()));
        }
        if let Some((at, error)) = &slot.last_failure
            && at.elapsed() < RECONNECT_PAUSE
        {
            return Err(error.clone());
        }
        match self.server.connect(RESPONSE_TIMEOUT).await {
            Ok(connection) => {
                slot.number += 1;
                slot.last_failure = None;
                slot.connection = Some(connection.clone());
                Ok((slot.number, connection))
            }
            Err(error) => {
                slot.last_failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn close(&self, number: u64) {
        let mut slot = self.slot.lock().await;
        if slot.number == number {
            slot.connection = None;
        }
    }
}

/// A connection of one's own. After an error for which [`RedisError::is_temporary`] holds it may be broken: make another one.
#[derive(Debug)]
pub struct DedicatedConnection {
    server: RedisServer,
    connection: MultiplexedConnection,
    response_timeout: Duration,
}

impl DedicatedConnection {
    /// Runs one command.
    ///
    /// # Errors
    /// See [`RedisError`].
    pub async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, RedisError> {
        self.server.bounded(self.response_timeout, command.query_async(&mut self.connection)).await
    }
}
