//! Native gRPC clients.

use analytics_gateway::GatewayOptions;
use tonic::Code;
use tonic_health::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus as Seen};
use tonic_types::StatusExt as _;

use crate::setup::{channel, default_gateway, gateway, health, nowhere, remote, remote_gateway, serve};

fn asking_for(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

#[tokio::test]
async fn calls_reach_services_of_this_process_and_of_another() {
    for address in [default_gateway().await, remote_gateway().await] {
        let mut client = HealthClient::new(channel(address));
        let answer = client.check(asking_for("ready")).await.unwrap().into_inner();
        assert_eq!(answer.status(), Seen::Serving);

        let refusal = client.check(asking_for("unheard-of")).await.unwrap_err();
        assert_eq!((refusal.code(), refusal.message()), (Code::NotFound, "service not registered"));
    }
}

#[tokio::test]
async fn a_stream_arrives_message_by_message() {
    let (reporter, routes) = health().await;
    let services = serve(routes.clone()).await;
    for address in
        [gateway(GatewayOptions::default(), routes).await, gateway(GatewayOptions::default(), remote([services])).await]
    {
        reporter.set_service_status("ready", ServingStatus::Serving).await;
        let mut stream = HealthClient::new(channel(address)).watch(asking_for("ready")).await.unwrap().into_inner();
        assert_eq!(stream.message().await.unwrap().unwrap().status(), Seen::Serving);
        // The second message is made only after the first has arrived.
        reporter.set_service_status("ready", ServingStatus::NotServing).await;
        assert_eq!(stream.message().await.unwrap().unwrap().status(), Seen::NotServing);
    }
}

#[tokio::test]
async fn services_that_are_not_offered_are_unimplemented() {
    // A stranger behind the gateway is not reached, whatever it would answer.
    let address = default_gateway().await;
    let mut grpc = tonic::client::Grpc::new(channel(address));
    grpc.ready().await.unwrap();
    let path = "/stranger.v1.Stranger/Call".parse().unwrap();
    let codec = tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckRequest>::default();
    let refusal = grpc.unary(tonic::Request::new(asking_for("")), path, codec).await.unwrap_err();
    assert_eq!(refusal.code(), Code::Unimplemented);
    assert!(refusal.message().contains("reflection"), "{}", refusal.message());
}

#[tokio::test]
async fn services_that_are_down_are_unavailable_for_a_while() {
    let address = gateway(GatewayOptions::default(), remote([nowhere().await])).await;
    let refusal = HealthClient::new(channel(address)).check(asking_for("")).await.unwrap_err();
    assert_eq!(refusal.code(), Code::Unavailable);
    assert!(!refusal.message().contains("127.0.0.1"), "where services are is nobody's business: {}", refusal.message());
    let retry_after = refusal.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(retry_after.is_some_and(|delay| delay.as_millis() >= 1000), "{retry_after:?}");
}

#[tokio::test]
async fn calls_need_no_path_prefix() {
    let options = GatewayOptions { path_prefix: "/stats".parse().unwrap(), ..GatewayOptions::default() };
    let address = gateway(options, health().await.1).await;
    let answer = HealthClient::new(channel(address)).check(asking_for("ready")).await.unwrap();
    assert_eq!(answer.into_inner().status(), Seen::Serving);
}
