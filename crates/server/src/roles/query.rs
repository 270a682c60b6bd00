//! `analytics query`: answers questions, and manages projects and keys.

use std::sync::Arc;

use analytics_domain::{
    Clock,
    ports::{Catalog, EventStore, SegmentStore},
};
use analytics_engine::Engine;
use analytics_rpc::Authenticator;
use anyhow::Context as _;
use tonic::service::Routes;

use super::{
    connect::{self, DATABASE_EXAMPLE, required},
    door::{Door, Later},
};
use crate::{process::Process, services};

pub(super) async fn run(process: &Process, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let settings = &process.settings;
    // Whoever wanted to ask something typed the same word.
    let database_url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)
        .context("a query service cannot run (`analytics query totals --help` shows how to ask)")?;
    let door = Door::open(process).await?;
    let later = Later::default();
    let router = later.router(process, &services::OF_QUERY).await?;
    let database = process.readiness.need("database", "not connected yet");
    let start = async {
        let Some(store) = connect::store(process, database_url, database).await? else { return Ok(None) };
        let store = Arc::new(store);
        let (events, segments, catalog): (Arc<dyn EventStore>, Arc<dyn SegmentStore>, Arc<dyn Catalog>) =
            (store.clone(), store.clone(), store.clone());
        let engine = Arc::new(Engine::new(services::engine_options(settings), events, segments));
        let authenticator = Authenticator::new(catalog.clone(), clock.clone());
        let limits = process.limits();
        let routes = services::add_query(Routes::default(), &engine, &catalog, &clock, &authenticator, &limits);
        later.are(routes.into_axum_router());
        Ok(Some(store))
    };
    if let Some(store) = door.serve(process, router, start).await? {
        store.close().await;
    }
    Ok(())
}
