//! `analytics query`: answers questions, and manages projects and keys.

use std::sync::Arc;

use analytics_admin::AdminPorts;
use analytics_domain::{
    Clock,
    ports::{EventStore, SegmentStore, TraceLog},
};
use analytics_engine::Engine;
use analytics_rpc::Authenticator;
use analytics_stream::{TraceLogOptions, redis::RedisTraceLog};
use anyhow::Context as _;
use tonic::service::Routes;

use super::{
    connect::{self, DATABASE_EXAMPLE, required},
    door::{Door, Later},
    redis,
};
use crate::{key_uses, process::Process, services};

pub(super) async fn run(process: &Process, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let settings = &process.settings;
    // Whoever wanted to ask something typed the same word.
    let database_url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)
        .context("a query service cannot run (`analytics query totals --help` shows how to ask)")?;
    let trace = trace(process, &clock)?;
    let door = Door::open(process).await?;
    let later = Later::default();
    let router = later.router(process, &services::OF_QUERY).await?;
    let database = process.readiness.need("database", "not connected yet");
    let start = async {
        let Some(store) = connect::store(process, database_url, database).await? else { return Ok(None) };
        let store = Arc::new(store);
        let (events, segments): (Arc<dyn EventStore>, Arc<dyn SegmentStore>) = (store.clone(), store.clone());
        let engine = Arc::new(Engine::new(services::engine_options(settings), events.clone(), segments.clone()));
        let authenticator = Authenticator::new(store.clone(), clock.clone());
        key_uses::start(&process.drain, &authenticator);
        let (catalog, counts) = (store.clone(), store.clone());
        let admin = AdminPorts { catalog, events, segments, counts, trace, clock };
        let (routes, limits) = (Routes::default(), process.limits());
        let routes = services::add_query(routes, &engine, admin, store.clone(), &authenticator, &limits);
        later.are(routes.into_axum_router());
        Ok(Some((store, authenticator)))
    };
    if let Some((store, authenticator)) = door.serve(process, router, start).await? {
        process.drain.finish(key_uses::write(&authenticator)).await?;
        store.close().await;
    }
    Ok(())
}

/// What collectors and processors remember of events, where the settings say where that is. It is read when somebody asks, and a server
/// that is away then only makes the answer shorter: nothing waits for it.
fn trace(process: &Process, clock: &Arc<dyn Clock>) -> anyhow::Result<Option<Arc<dyn TraceLog>>> {
    let settings = &process.settings;
    if settings.ephemeral_redis_url.is_none() {
        return Ok(None);
    }
    let server = redis::ephemeral_server(settings)?;
    let options = TraceLogOptions::default();
    Ok(Some(Arc::new(RedisTraceLog::new(server.shared(), &settings.redis_prefix, options, clock.clone()))))
}
