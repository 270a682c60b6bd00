//! The services of one process behind their edge and the gateway.

use std::convert::Infallible;

use analytics_admin::AdminGrpc;
use analytics_collector::{ImportGrpc, IngestGrpc};
use analytics_gateway::{Gateway, GatewayOptions};
use analytics_proto::v1::{
    admin_service_server::{AdminServiceServer, SERVICE_NAME as ADMIN},
    import_service_server::{ImportServiceServer, SERVICE_NAME as IMPORT},
    ingest_service_server::{IngestServiceServer, SERVICE_NAME as INGEST},
    query_service_server::{QueryServiceServer, SERVICE_NAME as QUERY},
};
use analytics_query::QueryGrpc;
use analytics_rpc::{Authenticator, EdgeLayer, Limits, Readiness};
use axum::Router;
use tonic::{body::Body, codec::CompressionEncoding::Gzip, service::Routes};
use tower::{Layer as _, ServiceExt as _};

use super::embedded::Embedded;
use crate::config::Settings;

/// Everything that the one address serves.
pub(super) async fn gateway(
    settings: &Settings,
    embedded: &Embedded,
    readiness: &Readiness,
    limits: &Limits,
) -> anyhow::Result<Router> {
    let options = GatewayOptions {
        allowed_origins: settings.allowed_origins.iter().map(|origin| origin.parse()).collect::<Result<_, _>>()?,
        path_prefix: settings.path_prefix.parse()?,
    };
    let edge = EdgeLayer::new(limits).layer(routes(embedded, readiness, limits).await?);
    // The edge sees trailers on their way out, so its bodies are of its own kind; the gateway takes any service of plain ones.
    let upstream = tower::service_fn(move |request: http::Request<Body>| {
        let answer = edge.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await?.map(Body::new)) }
    });
    Ok(Gateway::new(options, upstream).into_router())
}

async fn routes(embedded: &Embedded, readiness: &Readiness, limits: &Limits) -> anyhow::Result<Routes> {
    let authenticator = Authenticator::new(embedded.catalog.clone(), embedded.clock.clone());
    let (health, keep_health) = readiness.health_service([INGEST, IMPORT, QUERY, ADMIN]).await;
    tokio::spawn(keep_health);
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(analytics_proto::FILE_DESCRIPTOR_SET)
        .build_v1()?;

    let ingest = IngestServiceServer::new(IngestGrpc::new(embedded.collector.clone(), authenticator.clone()));
    let import = ImportServiceServer::new(ImportGrpc::new(embedded.collector.clone(), authenticator.clone()));
    let query =
        QueryServiceServer::new(QueryGrpc::new(embedded.engine.clone(), authenticator.clone(), embedded.clock.clone()));
    let admin =
        AdminServiceServer::new(AdminGrpc::new(embedded.catalog.clone(), embedded.clock.clone(), authenticator));
    // Each with the limits of the platform; a framework's own are open or others.
    Ok(Routes::new(
        ingest
            .max_decoding_message_size(limits.ingest_request_bytes)
            .max_encoding_message_size(limits.answer_bytes)
            .accept_compressed(Gzip),
    )
    .add_service(import.max_decoding_message_size(limits.request_bytes).max_encoding_message_size(limits.answer_bytes))
    .add_service(
        query
            .max_decoding_message_size(limits.request_bytes)
            .max_encoding_message_size(limits.answer_bytes)
            .accept_compressed(Gzip)
            .send_compressed(Gzip),
    )
    .add_service(admin.max_decoding_message_size(limits.request_bytes).max_encoding_message_size(limits.answer_bytes))
    .add_service(health)
    .add_service(reflection))
}
