//! A service that does what the request's `project` says, to see what its callers get.

use std::{sync::Arc, time::Duration};

use analytics_proto::v1::{
    EventVerdict, TrackRequest, TrackResponse, TrackStreamRequest, TrackStreamResponse,
    ingest_service_server::{IngestService, IngestServiceServer},
};
use analytics_rpc::{ClientAddress, Edge, EdgeLayer, Limits, RpcError, deadline_of};
use tokio::{sync::Notify, time::Instant};
use tonic::{Request, Response, Status, codec::CompressionEncoding::Gzip, service::Routes};
use tower::Layer as _;

/// What the probe tells its test, and waits for.
#[derive(Clone, Default)]
pub(crate) struct Signals {
    pub(crate) began: Arc<Notify>,
    pub(crate) go_on: Arc<Notify>,
}

struct Probe(Signals);

#[tonic::async_trait]
impl IngestService for Probe {
    type TrackStreamStream = futures::stream::BoxStream<'static, Result<TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        _: Request<tonic::Streaming<TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        Ok(Response::new(Box::pin(futures::stream::pending())))
    }

    async fn track(&self, request: Request<TrackRequest>) -> Result<Response<TrackResponse>, Status> {
        match request.get_ref().project.as_str() {
            "panic" => panic!("as asked"),
            "too large" => Ok(told(&"x".repeat(3000))),
            "forever" => std::future::pending().await,
            "wait" => {
                self.0.began.notify_one();
                self.0.go_on.notified().await;
                Ok(told("went on"))
            }
            "deadline" => {
                let now = Instant::now();
                Ok(told(&format!("{:?}", deadline_of(request.metadata(), now) - now)))
            }
            "address" => {
                let client = request.extensions().get::<ClientAddress>();
                Ok(told(&client.map_or_else(|| "unknown".to_owned(), |client| client.0.to_string())))
            }
            "refuse" => Err(RpcError::KeyMissing.into()),
            _ => Ok(told("done")),
        }
    }
}

fn told(text: &str) -> Response<TrackResponse> {
    let verdict = EventVerdict { description: text.to_owned(), ..Default::default() };
    Response::new(TrackResponse { verdicts: vec![verdict], ..Default::default() })
}

/// What the probe told.
pub(crate) fn text(response: Response<TrackResponse>) -> String {
    response.into_inner().verdicts.swap_remove(0).description
}

pub(crate) fn ask(what: &str) -> TrackRequest {
    TrackRequest { project: what.to_owned(), ..Default::default() }
}

pub(crate) fn limits() -> Limits {
    Limits {
        ingest_request_bytes: 2000,
        answer_bytes: 2000,
        call_timeout: Duration::from_secs(10),
        calls: 2,
        grace: Duration::from_secs(20),
        ..Limits::default()
    }
}

/// The probe and a health service behind their edge.
pub(crate) fn probe(limits: &Limits, signals: Signals) -> Edge<Routes> {
    let service = IngestServiceServer::new(Probe(signals))
        .max_decoding_message_size(limits.ingest_request_bytes)
        .max_encoding_message_size(limits.answer_bytes)
        .accept_compressed(Gzip);
    let (_, health) = tonic_health::server::health_reporter();
    EdgeLayer::new(limits).layer(Routes::new(service).add_service(health))
}
