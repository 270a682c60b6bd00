//! One process of a service, and the connection to it.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use analytics_rpc::{ClientTls, ConnectionEnding};
use http::{Request, Response, Uri, uri::Scheme};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Mutex,
    time::Instant,
};
use tonic::body::Body;
use tower::BoxError;

use super::{
    RemoteAddress,
    streams::{Answer, Messages},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// After a failure nobody tries for so long: those who waited for it would fail in the same way, one after another.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(250);
/// A connection that carries nothing is asked for a sign of life after so long, and given up when none comes within the second time:
/// a machine that vanished says nothing by itself.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));
/// So much of an answer that its caller does not take yet is held of one call, and of all calls of one connection: a caller that reads
/// slowly must not hold up the others.
const WINDOW_BYTES: (u32, u32) = (256 * 1024, 16 * 1024 * 1024);

/// One process of a service.
#[derive(Debug)]
pub(super) struct Peer {
    address: RemoteAddress,
    tls: ClientTls,
    well: AtomicBool,
    slot: Mutex<Slot>,
}

#[derive(Debug)]
enum Slot {
    Closed,
    Open(SendRequest<Body>),
    Failed { at: Instant, cause: Arc<str> },
}

/// No connection can be made.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(super) struct ConnectError(Arc<str>);

impl Peer {
    /// Thought to be well until it is seen not to be.
    pub(super) fn new(address: RemoteAddress, tls: ClientTls) -> Self {
        Self { address, tls, well: AtomicBool::new(true), slot: Mutex::new(Slot::Closed) }
    }

    pub(super) fn address(&self) -> &RemoteAddress {
        &self.address
    }

    pub(super) fn is_well(&self) -> bool {
        self.well.load(Ordering::Relaxed)
    }

    pub(super) fn set_well(&self, well: bool) {
        self.well.store(well, Ordering::Relaxed);
    }

    /// The open connection, or a new one. All calls share it.
    pub(super) async fn connection(&self) -> Result<Connection, ConnectError> {
        let mut slot = self.slot.lock().await;
        match &*slot {
            Slot::Open(connection) if !connection.is_closed() => {
                return Ok(Connection(connection.clone()));
            }
            Slot::Failed { at, cause } if at.elapsed() < PAUSE_AFTER_FAILURE => {
                return Err(ConnectError(cause.clone()));
            }
            Slot::Open(_) | Slot::Failed { .. } | Slot::Closed => {}
        }
        let cause = match tokio::time::timeout(CONNECT_TIMEOUT, connect(&self.address, &self.tls)).await {
            Ok(Ok(connection)) => {
                *slot = Slot::Open(connection.clone());
                return Ok(Connection(connection));
            }
            Ok(Err(cause)) => cause.to_string(),
            Err(_) => format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()),
        };
        let cause: Arc<str> = cause.into();
        *slot = Slot::Failed { at: Instant::now(), cause: cause.clone() };
        Err(ConnectError(cause))
    }
}

async fn connect(address: &RemoteAddress, tls: &ClientTls) -> Result<SendRequest<Body>, BoxError> {
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.set_nodelay(true)?;
    if address.scheme == Scheme::HTTPS {
        return begin(tls.connect(&address.host, stream).await?).await;
    }
    begin(stream).await
}

async fn begin<I>(stream: I) -> Result<SendRequest<Body>, BoxError>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (connection, driver) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEPALIVE.0)
        .keep_alive_timeout(KEEPALIVE.1)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(WINDOW_BYTES.0)
        .initial_connection_window_size(WINDOW_BYTES.1)
        .handshake(TokioIo::new(stream))
        .await?;
    tokio::spawn(async move {
        if let Err(error) = driver.await {
            tracing::debug!(error = &error as &dyn Error, "a connection to a service ended with an error");
        }
    });
    Ok(connection)
}

/// Why a request had no answer. Whether it was received is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error("the connection broke")]
    Connection(#[from] hyper::Error),
    #[error("the request has no path")]
    Path(#[from] http::uri::InvalidUriParts),
}

/// A handle of a connection; clones share it.
#[derive(Clone)]
pub(super) struct Connection(SendRequest<Body>);

impl Connection {
    /// Sends a request to where this connection leads.
    pub(super) async fn send(
        &mut self,
        address: &RemoteAddress,
        mut request: Request<Body>,
    ) -> Result<Response<Body>, SendError> {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(address.scheme.clone());
        parts.authority = Some(address.authority.clone());
        *request.uri_mut() = Uri::from_parts(parts)?;
        let ending = request.extensions().get::<ConnectionEnding>().cloned().unwrap_or_default();
        let request = request.map(|body| Body::new(Messages::new(body, ending)));
        let (head, body) = self.0.send_request(request).await?.into_parts();
        let body = Body::new(Answer::new(&head.headers, body));
        Ok(Response::from_parts(head, body))
    }
}
