//! The address of a server, open from the first moment.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use analytics_rpc::{EdgeLayer, RpcError};
use axum::{Router, body::Body};
use http::{Request, Response};
use tokio::net::TcpListener;
use tonic::Status;
use tower::{Layer as _, Service, ServiceExt as _};

use crate::{
    process::{Management, Process},
    services,
};

/// A server that listens.
pub(super) struct Door {
    listener: TcpListener,
    management: Management,
    address: SocketAddr,
    management_address: SocketAddr,
}

impl Door {
    /// Takes both addresses. Health and readiness are told from now on.
    pub(super) async fn open(process: &Process) -> anyhow::Result<Self> {
        let listener = process.listen().await?;
        let management_listener = process.listen_for_management().await?;
        let (address, management_address) = (listener.local_addr()?, management_listener.local_addr()?);
        let management = process.manage(management_listener)?;
        tracing::info!(%address, %management_address, "listening");
        Ok(Self { listener, management, address, management_address })
    }

    /// Serves while `start` makes what the services need, and then until the process is to stop. Returns what `start` made, once no
    /// call is going on any more; none when the process was stopped before.
    ///
    /// # Errors
    /// When `start` fails: the process cannot do its work.
    pub(super) async fn serve<T>(
        self,
        process: &Process,
        router: Router,
        start: impl Future<Output = anyhow::Result<Option<T>>>,
    ) -> anyhow::Result<Option<T>> {
        let start = async {
            let started = start.await;
            match &started {
                Ok(Some(_)) => {
                    process.is_serving();
                    tracing::info!(address = %self.address, management_address = %self.management_address, "ready");
                }
                Ok(None) => {}
                Err(_) => process.drain.begin(),
            }
            started
        };
        let ((), started) = tokio::join!(process.serve(self.listener, router), start);
        self.management.end().await?;
        started
    }
}

/// Services that are made while the server listens already. Until then their calls are asked to come back.
#[derive(Clone, Default)]
pub(super) struct Later(Arc<OnceLock<Router>>);

impl Later {
    /// Health and reflection at once, and everything else once it is there; all of it within the limits.
    pub(super) async fn router(&self, process: &Process, names: &[&'static str]) -> anyhow::Result<Router> {
        let common = services::common(&process.readiness, names).await?;
        let router = common.into_axum_router().fallback_service(self.clone());
        let edge = EdgeLayer::new(&process.limits()).layer(router);
        let service = tower::service_fn(move |request: Request<Body>| {
            let answer = edge.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await?.map(Body::new)) }
        });
        Ok(Router::new().fallback_service(service))
    }

    /// The services are there. Only the first call counts.
    pub(super) fn are(&self, services: Router) {
        // A second call would be a mistake of ours, and the services that are there go on.
        let _ = self.0.set(services);
    }
}

impl Service<Request<Body>> for Later {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(services) = self.0.get() else {
            let starting = RpcError::overloaded("it is starting: its readiness tells what is missing");
            return Box::pin(std::future::ready(Ok(Status::from(starting).into_http())));
        };
        Box::pin(services.clone().oneshot(request))
    }
}
