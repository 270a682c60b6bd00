//! A service in other processes: one or several that do the same, at addresses of their own.
//!
//! The framework's own channel would put its name after the caller's user agent, and a visitor's hash holds the agent: so the
//! connections are made here, and a request leaves as it came. Only the caller's address is added, which the connection behind this
//! one cannot show.

mod peer;
mod streams;

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use analytics_rpc::{ClientAddress, ClientTls};
use http::{HeaderName, HeaderValue, Request, Response, Uri, uri::Scheme};
use tonic::body::Body;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tower::{BoxError, Service};

use self::peer::{ConnectError, Peer};
use crate::forward::unavailable;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// A process that does not tell within this whether it is well counts as gone.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

/// Where one process of a service listens, such as `http://10.0.0.5:4001`, or `https://` with TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAddress {
    scheme: Scheme,
    authority: http::uri::Authority,
    host: String,
    port: u16,
}

/// The text is no address of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address of a service: write `http://HOST:PORT` or `https://HOST:PORT`, without a path")]
pub struct InvalidRemoteAddress(String);

impl FromStr for RemoteAddress {
    type Err = InvalidRemoteAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidRemoteAddress(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let authority = uri.authority().ok_or_else(invalid)?.clone();
        let scheme = uri.scheme().filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme)).cloned();
        let scheme = scheme.ok_or_else(invalid)?;
        let is_bare = matches!(uri.path_and_query().map(|path| path.as_str()), None | Some("/"));
        if !is_bare || authority.as_str().contains('@') {
            return Err(invalid());
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().ok_or_else(invalid)?;
        Ok(Self { scheme, authority, host, port })
    }
}

impl fmt::Display for RemoteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

/// No process of the service could be reached: the request was not sent.
#[derive(Debug, thiserror::Error)]
#[error("no process of the service can be reached; the last try, {address}: {cause}")]
struct NobodyReached {
    address: RemoteAddress,
    cause: ConnectError,
}

/// A service that one or several processes run. Cheap to clone; clones share their connections.
///
/// It never fails: when nobody answers, the caller is asked to come back. Calls go round the processes that are well. A call whose connection cannot be made goes to the next; one that was sent is never sent
/// again here, because only its sender knows whether that is safe.
#[derive(Debug, Clone)]
pub struct RemoteService(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    peers: Vec<Peer>,
    turn: AtomicUsize,
}

impl RemoteService {
    /// A service at these addresses, those with TLS trusted by this; nothing is connected yet.
    pub fn new(addresses: impl IntoIterator<Item = RemoteAddress>, tls: &ClientTls) -> Self {
        let peers = addresses.into_iter().map(|address| Peer::new(address, tls.clone())).collect();
        Self(Arc::new(Shared { peers, turn: AtomicUsize::new(0) }))
    }

    /// Asks each process whether it serves, and remembers the answer for the calls to come. Returns for each one that does not, its
    /// address and why; whoever runs the gateway calls this every few seconds.
    pub async fn probe(&self) -> Vec<(RemoteAddress, String)> {
        let mut missing = Vec::new();
        for peer in &self.0.peers {
            let health = match tokio::time::timeout(HEALTH_TIMEOUT, check(peer)).await {
                Ok(health) => health,
                Err(_) => Err(format!("no answer within {} s", HEALTH_TIMEOUT.as_secs())),
            };
            peer.set_well(health.is_ok());
            if let Err(reason) = health {
                missing.push((peer.address().clone(), reason));
            }
        }
        missing
    }

    /// How many processes there are.
    pub fn process_count(&self) -> usize {
        self.0.peers.len()
    }

    async fn forward(&self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        note_client(&mut request);
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        let peers = &self.0.peers;
        let in_turn = || (0..peers.len()).filter_map(|nth| peers.get(turn.wrapping_add(nth) % peers.len()));
        // Those that are not well come last: they may have recovered since they were asked.
        let order = in_turn().filter(|peer| peer.is_well()).chain(in_turn().filter(|peer| !peer.is_well()));
        let order: Vec<&Peer> = order.collect();
        let mut last = None;
        for peer in order {
            match peer.connection().await {
                Ok(mut connection) => return Ok(connection.send(peer.address(), request).await?),
                Err(cause) => {
                    peer.set_well(false);
                    last = Some(NobodyReached { address: peer.address().clone(), cause });
                }
            }
        }
        Err(last.map_or_else(|| "the gateway was given no address of this service".into(), BoxError::from))
    }
}

/// Says whom the call comes from; what the caller itself claims about that is replaced.
fn note_client(request: &mut Request<Body>) {
    let client = request.extensions().get::<ClientAddress>().map(|client| client.0.to_string());
    match client.and_then(|client| HeaderValue::try_from(client).ok()) {
        Some(value) => drop(request.headers_mut().insert(FORWARDED_FOR, value)),
        None => drop(request.headers_mut().remove(FORWARDED_FOR)),
    }
}

async fn check(peer: &Peer) -> Result<(), String> {
    let connection = peer.connection().await.map_err(|cause| cause.to_string())?;
    let address = peer.address().clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (address, mut connection) = (address.clone(), connection.clone());
        async move { connection.send(&address, request).await }
    });
    let answer = HealthClient::new(service).check(HealthCheckRequest::default()).await;
    match answer.map(|answer| answer.into_inner().status()) {
        Ok(ServingStatus::Serving) => Ok(()),
        Ok(_) => Err("it says that it is not ready; its own readiness tells why".to_owned()),
        Err(status) => Err(status.message().to_owned()),
    }
}

impl Service<Request<Body>> for RemoteService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.forward(request).await.unwrap_or_else(|error| unavailable(&*error))) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        for good in
            ["http://127.0.0.1:4001", "http://collector:4001/", "http://[::1]:4001", "https://collector.example:4001"]
        {
            assert!(good.parse::<RemoteAddress>().is_ok(), "{good}");
        }
        for bad in ["", "collector:4001", "ftp://collector:4001", "http://collector", "http://a:1/x", "http://u:p@a:1"]
        {
            let error = bad.parse::<RemoteAddress>().expect_err(bad);
            assert!(error.to_string().contains(&format!("`{bad}`")), "{error}");
        }
        let address: RemoteAddress = "http://[::1]:4001".parse().expect("good");
        assert_eq!((address.host.as_str(), address.port), ("::1", 4001));
    }
}
