//! Forwards calls to the services, whatever they carry.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use analytics_rpc::RpcError;
use http::{HeaderName, Request, Response, Version, header};
use tonic::Status;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::util::BoxCloneSyncService;
use tower::{Layer as _, Service, ServiceExt as _};

use crate::Upstream;
use crate::service_names::ServiceNames;

/// Answers gRPC and grpc-web calls. It never fails: what goes wrong becomes a gRPC status.
pub(crate) type GrpcService = BoxCloneSyncService<Request<axum::body::Body>, Response<Body>, Infallible>;

/// Makes native gRPC calls to the services. It never fails either.
pub(crate) type Upcalls = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// The services behind the gateway, for calls of the gateway's own.
pub(crate) fn upcalls<U: Upstream>(services: ServiceNames, upstream: U) -> Upcalls {
    BoxCloneSyncService::new(Forward { services, upstream })
}

/// The services behind the gateway, in both protocols.
pub(crate) fn grpc_service(upcalls: Upcalls) -> GrpcService {
    // The translation is outside, so that grpc-web clients can read the statuses made here too. It answers 400 to all that is
    // neither grpc-web nor HTTP/2, and therefore stands before calls only.
    BoxCloneSyncService::new(GrpcWebLayer::new().layer(upcalls))
}

/// Fields that belong to one connection. HTTP/2, which may be the next one, forbids most of them.
pub(crate) const CONNECTION_HEADERS: [HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

#[derive(Clone)]
struct Forward<U> {
    services: ServiceNames,
    upstream: U,
}

impl<U: Upstream> Service<Request<Body>> for Forward<U> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if !self.services.cover(request.uri().path()) {
            let status = Status::unimplemented("no such service here: reflection lists those that are");
            return Box::pin(std::future::ready(Ok(status.into_http())));
        }
        for name in CONNECTION_HEADERS {
            request.headers_mut().remove(name);
        }
        // A grpc-web call that came by HTTP/1.1 is from here on a gRPC call like any other, and its host is that of the services.
        request.headers_mut().remove(header::HOST);
        *request.version_mut() = Version::HTTP_2;
        let answer = self.upstream.clone().oneshot(request);
        Box::pin(async move { Ok(answer.await.unwrap_or_else(|error| unavailable(&*error.into()))) })
    }
}

/// The answer when a service cannot be reached or did not answer: its caller is asked to come back.
pub(crate) fn unavailable(error: &(dyn std::error::Error + 'static)) -> Response<Body> {
    unavailable_status(error).into_http()
}

/// The same when the answer has begun.
pub(crate) fn unavailable_status(error: &(dyn std::error::Error + 'static)) -> Status {
    Status::from(RpcError::Unavailable {
        what: "the service behind this gateway is",
        cause: chain(error),
        retry_after: RpcError::DEFAULT_RETRY_AFTER,
    })
}

/// An error with all its causes: a connection's own text says no more than "transport error".
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
