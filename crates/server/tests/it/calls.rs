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

use crate::support::{Deployment as _, Server, Stack, block_on, in_both_modes};

pub(crate) async fn channel(endpoint: &str) -> Channel {
    Channel::from_shared(endpoint.to_owned()).expect("a URL").connect().await.expect("it listens")
}

pub(crate) fn by<T>(key: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let value = MetadataValue::try_from(format!("Bearer {key}")).expect("a key");
    request.metadata_mut().insert("authorization", value);
    request
}

pub(crate) fn reason_of(status: &Status) -> String {
    status.get_details_error_info().expect("every error of ours has a reason").reason
}

/// Calls the platform in every way it runs, by its endpoint and an admin key.
fn call<F: Future<Output = ()> + Send>(test: impl Fn(String, String) -> F) {
    in_both_modes(|platform| {
        platform.create_project("web", "UTC");
        block_on(test(platform.endpoint(), platform.admin_key()));
    });
}

async fn reflect(endpoint: &str, question: MessageRequest) -> MessageResponse {
    let request = ServerReflectionRequest { host: String::new(), message_request: Some(question) };
    let mut client = ServerReflectionClient::new(channel(endpoint).await);
    let mut answers = client.server_reflection_info(once(request)).await.expect("it answers").into_inner();
    answers.next().await.expect("one answer").expect("no error").message_response.expect("a message")
}

#[test]
fn reflection_tells_the_services_and_describes_them() {
    call(async |endpoint, _| {
        let list = reflect(&endpoint, MessageRequest::ListServices(String::new())).await;
        let MessageResponse::ListServicesResponse(list) = list else { panic!("no list") };
        let names: BTreeSet<String> = list.service.into_iter().map(|service| service.name).collect();
        for service in ["IngestService", "ImportService", "QueryService", "AdminService"] {
            assert!(names.contains(&format!("analytics.v1.{service}")), "{names:?}");
        }
        let symbol = MessageRequest::FileContainingSymbol("analytics.v1.QueryService".to_owned());
        let MessageResponse::FileDescriptorResponse(files) = reflect(&endpoint, symbol).await else {
            panic!("no file")
        };
        let names_call = |file: &Vec<u8>| file.windows(11).any(|text| text == b"QueryTotals");
        assert!(files.file_descriptor_proto.iter().any(names_call), "the description names the calls");
    });
}

#[test]
fn the_health_service_says_that_it_serves() {
    let server = Server::start();
    block_on(assert_serves(&server.endpoint(), &["", "analytics.v1.IngestService"]));
    let stack = Stack::start();
    block_on(assert_serves(&stack.endpoint(), &[""]));
    block_on(assert_serves(&format!("http://{}", stack.collectors[0].address()), &["", "analytics.v1.IngestService"]));
    block_on(assert_serves(&format!("http://{}", stack.queries[0].address()), &["", "analytics.v1.QueryService"]));
}

async fn assert_serves(endpoint: &str, services: &[&str]) {
    let mut client = HealthClient::new(channel(endpoint).await);
    for service in services {
        let answer = client.check(HealthCheckRequest { service: (*service).to_owned() }).await.expect("it answers");
        assert_eq!(answer.into_inner().status(), ServingStatus::Serving, "{endpoint} {service}");
    }
}

#[test]
fn oversized_batches_are_refused_for_good_and_say_the_limit() {
    call(async |endpoint, key| {
        let mut client = IngestServiceClient::new(channel(&endpoint).await);
        let track = |events| v1::TrackRequest { project: "projects/web".to_owned(), events, ..Default::default() };

        let many = client.track(by(&key, track(vec![v1::Event::default(); 1001]))).await.expect_err("too many");
        assert_eq!((many.code(), reason_of(&many).as_str()), (Code::InvalidArgument, "ERROR_REASON_INVALID_FIELD"));
        let violations = many.get_details_bad_request().expect("it names fields").field_violations;
        assert_eq!(violations[0].field, "events");
        assert!(violations[0].description.contains("1000"), "{}", violations[0].description);

        let long = v1::Event { url: "x".repeat(2 << 20), ..Default::default() };
        let large = client.track(by(&key, track(vec![long]))).await.expect_err("too large");
        let code_and_reason = (large.code(), reason_of(&large));
        assert_eq!(code_and_reason, (Code::InvalidArgument, "ERROR_REASON_MESSAGE_TOO_LARGE".to_owned()));
        assert!(large.message().contains("1048576"), "{}", large.message());
    });
}

#[test]
fn a_call_without_a_key_says_how_to_send_one() {
    call(async |endpoint, _| {
        let mut client = AdminServiceClient::new(channel(&endpoint).await);
        let status = client.list_projects(v1::ListProjectsRequest::default()).await.expect_err("no key");
        assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Unauthenticated, "ERROR_REASON_KEY_MISSING"));
        assert!(status.message().contains("authorization: Bearer"), "{}", status.message());
    });
}
