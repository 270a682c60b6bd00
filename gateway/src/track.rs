//! `/track`: events as JSON by POST, and the pixel by GET, for whoever speaks no gRPC.
//!
//! It is one more client of `IngestService`: what it was sent becomes a `Track` call with the sender's headers and address, so that a
//! collector sees the same sender as in a grpc-web call, and the answer is that of the call.

mod answer;
mod batch;
mod body;
mod cors;
mod pixel;
mod sender;

use std::sync::Arc;

use analytics_domain::Clock;
use analytics_proto::v1::{TrackResponse, ingest_service_client::IngestServiceClient};
use analytics_rpc::{Limits, RpcError};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use http::{Method, StatusCode, request::Parts};
use tonic::Status;
use tower_http::compression::CompressionLayer;

use self::{answer::Refusal, batch::Batch, body::BodyReader, sender::Sender};
use crate::{forward::Upcalls, refusal::refuse_method};

/// What the endpoint needs; clones share it.
#[derive(Clone)]
struct Track {
    ingest: IngestServiceClient<Upcalls>,
    bodies: BodyReader,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

/// The endpoint at this path, which calls these services.
pub(crate) fn router(path: &str, upcalls: Upcalls, clock: Arc<dyn Clock>) -> Router {
    let limits = Limits::default();
    let track = Track {
        ingest: IngestServiceClient::new(upcalls).max_decoding_message_size(limits.answer_bytes),
        bodies: BodyReader::new(limits.ingest_request_bytes),
        clock,
        limits,
    };
    Router::new()
        .route(path, any(respond))
        .with_state(track)
        .layer(CompressionLayer::new())
        // Outermost: a preflight ends here, and every answer, errors included, can be read.
        .layer(cors::layer())
}

async fn respond(State(track): State<Track>, request: Request) -> Response {
    let (method, response) = match *request.method() {
        Method::POST => ("post", track.post(request).await),
        Method::GET => ("get", track.pixel(request).await),
        _ => return refuse_method("GET, POST", "events are sent with POST, or with GET as the address of an image"),
    };
    let status = response.status().as_str().to_owned();
    metrics::counter!("analytics_track_requests_total", "method" => method, "status" => status).increment(1);
    response
}

impl Track {
    async fn post(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        match self.take_posted(&head, body).await {
            Ok(response) => answer::verdicts(&response),
            Err(refusal) => refusal.into_json(),
        }
    }

    async fn take_posted(&self, head: &Parts, body: Body) -> Result<TrackResponse, Refusal> {
        body::check_type(&head.headers)?;
        let sender = Sender::of(head, sender::key_in_query(head.uri.query()))?;
        let in_time = tokio::time::timeout(self.limits.call_timeout, self.bodies.read(&head.headers, body));
        let body = in_time.await.map_err(|_| Status::from(RpcError::DeadlineExceeded))??;
        let Batch { request, undecodable } = Batch::of_json(&body.bytes).map_err(Status::from)?;
        let mut response = self.call(sender, request).await?;
        batch::tell_undecodable(&mut response, undecodable);
        Ok(response)
    }

    async fn pixel(&self, request: Request) -> Response {
        let (head, _) = request.into_parts();
        match self.take_pixel(&head).await {
            Ok(response) => pixel::answer(&response),
            Err(refusal) => pixel::refuse(&refusal),
        }
    }

    async fn take_pixel(&self, head: &Parts) -> Result<TrackResponse, Refusal> {
        let pixel = pixel::read(head, self.clock.now()).map_err(Status::from)?;
        let sender = Sender::of(head, pixel.key)?.shown_by(&pixel.page);
        Ok(self.call(sender, pixel.request).await?)
    }

    async fn call(&self, sender: Sender, batch: analytics_proto::v1::TrackRequest) -> Result<TrackResponse, Status> {
        let answer = self.ingest.clone().track(sender.request(batch)).await?;
        Ok(answer.into_inner())
    }
}

/// The status of an answer whose events were taken, whatever became of each.
const TAKEN: StatusCode = StatusCode::ACCEPTED;
