//! `analytics collector`: takes events into the log.

use std::sync::Arc;

use analytics_collector::{Collector, CollectorOptions, CollectorPorts};
use analytics_domain::{
    Clock,
    ports::{Catalog, EphemeralStore},
};
use analytics_rpc::Authenticator;
use analytics_stream::{TraceLogOptions, redis::RedisTraceLog};
use tonic::service::Routes;

use super::{
    connect::{self, DATABASE_EXAMPLE, required},
    door::{Door, Later},
    redis,
};
use crate::{key_uses, process::Process, serve::secret, services, sweeper};

pub(super) async fn run(process: &Process, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let settings = &process.settings;
    let database_url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)?;
    let (log_server, ephemeral_server) = (redis::log_server(settings)?, redis::ephemeral_server(settings)?);
    let secret = secret::read_shared(settings)?;
    let address_files = services::address_files(settings)?;
    let door = Door::open(process).await?;
    let later = Later::default();
    let router = later.router(process, &services::OF_COLLECTOR).await?;
    // Known keys stay valid while it is down, and events go into the log.
    let database = process.readiness.want("database", "not connected yet");
    let start = async {
        let (store, log, ephemeral) = tokio::try_join!(
            connect::store(process, database_url, database),
            redis::log(process, &log_server),
            redis::ephemeral(process, &ephemeral_server, &log_server, &secret, clock.clone()),
        )?;
        let (Some(store), Some(log), Some(ephemeral)) = (store, log, ephemeral) else { return Ok(None) };
        let (store, ephemeral): (_, Arc<dyn EphemeralStore>) = (Arc::new(store), Arc::new(ephemeral));
        let catalog: Arc<dyn Catalog> = store.clone();
        sweeper::start(&process.drain, ephemeral.clone(), clock.clone());
        let (prefix, trace_options) = (&settings.redis_prefix, TraceLogOptions::default());
        let trace = RedisTraceLog::new(ephemeral_server.shared(), prefix, trace_options, clock.clone());
        let (log, counts, trace) = (Arc::new(log), store.clone(), Arc::new(trace));
        let ports = CollectorPorts { log, catalog: catalog.clone(), ephemeral, counts, trace, clock: clock.clone() };
        let collector = Arc::new(Collector::new(CollectorOptions { secret, address_files }, ports));
        services::keep_counts(&process.drain, &collector);
        let authenticator = Authenticator::new(catalog, clock.clone());
        key_uses::start(&process.drain, &authenticator);
        let routes = services::add_collector(Routes::default(), &collector, &authenticator, &process.limits());
        later.are(routes.into_axum_router());
        Ok(Some((store, collector, authenticator)))
    };
    // What the log acknowledged is durable: nothing but the counts is left to write once the last call is answered.
    if let Some((store, collector, authenticator)) = door.serve(process, router, start).await? {
        process.drain.finish(async { tokio::join!(collector.write_counts(), key_uses::write(&authenticator)) }).await?;
        store.close().await;
    }
    Ok(())
}
