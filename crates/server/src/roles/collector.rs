//! `analytics collector`: takes events into the log.

use std::sync::Arc;

use analytics_collector::{Collector, CollectorOptions};
use analytics_domain::{
    Clock,
    ports::{Catalog, EphemeralStore, EventLog},
};
use analytics_rpc::Authenticator;
use tonic::service::Routes;

use super::{
    connect::{self, DATABASE_EXAMPLE, required},
    door::{Door, Later},
    redis,
};
use crate::{process::Process, serve::secret, services, sweeper};

pub(super) async fn run(process: &Process, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let settings = &process.settings;
    let database_url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)?;
    let (log_server, ephemeral_server) = (redis::log_server(settings)?, redis::ephemeral_server(settings)?);
    let secret = secret::read_shared(settings)?;
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
        let (catalog, event_log): (Arc<dyn Catalog>, Arc<dyn EventLog>) = (Arc::new(store.clone()), Arc::new(log));
        let ephemeral: Arc<dyn EphemeralStore> = Arc::new(ephemeral);
        sweeper::start(&process.drain, ephemeral.clone(), clock.clone());
        let options = CollectorOptions { secret };
        let collector = Arc::new(Collector::new(options, event_log, ephemeral, clock.clone()));
        let authenticator = Authenticator::new(catalog, clock.clone());
        let routes = services::add_collector(Routes::default(), &collector, &authenticator, &process.limits());
        later.are(routes.into_axum_router());
        Ok(Some(store))
    };
    // What the log acknowledged is durable: nothing is left to do once the last call is answered.
    if let Some(store) = door.serve(process, router, start).await? {
        store.close().await;
    }
    Ok(())
}
