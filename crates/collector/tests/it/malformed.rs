//! A hundred thousand malformed inputs for each decoder: every answer is a clean one, nothing panics, and memory stays where it is.

mod inputs;
mod memory;

use std::convert::Infallible;

use analytics_collector::StreamLimits;
use analytics_domain::{
    ConsentPolicy,
    ports::{DeliveryOutcome, LogConsumer as _},
};
use analytics_gateway::{Gateway, GatewayOptions};
use analytics_proto::v1::{self, ingest_service_server::IngestServiceServer};
use analytics_rpc::{ClientAddress, EdgeLayer, Limits};
use analytics_stream::local::LocalLogOptions;
use axum::{Router, body::Body};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use prost::Message as _;
use tonic::{codec::CompressionEncoding::Gzip, service::Routes};
use tower::{Layer as _, ServiceExt as _};

use self::{
    inputs::{Inputs, framed, gzip},
    memory::Memory,
};
use crate::world::{HOME, World, noon, view};

const INPUTS: usize = 100_000;
/// What a decoder may take for a moment, however small the input: some times the largest message, never a multiple of that without bound.
const MAX_GROWTH: usize = 96 << 20;

/// The services as the platform serves them, in this process.
struct Platform {
    router: Router,
    key: String,
    _world: World,
}

impl Platform {
    async fn start() -> Self {
        let (world, mut consumer) = World::with_log(LocalLogOptions::default(), ConsentPolicy::default()).await;
        // What gets through is of no interest here: it is acknowledged and forgotten.
        tokio::spawn(async move {
            while let Some(deliveries) = consumer.next(1000).await.expect("the log works") {
                for delivery in deliveries {
                    let outcome = DeliveryOutcome::Committed(vec![]);
                    consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
                }
            }
        });
        let web = world.site("web", "UTC").await;
        let limits = Limits::default();
        let service = IngestServiceServer::new(world.ingest(StreamLimits::default()))
            .max_decoding_message_size(limits.ingest_request_bytes)
            .accept_compressed(Gzip);
        let edge = EdgeLayer::new(&limits).layer(Routes::new(service));
        let upstream = tower::service_fn(move |request: Request<tonic::body::Body>| {
            let answer = edge.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await?.map(tonic::body::Body::new)) }
        });
        let router = Gateway::new(GatewayOptions::default(), upstream).into_router();
        Self { router, key: web.ingest_key.expose().to_owned(), _world: world }
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (http::response::Parts, Vec<u8>) {
        let mut request = Request::post(path).header("authorization", format!("Bearer {}", self.key));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        request.extensions_mut().insert(ClientAddress(HOME.parse().expect("an address")));
        let (head, body) = self.router.clone().oneshot(request).await.expect("never fails").into_parts();
        (head, body.collect().await.expect("it ends").to_bytes().to_vec())
    }

    /// The status of a grpc-web call.
    async fn call(&self, headers: &[(&str, &str)], body: Vec<u8>) -> i32 {
        let headers = [&[("content-type", "application/grpc-web+proto")], headers].concat();
        let (head, body) = self.send("/analytics.v1.IngestService/Track", &headers, body).await;
        assert_eq!(head.status, StatusCode::OK);
        match head.headers.get("grpc-status") {
            Some(status) => status.to_str().expect("a number").parse().expect("a number"),
            None => {
                let text = String::from_utf8_lossy(&body);
                let (_, status) = text.split_once("grpc-status:").expect("trailers");
                status
                    .trim_start()
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect::<String>()
                    .parse()
                    .expect("a number")
            }
        }
    }

    async fn post(&self, headers: &[(&str, &str)], body: Vec<u8>) -> StatusCode {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send("/track", &headers, body).await.0.status
    }
}

/// Verdicts, a bad request, another project's name, a field that the key may not set.
fn assert_clean(status: i32, what: &str) {
    assert!([0, 3, 5, 7].contains(&status), "{what}: status {status}");
}

