//! The services as they are mounted: each with the limits of the platform, because a framework's own are open or others.

use std::{convert::Infallible, sync::Arc};

use analytics_admin::{AdminGrpc, AdminPorts, QuarantineGrpc};
use analytics_collector::{AddressFiles, Collector, ImportGrpc, IngestGrpc, StreamLimits};
use analytics_domain::ports::Quarantine;
use analytics_engine::{Engine, EngineOptions};
use analytics_gateway::{Gateway, GatewayOptions};
use analytics_proto::v1::{
    admin_service_server::{AdminServiceServer, SERVICE_NAME as ADMIN},
    import_service_server::{ImportServiceServer, SERVICE_NAME as IMPORT},
    ingest_service_server::{IngestServiceServer, SERVICE_NAME as INGEST},
    quarantine_service_server::{QuarantineServiceServer, SERVICE_NAME as QUARANTINE},
    query_service_server::{QueryServiceServer, SERVICE_NAME as QUERY},
};
use analytics_query::QueryGrpc;
use analytics_rpc::{Authenticator, Drain, EdgeLayer, Limits, Readiness};
use anyhow::Context as _;
use axum::Router;
use tonic::{
    body::Body,
    codec::CompressionEncoding::Gzip,
    service::{Routes, interceptor::InterceptedService},
};
use tower::{Layer as _, Service, ServiceExt as _};

use crate::config::Settings;

/// The services of a collector.
pub(crate) const OF_COLLECTOR: [&str; 2] = [INGEST, IMPORT];
/// The services of a query process.
pub(crate) const OF_QUERY: [&str; 3] = [QUERY, ADMIN, QUARANTINE];

/// What every port speaks: health, and reflection of the whole contract.
pub(crate) async fn common(readiness: &Readiness, names: &[&'static str]) -> anyhow::Result<Routes> {
    let (health, keep_health) = readiness.health_service(names.iter().copied()).await;
    tokio::spawn(keep_health);
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(analytics_proto::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    Ok(Routes::new(health).add_service(reflection))
}

/// Writes the counts of a collector until the drain begins. What comes after that is written by [`Collector::write_counts`].
pub(crate) fn keep_counts(drain: &Drain, collector: &Arc<Collector>) {
    let (collector, token) = (collector.clone(), drain.token().clone());
    tokio::spawn(async move { collector.keep_counts(token).await });
}

/// The files about addresses that the settings name, which are read again when they change.
pub(crate) fn address_files(settings: &Settings) -> anyhow::Result<Arc<AddressFiles>> {
    let files = AddressFiles::open(settings.geo_file.clone(), settings.datacenter_file.clone())
        .context("the settings `geo_file` and `datacenter_file` name files about addresses")?;
    tracing::info!("{}", files.summary());
    let files = Arc::new(files);
    let watched = files.clone();
    tokio::spawn(async move { watched.keep_fresh().await });
    Ok(files)
}

/// Adds the services that take events.
pub(crate) fn add_collector(
    routes: Routes,
    collector: &Arc<Collector>,
    authenticator: &Authenticator,
    limits: &Limits,
) -> Routes {
    let of_key = (limits.streams / 4).max(1);
    let streams = StreamLimits { of_key, message_bytes: limits.ingest_request_bytes, ..StreamLimits::default() };
    let ingest = IngestServiceServer::new(IngestGrpc::new(collector.clone(), authenticator.clone(), streams))
        .max_decoding_message_size(limits.ingest_request_bytes)
        .max_encoding_message_size(limits.answer_bytes)
        .accept_compressed(Gzip);
    // Before a message is read: whoever has used up a quota must not cost more than saying so.
    let turn_away = authenticator.clone();
    let ingest = InterceptedService::new(ingest, move |request| turn_away.turn_away(request));
    let import = ImportServiceServer::new(ImportGrpc::new(collector.clone(), authenticator.clone()))
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.answer_bytes);
    routes.add_service(ingest).add_service(import)
}

/// Adds the services that answer questions, manage projects and keys, and show what the store refuses.
pub(crate) fn add_query(
    routes: Routes,
    engine: &Arc<Engine>,
    admin: AdminPorts,
    quarantine: Arc<dyn Quarantine>,
    authenticator: &Authenticator,
    limits: &Limits,
) -> Routes {
    let query = QueryServiceServer::new(QueryGrpc::new(engine.clone(), authenticator.clone(), admin.clock.clone()))
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.answer_bytes)
        .accept_compressed(Gzip)
        .send_compressed(Gzip);
    let quarantine = QuarantineGrpc::new(quarantine, admin.catalog.clone(), authenticator.clone());
    let quarantine = QuarantineServiceServer::new(quarantine)
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.answer_bytes);
    let admin = AdminServiceServer::new(AdminGrpc::new(admin, authenticator.clone()))
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.answer_bytes);
    routes.add_service(query).add_service(admin).add_service(quarantine)
}

/// The one address for every client, in front of services of this process or of others.
pub(crate) fn gateway<S>(settings: &Settings, limits: &Limits, services: S) -> anyhow::Result<Router>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    let options = GatewayOptions {
        allowed_origins: settings.allowed_origins.iter().map(|origin| origin.parse()).collect::<Result<_, _>>()?,
        path_prefix: settings.path_prefix.parse()?,
        track_path: settings.track_path.parse().context("setting `track_path`")?,
    };
    let edge = EdgeLayer::new(limits).layer(services);
    // The edge sees trailers on their way out, so its bodies are of its own kind; the gateway takes any service of plain ones.
    let upstream = tower::service_fn(move |request: http::Request<Body>| {
        let answer = edge.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answer.await?.map(Body::new)) }
    });
    Ok(Gateway::new(options, upstream).into_router())
}

pub(crate) fn engine_options(settings: &Settings) -> EngineOptions {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let parallelism = match settings.query_parallelism {
        0 => processors(),
        days => days,
    };
    EngineOptions { cache_bytes: settings.cache_bytes, parallelism }
}
