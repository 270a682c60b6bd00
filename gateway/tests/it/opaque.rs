//! What services see of a call.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use analytics_gateway::GatewayOptions;
use analytics_rpc::ClientAddress;
use http::request::Parts;
use http::{Request, Response, Version};
use tonic::Status;
use tonic::body::Body;

use crate::http1::send;
use crate::setup::gateway;

/// A service that remembers the one request that it got.
fn witness() -> (impl analytics_gateway::Upstream, Arc<Mutex<Option<Parts>>>) {
    let seen = Arc::new(Mutex::new(None));
    let remember = seen.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        *remember.lock().unwrap() = Some(request.into_parts().0);
        std::future::ready(Ok::<Response<Body>, Infallible>(Status::ok("").into_http()))
    });
    (service, seen)
}

#[tokio::test]
async fn services_see_a_grpc_call_with_its_metadata_and_nothing_of_the_connection() {
    let (upstream, seen) = witness();
    let options = GatewayOptions { path_prefix: "/stats".parse().unwrap(), ..GatewayOptions::default() };
    let headers = [
        "content-type: application/grpc-web+proto",
        "authorization: Bearer ak_x",
        "grpc-timeout: 10S",
        "x-of-tomorrow: kept",
        "keep-alive: timeout=5",
        "proxy-connection: keep-alive",
        "upgrade: h2c",
    ];
    let path = "POST /stats/analytics.v1.QueryService/MethodOfTomorrow?x=1";
    assert_eq!(send(gateway(options, upstream).await, path, &headers, &[0; 5]).await.status, 200);

    let call = seen.lock().unwrap().take().expect("the call arrived");
    assert_eq!(call.uri.to_string(), "/analytics.v1.QueryService/MethodOfTomorrow");
    assert_eq!(call.version, Version::HTTP_2);
    assert_eq!(call.headers["content-type"], "application/grpc");
    for (name, value) in [("authorization", "Bearer ak_x"), ("grpc-timeout", "10S"), ("x-of-tomorrow", "kept")] {
        assert_eq!(call.headers[name], value);
    }
    for name in ["host", "connection", "keep-alive", "proxy-connection", "upgrade", "content-length"] {
        assert!(!call.headers.contains_key(name), "{name}");
    }
    // The address of the client is what visitors are told apart by.
    let client = call.extensions.get::<ClientAddress>().expect("it is among the extensions");
    assert!(client.0.is_loopback());
}
