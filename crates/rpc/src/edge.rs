//! The one layer around all services of a server: counts, admits, bounds the time, and puts the framework's own failures into the
//! words of the error table.

mod deadline;
mod framework;
mod metrics;

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::FutureExt as _;
use http::{Request, Response};
use http_body::{Body, Frame};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
use tonic::Status;
use tower::{Layer, Service};

use self::metrics::{Kind, Methods, OpenStream, Recording};
use crate::{Limits, RpcError};

pub use deadline::deadline_of;

/// Wraps all services of a server in an [`Edge`].
#[derive(Clone)]
pub struct EdgeLayer(Arc<Shared>);

struct Shared {
    limits: Limits,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    keyless_streams: Arc<Semaphore>,
    methods: Methods,
}

impl EdgeLayer {
    /// A layer with these limits; everything that one instance wraps shares them. Metrics go to the recorder that is installed when
    /// calls come in.
    pub fn new(limits: &Limits) -> Self {
        let places = |number| Arc::new(Semaphore::new(number));
        Self(Arc::new(Shared {
            limits: limits.clone(),
            calls: places(limits.calls),
            streams: places(limits.streams),
            keyless_streams: places(limits.keyless_streams),
            methods: Methods::of_contract(),
        }))
    }
}

impl<S> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge { inner, shared: self.0.clone() }
    }
}

/// All services of a server behind their common edge. See [`EdgeLayer`].
#[derive(Clone)]
pub struct Edge<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S, B, R> Service<Request<B>> for Edge<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Body + Default + Unpin + Send + 'static,
{
    type Response = Response<EdgeBody<R>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The instance that was polled ready has to take the call.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        let shared = self.shared.clone();
        Box::pin(async move {
            // First, so that refused calls are counted too.
            let method = shared.methods.at(request.uri().path());
            let mut recording = Recording::begin(method.label);
            let request_bytes = shared.limits.request_bytes_at(request.uri().path());
            // Before the message is read: a refused call must cost nothing.
            let permit = match shared.admit(method.kind) {
                Ok(permit) => permit,
                Err(refusal) => return Ok(refused(refusal, recording)),
            };
            let deadline = match method.kind {
                Kind::Unary => deadline::bound(request.headers_mut(), Instant::now(), shared.limits.call_timeout),
                // Its beginning is bounded; how long it then goes on is between its two sides.
                Kind::Streaming | Kind::KeylessStreaming => Instant::now() + shared.limits.call_timeout,
            };
            // A panic would reset the stream without a word; what it says goes to the log only.
            let answer = AssertUnwindSafe(inner.call(request)).catch_unwind();
            let response = match tokio::time::timeout_at(deadline, answer).await {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(never))) => match never {},
                Ok(Err(panic)) => return Ok(refused(RpcError::internal(panic_text(&*panic)), recording)),
                Err(_) => return Ok(refused(RpcError::DeadlineExceeded, recording)),
            };
            if let Some(error) = framework::failure_before_handler(response.headers(), request_bytes) {
                return Ok(refused(error, recording));
            }
            recording.see_headers(response.headers());
            let answer_bytes = shared.limits.answer_bytes;
            // The place of a unary call is free as soon as its answer is made, that of a stream when it ends.
            let open = (method.kind != Kind::Unary).then(|| OpenStream::begin(permit));
            Ok(response.map(|inner| EdgeBody { inner, recording, answer_bytes, _open: open }))
        })
    }
}

impl Shared {
    fn admit(&self, kind: Kind) -> Result<OwnedSemaphorePermit, RpcError> {
        let (places, limit, what) = match kind {
            Kind::Unary => (&self.calls, self.limits.calls, "calls are being worked on"),
            Kind::Streaming => (&self.streams, self.limits.streams, "streams are open"),
            Kind::KeylessStreaming => {
                (&self.keyless_streams, self.limits.keyless_streams, "streams of health and reflection are open")
            }
        };
        places.clone().try_acquire_owned().map_err(|_| RpcError::overloaded(format!("{limit} {what}")))
    }
}

fn refused<R: Body + Default>(error: RpcError, mut recording: Recording) -> Response<EdgeBody<R>> {
    let response = Status::from(error).into_http::<R>();
    recording.see_headers(response.headers());
    response.map(|inner| EdgeBody { inner, recording, answer_bytes: 0, _open: None })
}

/// Only a text that stands in the program: one that was made at run time may quote what a caller sent.
fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    format!("a handler panicked: {}", text.unwrap_or("its text is left out, for it may quote the request"))
}

/// The body of an answer, whose trailers are seen on their way out.
pub struct EdgeBody<R> {
    inner: R,
    recording: Recording,
    answer_bytes: usize,
    _open: Option<OpenStream>,
}

impl<R: Body + Unpin> Body for EdgeBody<R> {
    type Data = R::Data;
    type Error = R::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<R::Data>, R::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        let Poll::Ready(Some(Ok(mut frame))) = polled else { return polled };
        if let Some(trailers) = frame.trailers_mut() {
            framework::rewrite_failure_of_answer(trailers, self.answer_bytes);
            self.recording.see_headers(trailers);
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_sent_does_not_reach_the_log_by_a_panic() {
        let sent = "müller".to_owned();
        let panic = std::panic::catch_unwind(|| sent[..2].len()).expect_err("within a character");
        let text = panic_text(&*panic);
        assert!(text.starts_with("a handler panicked: ") && !text.contains("ller"), "{text}");
        assert_eq!(panic_text(&"as asked"), "a handler panicked: as asked");
    }
}
