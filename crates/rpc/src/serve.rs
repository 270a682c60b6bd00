//! Accepting connections within the limits, and letting go of them in order.

use std::{
    convert::Infallible,
    error::Error,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::Instant,
};
use tokio_rustls::server::TlsStream;
use tokio_util::task::TaskTracker;
use tower::{Service, ServiceExt as _};

use crate::{ConnectionEnding, Drain, Limits, ServerTls, TrustedProxies};

const PAUSE_AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(100);

/// Where a server listens, and whether it speaks TLS there.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    tls: Option<ServerTls>,
}

impl Port {
    /// A port that speaks TLS only, with HTTP 1.1 and 2 inside.
    pub fn with_tls(listener: TcpListener, tls: ServerTls) -> Self {
        Self { listener, tls: Some(tls) }
    }
}

impl From<TcpListener> for Port {
    /// A port without TLS.
    fn from(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }
}

/// Serves HTTP 1.1 and 2 until the drain begins, then lets the calls of open connections finish and returns: at the latest when the
/// grace is over. Each request carries its [`ClientAddress`](crate::ClientAddress) and the
/// [`ConnectionEnding`] of its connection.
pub async fn serve<S, R>(port: impl Into<Port>, service: S, limits: &Limits, proxies: TrustedProxies, drain: &Drain)
where
    S: Service<Request<Incoming>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let Port { listener, tls } = port.into();
    let connections = Arc::new(Semaphore::new(limits.connections));
    let open = TaskTracker::new();
    loop {
        // Taken before accepting: what is too much waits in the kernel's queue and costs nothing.
        let (permit, stream, peer) = tokio::select! {
            () = drain.begun() => break,
            (permit, (stream, peer)) = async {
                let permit = connections.clone().acquire_owned().await;
                (permit, accepted(&listener).await)
            } => (permit, stream, peer),
        };
        let proxies = proxies.clone();
        let service = service.clone().map_request(move |mut request: Request<Incoming>| {
            let client = proxies.client_of(peer.ip(), request.headers());
            request.extensions_mut().insert(client);
            request
        });
        let (limits, drain, tls) = (limits.clone(), drain.clone(), tls.clone());
        open.spawn(async move {
            let _permit = permit;
            // Small answers must not wait for one another; without it they only come later.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection could not be set to send at once");
            }
            match tls {
                None => serve_connection(stream, service, &limits, &drain).await,
                Some(tls) => {
                    if let Some(stream) = shake_hands(&tls, stream, &limits, &drain).await {
                        serve_connection(stream, service, &limits, &drain).await;
                    }
                }
            }
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn accepted(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // A connection that ended before it was taken, or too many open files: neither is a reason to stop.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_FAILED_ACCEPT).await;
            }
        }
    }
}

/// None when it fails, takes too long or is too late: nothing was asked yet.
async fn shake_hands(
    tls: &ServerTls,
    stream: TcpStream,
    limits: &Limits,
    drain: &Drain,
) -> Option<TlsStream<TcpStream>> {
    let handshake = tokio::time::timeout(limits.tls_handshake_timeout, tls.acceptor().accept(stream));
    let outcome = tokio::select! {
        () = drain.begun() => return None,
        outcome = handshake => outcome,
    };
    match outcome {
        Ok(Ok(stream)) => Some(stream),
        // The caller's doing in most cases, and anybody can make it happen.
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(_) => {
            tracing::debug!("a connection was closed: it did not finish its TLS handshake in time");
            None
        }
    }
}

async fn serve_connection<I, S, R>(stream: I, service: S, limits: &Limits, drain: &Drain)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    R: Body<Data = Bytes> + Send + 'static,
    R::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let asked = Arc::new(AtomicBool::new(false));
    let ending = ConnectionEnding::default();
    let service = {
        let (asked, ending) = (asked.clone(), ending.clone());
        service.map_request(move |mut request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(ending.clone());
            request
        })
    };
    let silent = async {
        tokio::time::sleep(limits.first_request_timeout).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let builder = limits.connection_builder();
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let asked_to_go = tokio::select! {
        ended = &mut connection => Err(ended),
        () = drain.begun() => Ok(()),
        () = tokio::time::sleep(limits.connection_age) => Ok(()),
        () = silent => Ok(()),
    };
    let ended = match asked_to_go {
        Err(ended) => ended,
        Ok(()) => {
            // Streams would go on until they are cut off.
            ending.begin();
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout_at(Instant::now() + limits.grace, connection).await {
                Ok(ended) => ended,
                Err(_) => return tracing::warn!("a connection was cut off: its calls went on beyond the grace"),
            }
        }
    };
    if let Err(error) = ended {
        // The caller's doing in most cases: it went away, or spoke another protocol.
        tracing::debug!(error, "a connection ended with an error");
    }
}