/// A message with everything in it.
fn seed() -> v1::TrackRequest {
    let property = |value| v1::PropertyValue { value: Some(value) };
    let event = v1::Event {
        name: "signup".to_owned(),
        referrer: "https://search.example/?q=a".to_owned(),
        properties: [
            ("plan".to_owned(), property(v1::property_value::Value::StringValue("pro ünï".to_owned()))),
            ("seats".to_owned(), property(v1::property_value::Value::NumberValue(3.5))),
            ("trial".to_owned(), property(v1::property_value::Value::BoolValue(true))),
        ]
        .into(),
        user_id: "user-17".to_owned(),
        value: Some(v1::Money { currency_code: "EUR".to_owned(), amount_micros: -1 }),
        interactive: Some(true),
        sequence: Some(7),
        language: "de-CH".to_owned(),
        screen_width_px: Some(1280),
        consent_signals: Some(v1::ConsentSignals { do_not_track: false, global_privacy_control: true }),
        client: Some(v1::ClientContext { ip_address: "203.0.113.9".to_owned(), user_agent: "A/1".to_owned() }),
        ..view(1, noon())
    };
    v1::TrackRequest {
        project: "projects/web".to_owned(),
        events: vec![event, view(2, noon())],
        sent_at: Some(pbjson_types::Timestamp { seconds: 1_772_452_800, nanos: 5 }),
        ack_level: v1::AckLevel::Durable.into(),
        import: String::new(),
    }
}

#[tokio::test]
async fn protobuf_messages_are_refused_cleanly() {
    let platform = Platform::start().await;
    let mut inputs = Inputs::new(11, seed().encode_to_vec());
    let memory = Memory::now();
    let mut decoded = 0;
    for number in 0..INPUTS {
        let input = inputs.next();
        let is_message = v1::TrackRequest::decode(input.as_slice()).is_ok();
        decoded += usize::from(is_message);
        // Decoding decides about most of them; through the whole service go some of both kinds.
        if number % 20 == 0 {
            assert_clean(platform.call(&[], framed(&input)).await, "a message");
        }
    }
    assert!((INPUTS / 50..INPUTS - INPUTS / 50).contains(&decoded), "{decoded} were messages: mutate better");
    for (what, make) in inputs::HOSTILE_MESSAGES {
        let (plain, compressed) = (framed(&make()), inputs::framed_as(1, &gzip(&make())));
        let status = platform.call(&[], plain).await;
        assert_eq!(status, 3, "{what}");
        let status = platform.call(&[("grpc-encoding", "gzip")], compressed).await;
        assert_eq!(status, 3, "{what}, compressed");
    }
    let bomb = inputs::framed_as(1, &inputs::bomb());
    assert_eq!(platform.call(&[("grpc-encoding", "gzip")], bomb).await, 3, "a bomb");
    memory.assert_grew_by_at_most(MAX_GROWTH);
}

#[tokio::test]
async fn grpc_web_frames_are_refused_cleanly() {
    let platform = Platform::start().await;
    let mut inputs = Inputs::new(12, framed(&seed().encode_to_vec()));
    let memory = Memory::now();
    for _ in 0..INPUTS {
        assert_clean(platform.call(&[], inputs.next()).await, "a frame");
    }
    for input in inputs::hostile_frames() {
        let what = format!("a frame that begins with {:?}", &input[..input.len().min(8)]);
        assert_clean(platform.call(&[], input.clone()).await, &what);
        assert_clean(platform.call(&[("grpc-encoding", "gzip")], input).await, &format!("{what}, compressed"));
    }
    memory.assert_grew_by_at_most(MAX_GROWTH);
}

#[tokio::test]
async fn json_is_refused_cleanly() {
    let platform = Platform::start().await;
    let mut inputs = Inputs::new(13, serde_json::to_vec(&seed()).expect("JSON"));
    let memory = Memory::now();
    for _ in 0..INPUTS {
        let status = platform.post(&[], inputs.next()).await;
        assert!([202, 400, 403, 404].contains(&status.as_u16()), "{status}");
    }
    for input in inputs::hostile_json() {
        let what = String::from_utf8_lossy(&input[..input.len().min(40)]).into_owned();
        let compressed = gzip(&input);
        let status = platform.post(&[], input).await;
        assert!([202, 400, 413].contains(&status.as_u16()), "{what}: {status}");
        let status = platform.post(&[("content-encoding", "gzip")], compressed).await;
        assert!([202, 400, 413].contains(&status.as_u16()), "{what}: {status}, compressed");
    }
    let status = platform.post(&[("content-encoding", "gzip")], inputs::bomb()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "a bomb");
    memory.assert_grew_by_at_most(MAX_GROWTH);
}
