//! A service that takes events, remembers from whom, and does what the project's name says.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use analytics_gateway::Upstream;
use analytics_proto::v1::{
    BatchVerdicts, ErrorReason, EventVerdict, StreamEnding, TrackRequest, TrackResponse, TrackStreamRequest,
    TrackStreamResponse, Verdict, VerdictCounts,
    ingest_service_server::{IngestService, IngestServiceServer},
    track_stream_response::Result as Told,
};
use analytics_rpc::{ClientAddress, ConnectionEnding, Edge, EdgeLayer, Limits, RpcError};
use axum::Router;
use http::{HeaderMap, Request as HttpRequest};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming, body::Body, codec::CompressionEncoding::Gzip, service::Routes};
use tower::{Layer as _, ServiceExt as _};

/// What the service saw of a call.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) headers: HeaderMap,
    pub(crate) address: Option<String>,
    pub(crate) request: TrackRequest,
}

/// Clones share what was heard.
#[derive(Clone)]
pub(crate) struct Ingest {
    heard: Arc<Mutex<Vec<Heard>>>,
    /// A stream reads a batch for each permit.
    pub(crate) reads: Arc<Semaphore>,
    limits: Limits,
}

impl Default for Ingest {
    fn default() -> Self {
        Self::within(Limits::default())
    }
}

impl Ingest {
    pub(crate) fn within(limits: Limits) -> Self {
        Self { heard: Arc::default(), reads: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)), limits }
    }

    /// Streams read nothing until they are let.
    pub(crate) fn stalled(self) -> Self {
        Self { reads: Arc::new(Semaphore::new(0)), ..self }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn edge(&self) -> Edge<Routes> {
        let service = IngestServiceServer::new(self.clone())
            .max_decoding_message_size(self.limits.ingest_request_bytes)
            .accept_compressed(Gzip);
        EdgeLayer::new(&self.limits).layer(Routes::new(service))
    }

    /// The service behind the edge that every server has, for a gateway in the same process.
    pub(crate) fn upstream(&self) -> impl Upstream {
        let edge = self.edge();
        tower::service_fn(move |request: HttpRequest<Body>| {
            let answer = edge.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await?.map(Body::new)) }
        })
    }

    /// The same as it is served on a port of its own.
    pub(crate) fn router(&self) -> Router {
        let edge = self.edge();
        let service = tower::service_fn(move |request: HttpRequest<axum::body::Body>| {
            let answer = edge.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await?.map(axum::body::Body::new)) }
        });
        Router::new().fallback_service(service)
    }

    fn note<T>(&self, call: &Request<T>, request: TrackRequest) {
        let headers = call.metadata().clone().into_headers();
        let address = call.extensions().get::<ClientAddress>().map(|client| client.0.to_string());
        self.heard.lock().unwrap().push(Heard { headers, address, request });
    }
}

#[tonic::async_trait]
impl IngestService for Ingest {
    async fn track(&self, request: Request<TrackRequest>) -> Result<Response<TrackResponse>, Status> {
        let batch = request.get_ref().clone();
        self.note(&request, batch.clone());
        match batch.project.as_str() {
            "projects/unavailable" => Err(RpcError::overloaded("as asked").into()),
            "projects/forbidden" => Err(RpcError::FieldNotAllowed {
                field: "import".to_owned(),
                required: analytics_domain::ApiKeyScope::Import,
            }
            .into()),
            "projects/keyless" => Err(RpcError::KeyMissing.into()),
            "projects/broken" => Err(RpcError::internal("as asked").into()),
            "projects/late" => Err(RpcError::DeadlineExceeded.into()),
            "projects/no-batch" => Err(RpcError::invalid_field("events", "must have at least 1 item").into()),
            _ => Ok(Response::new(verdicts_of(&batch))),
        }
    }

    type TrackStreamStream = ReceiverStream<Result<TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        request: Request<Streaming<TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        self.note(&request, TrackRequest::default());
        let ending = request.extensions().get::<ConnectionEnding>().cloned().unwrap_or_default();
        let (mut batches, reads) = (request.into_inner(), self.reads.clone());
        let (answers, stream) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                let next = async {
                    reads.acquire().await.expect("never closed").forget();
                    batches.message().await
                };
                let answer = tokio::select! {
                    biased;
                    () = ending.begun() => Some(Told::Ending(StreamEnding::default())),
                    next = next => match next {
                        Ok(Some(batch)) => Some(Told::Verdicts(BatchVerdicts {
                            batch_number: batch.batch_number,
                            response: batch.batch.as_ref().map(verdicts_of),
                        })),
                        Ok(None) | Err(_) => None,
                    },
                };
                let Some(answer) = answer else { return };
                let ends = matches!(answer, Told::Ending(_));
                if answers.send(Ok(TrackStreamResponse { result: Some(answer) })).await.is_err() || ends {
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// Rejects events without an id.
fn verdicts_of(batch: &TrackRequest) -> TrackResponse {
    let rejected = EventVerdict {
        verdict: Verdict::Rejected.into(),
        reason: ErrorReason::InvalidField.into(),
        field: "event_id".to_owned(),
        description: "must be a UUID".to_owned(),
        ..EventVerdict::default()
    };
    let accepted = EventVerdict { verdict: Verdict::Accepted.into(), ..EventVerdict::default() };
    let of = |id: &str| if id.is_empty() { rejected.clone() } else { accepted.clone() };
    let verdicts: Vec<EventVerdict> = batch.events.iter().map(|event| of(&event.event_id)).collect();
    let count = |verdict: Verdict| verdicts.iter().filter(|told| told.verdict() == verdict).count() as i64;
    let counts = VerdictCounts {
        accepted: count(Verdict::Accepted),
        rejected: count(Verdict::Rejected),
        ..VerdictCounts::default()
    };
    TrackResponse { verdicts, counts: Some(counts), commit_unknown: false }
}
