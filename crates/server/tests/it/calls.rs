//! The services as any gRPC client finds them: reflection, health, limits.

use std::collections::BTreeSet;

use analytics_proto::v1::{self, admin_service_client::AdminServiceClient, ingest_service_client::IngestServiceClient};
use tokio_stream::{StreamExt as _, once};
use tonic::{Code, Request, Status, metadata::MetadataValue, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use tonic_types::StatusExt as _;

use crate::support::Server;

async fn channel(server: &Server) -> Channel {
    Channel::from_shared(server.endpoint()).expect("a URL").connect().await.expect("it listens")
}

fn by<T>(key: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let value = MetadataValue::try_from(format!("Bearer {key}")).expect("a key");
    request.metadata_mut().insert("authorization", value);
    request
}

fn reason_of(status: &Status) -> String {
    status.get_details_error_info().expect("every error of ours has a reason").reason
}

async fn reflect(server: &Server, question: MessageRequest) -> MessageResponse {
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(question) };
    let mut client = ServerReflectionClient::new(channel(server).await);
    let mut answers = client.server_reflection_info(once(request)).await.expect("it answers").into_inner();
    answers.next().await.expect("one answer").expect("no error").message_response.expect("a message")
}

#[tokio::test]
async fn reflection_tells_the_services_and_describes_them() {
    let server = Server::start();
    let MessageResponse::ListServicesResponse(list) =
        reflect(&server, MessageRequest::ListServices(String::new())).await
    else {
        panic!("no list")
    };
    let names: BTreeSet<String> = list.service.into_iter().map(|service| service.name).collect();
    for service in ["IngestService", "ImportService", "QueryService", "AdminService"] {
        assert!(names.contains(&format!("analytics.v1.{service}")), "{names:?}");
    }
    let symbol = MessageRequest::FileContainingSymbol("analytics.v1.QueryService".to_owned());
    let MessageResponse::FileDescriptorResponse(files) = reflect(&server, symbol).await else { panic!("no file") };
    let described = files.file_descriptor_proto.iter().any(|file| file.windows(11).any(|text| text == b"QueryTotals"));
    assert!(described, "the description names the calls");
}

#[tokio::test]
async fn the_health_service_says_that_it_serves() {
    let server = Server::start();
    let mut client = HealthClient::new(channel(&server).await);
    for service in ["", "analytics.v1.IngestService"] {
        let answer = client.check(HealthCheckRequest { service: service.to_owned() }).await.expect("it answers");
        assert_eq!(answer.into_inner().status(), ServingStatus::Serving, "{service}");
    }
}

#[tokio::test]
async fn oversized_batches_are_refused_for_good_and_say_the_limit() {
    let server = Server::start();
    server.create_project("web", "UTC");
    let key = server.admin_key();
    let mut client = IngestServiceClient::new(channel(&server).await);
    let track = |events| v1::TrackRequest { project: "projects/web".to_owned(), events, ..Default::default() };

    let many = client.track(by(&key, track(vec![v1::Event::default(); 1001]))).await.expect_err("too many");
    assert_eq!((many.code(), reason_of(&many).as_str()), (Code::InvalidArgument, "ERROR_REASON_INVALID_FIELD"));
    let violations = many.get_details_bad_request().expect("it names fields").field_violations;
    assert_eq!(violations[0].field, "events");
    assert!(violations[0].description.contains("1000"), "{}", violations[0].description);

    let long = v1::Event { url: "x".repeat(2 << 20), ..Default::default() };
    let large = client.track(by(&key, track(vec![long]))).await.expect_err("too large");
    assert_eq!((large.code(), reason_of(&large).as_str()), (Code::InvalidArgument, "ERROR_REASON_MESSAGE_TOO_LARGE"));
    assert!(large.message().contains("1048576"), "{}", large.message());
}

#[tokio::test]
async fn a_call_without_a_key_says_how_to_send_one() {
    let server = Server::start();
    let mut client = AdminServiceClient::new(channel(&server).await);
    let status = client.list_projects(v1::ListProjectsRequest::default()).await.expect_err("no key");
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Unauthenticated, "ERROR_REASON_KEY_MISSING"));
    assert!(status.message().contains("authorization: Bearer"), "{}", status.message());
}
