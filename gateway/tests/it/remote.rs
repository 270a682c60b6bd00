//! Services in other processes.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use analytics_gateway::GatewayOptions;
use axum::Router;
use http::{HeaderMap, Request};
use tonic::service::Routes;
use tonic::{Code, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::HealthReporter;

use crate::setup::{channel, gateway, nowhere, remote, serve, serve_router};

/// A server that remembers with which headers it was called, and answers nothing of use.
async fn listener() -> (SocketAddr, Arc<Mutex<Vec<HeaderMap>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let kept = heard.clone();
    let service = tower::service_fn(move |request: Request<axum::body::Body>| {
        kept.lock().unwrap().push(request.headers().clone());
        async { Ok::<_, Infallible>(Status::unimplemented("heard").into_http::<axum::body::Body>()) }
    });
    (serve_router(Router::new().fallback_service(service)).await, heard)
}

async fn check(address: SocketAddr) -> Result<(), Status> {
    HealthClient::new(channel(address)).check(HealthCheckRequest::default()).await.map(drop)
}

/// A healthy server, and what makes it say that it is not.
async fn healthy() -> (SocketAddr, HealthReporter) {
    let (reporter, service) = tonic_health::server::health_reporter();
    (serve(Routes::new(service)).await, reporter)
}

#[tokio::test]
async fn a_call_leaves_as_it_came_but_for_whom_it_comes_from() {
    let (behind, heard) = listener().await;
    let address = gateway(GatewayOptions::default(), remote([behind])).await;
    let mut client = HealthClient::new(
        tonic::transport::Endpoint::from_shared(format!("http://{address}"))
            .unwrap()
            .user_agent("Mozilla/5.0 (X11; Linux x86_64)")
            .unwrap()
            .connect_lazy(),
    );
    let mut request = tonic::Request::new(HealthCheckRequest::default());
    request.metadata_mut().insert("authorization", "Bearer ak_1".parse().unwrap());
    request.metadata_mut().insert("x-forwarded-for", "198.51.100.9".parse().unwrap());
    assert_eq!(client.check(request).await.unwrap_err().message(), "heard");

    let heard = heard.lock().unwrap();
    let text = |name: &str| heard[0][name].to_str().unwrap().to_owned();
    // The client's own framework adds its name; this gateway, between the two, adds none.
    assert_eq!(text("user-agent").matches("tonic/").count(), 1);
    assert!(text("user-agent").starts_with("Mozilla/5.0 (X11; Linux x86_64)"));
    assert_eq!(text("authorization"), "Bearer ak_1");
    let forwarded: Vec<_> = heard[0].get_all("x-forwarded-for").iter().collect();
    assert_eq!(forwarded, ["127.0.0.1"], "what a client claims about its address is replaced");
}

#[tokio::test]
async fn calls_go_round_and_pass_by_who_is_down() {
    let (first, first_heard) = listener().await;
    let (second, second_heard) = listener().await;
    let address = gateway(GatewayOptions::default(), remote([first, nowhere().await, second])).await;
    for _ in 0..12 {
        assert_eq!(check(address).await.unwrap_err().message(), "heard");
    }
    let (first, second) = (first_heard.lock().unwrap().len(), second_heard.lock().unwrap().len());
    assert_eq!(first + second, 12);
    assert!(first >= 4 && second >= 4, "{first} and {second}");
}

#[tokio::test]
async fn who_says_that_it_is_not_ready_is_asked_last() {
    let ((first, reporter), (second, heard)) = (healthy().await, listener().await);
    let service = remote([first, second]);
    let address = gateway(GatewayOptions::default(), service.clone()).await;
    reporter.set_service_status("", ServingStatus::NotServing).await;
    let missing: BTreeSet<String> = service.probe().await.into_iter().map(|(address, _)| address.to_string()).collect();
    // The listener answers the question after its health with nothing of use, so both are missing, and calls still go somewhere.
    assert_eq!(missing, [format!("http://{first}"), format!("http://{second}")].into());
    let before = heard.lock().unwrap().len();
    let answers = [check(address).await.is_ok(), check(address).await.is_ok()];
    assert!(answers.contains(&true) && answers.contains(&false), "{answers:?}");
    assert_eq!(heard.lock().unwrap().len(), before + 1);

    reporter.set_service_status("", ServingStatus::Serving).await;
    assert_eq!(service.probe().await.len(), 1);
    for _ in 0..4 {
        assert!(check(address).await.is_ok(), "the one that is well takes all");
    }
}

#[tokio::test]
async fn when_nobody_answers_the_caller_is_asked_to_come_back() {
    let address = gateway(GatewayOptions::default(), remote([nowhere().await, nowhere().await])).await;
    assert_eq!(check(address).await.unwrap_err().code(), Code::Unavailable);
    let service = remote([nowhere().await]);
    let missing = service.probe().await;
    assert_eq!(missing.len(), service.process_count());
    assert!(missing[0].1.contains("refused"), "{missing:?}");
}

#[tokio::test]
async fn a_server_that_comes_back_is_found_again() {
    let address = nowhere().await;
    let front = gateway(GatewayOptions::default(), remote([address])).await;
    assert_eq!(check(front).await.unwrap_err().code(), Code::Unavailable);
    let (_reporter, service) = tonic_health::server::health_reporter();
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(axum::serve(listener, Routes::new(service).into_axum_router()).into_future());
    // It is not tried again for a moment.
    while let Err(status) = check(front).await {
        assert_eq!(status.code(), Code::Unavailable);
        tokio::task::yield_now().await;
    }
}
