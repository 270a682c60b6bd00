//! The ways to send a batch.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient, track_stream_response::Result as Answer};
use prost::Message as _;
use serde_json::{Value, json};

use super::table::Case;
use crate::calls::{by, channel};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Grpc,
    GrpcStream,
    GrpcWeb,
    Json,
}

impl Transport {
    pub(super) const ALL: [Self; 4] = [Self::Grpc, Self::GrpcStream, Self::GrpcWeb, Self::Json];

    /// Sends all of them as one batch.
    pub(super) async fn send(self, endpoint: &str, key: &str, cases: &[Case]) -> v1::TrackResponse {
        let events = cases.iter().map(|case| case.event.clone()).collect();
        let batch = v1::TrackRequest { events, ack_level: v1::AckLevel::Committed.into(), ..Default::default() };
        match self {
            Self::Grpc => {
                let mut client = IngestServiceClient::new(channel(endpoint).await);
                client.track(by(key, batch)).await.expect("verdicts").into_inner()
            }
            Self::GrpcStream => {
                let mut client = IngestServiceClient::new(channel(endpoint).await);
                let message = v1::TrackStreamRequest { batch_number: 1, batch: Some(batch) };
                let answers = client.track_stream(by(key, tokio_stream::once(message))).await.expect("a stream");
                let answer = answers.into_inner().message().await.expect("no failure").expect("an answer");
                let Some(Answer::Verdicts(verdicts)) = answer.result else { panic!("{answer:?}") };
                verdicts.response.expect("verdicts")
            }
            Self::GrpcWeb => {
                let message = batch.encode_to_vec();
                let frame = [&[0], &(message.len() as u32).to_be_bytes()[..], &message].concat();
                let path = "/analytics.v1.IngestService/Track";
                let body = post(endpoint, path, key, "application/grpc-web+proto", &frame);
                let length = u32::from_be_bytes(body[1..5].try_into().expect("four bytes")) as usize;
                let trailers = String::from_utf8_lossy(&body[5 + length..]).into_owned();
                assert!(trailers.contains("grpc-status:0"), "{trailers}");
                v1::TrackResponse::decode(&body[5..5 + length]).expect("a message")
            }
            Self::Json => {
                let events: Vec<Value> = cases.iter().map(in_json).collect();
                let document = json!({"events": events, "ackLevel": "ACK_LEVEL_COMMITTED"}).to_string();
                let body = post(endpoint, "/track", key, "application/json", document.as_bytes());
                serde_json::from_slice(&body).expect("a TrackResponse")
            }
        }
    }
}

fn in_json(case: &Case) -> Value {
    let Some((field, value)) = &case.in_json else { return serde_json::to_value(&case.event).expect("JSON") };
    // Its own value has none.
    let good = v1::Event { kind: 1, occurred_at: None, properties: Default::default(), ..case.event.clone() };
    let mut document = serde_json::to_value(good).expect("JSON");
    if *field != "occurredAt" {
        let occurred_at = case.event.occurred_at.as_ref();
        document["occurredAt"] = serde_json::to_value(occurred_at).expect("JSON");
    }
    document[*field] = value.clone();
    document
}

/// The body of the answer to a request of HTTP/1.0, which ends with its connection.
fn post(endpoint: &str, path: &str, key: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let address = endpoint.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: {content_type}\r\nAuthorization: Bearer {key}\r\n\
         User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("it reads");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("it answers");
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("headers end");
    let body = response.split_off(end + 4);
    let head = String::from_utf8_lossy(&response);
    assert!(
        head.starts_with("HTTP/1.0 20") || head.starts_with("HTTP/1.1 20"),
        "{head}{}",
        String::from_utf8_lossy(&body)
    );
    body
}
