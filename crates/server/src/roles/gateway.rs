//! `analytics gateway`: the one address for every client, in front of collectors and query services.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use analytics_gateway::{RemoteAddress, RemoteService};
use analytics_rpc::{ClientTls, ReadinessCheck};
use anyhow::Context as _;
use http::{Request, Response};
use tokio::sync::oneshot;
use tonic::{body::Body, service::Routes};
use tower::{Service, ServiceExt as _};

use super::{connect::pause, door::Door};
use crate::{process::Process, services};

/// How often the processes behind this gateway are asked whether they are well.
const PROBE_INTERVAL: Duration = Duration::from_secs(2);
/// The same while none is.
const PROBE_INTERVAL_WITHOUT_ANY: Duration = Duration::from_millis(250);

pub(super) async fn run(process: &Process) -> anyhow::Result<()> {
    let settings = &process.settings;
    let tls = ClientTls::trusting(settings.upstream_ca_file.as_deref()).context("setting `upstream_ca_file`")?;
    let behind = Behind {
        collectors: remote(&settings.collector_urls, "collector_urls", &tls)?,
        queries: remote(&settings.query_urls, "query_urls", &tls)?,
        common: services::common(&process.readiness, &[]).await?,
    };
    let router = services::gateway(settings, &process.limits(), behind.clone())?;
    let door = Door::open(process).await?;
    let start = async { Ok(watch(process, behind).await) };
    door.serve(process, router, start).await?;
    Ok(())
}

fn remote(urls: &[String], setting: &str, tls: &ClientTls) -> anyhow::Result<RemoteService> {
    let addresses = urls.iter().map(|url| url.parse()).collect::<Result<Vec<RemoteAddress>, _>>();
    let addresses = addresses.with_context(|| format!("setting `{setting}`"))?;
    anyhow::ensure!(
        !addresses.is_empty(),
        "setting `{setting}`: name at least one address, such as http://10.0.0.5:4001"
    );
    Ok(RemoteService::new(addresses, tls))
}

/// What is behind the gateway. Whatever does not belong to the one belongs to the other: a new RPC needs no new gateway.
#[derive(Clone)]
struct Behind {
    collectors: RemoteService,
    queries: RemoteService,
    common: Routes,
}

impl Service<Request<Body>> for Behind {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let service = request.uri().path().split('/').nth(1).unwrap_or_default();
        if service.starts_with("grpc.") {
            Box::pin(self.common.clone().oneshot(request))
        } else if services::OF_COLLECTOR.contains(&service) {
            Box::pin(self.collectors.clone().oneshot(request))
        } else {
            Box::pin(self.queries.clone().oneshot(request))
        }
    }
}

/// Ready while there is anything to forward to; what is missing is told in any case. Returns when it is ready for the first time; none when
/// the process is to stop before.
async fn watch(process: &Process, behind: Behind) -> Option<()> {
    let services = process.readiness.need("services", "neither a collector nor a query service was asked yet");
    let collectors = process.readiness.want("collectors", "none was asked yet");
    let queries = process.readiness.want("query services", "none was asked yet");
    let drain = process.drain.clone();
    let (ready, when_ready) = oneshot::channel();
    let mut ready = Some(ready);
    tokio::spawn(async move {
        loop {
            let (are_collectors, are_queries) =
                tokio::join!(probe(&behind.collectors, &collectors), probe(&behind.queries, &queries));
            let interval = if are_collectors || are_queries {
                services.is_there();
                // Nobody waits any more when the process stops.
                ready.take().map(|ready| ready.send(()));
                PROBE_INTERVAL
            } else {
                services.is_missing("neither a collector nor a query service answers");
                PROBE_INTERVAL_WITHOUT_ANY
            };
            if !pause(&drain, interval).await {
                return;
            }
        }
    });
    when_ready.await.ok()
}

/// Whether any process of the service is well.
async fn probe(service: &RemoteService, check: &ReadinessCheck) -> bool {
    let missing = service.probe().await;
    let reasons: Vec<String> = missing.iter().map(|(address, reason)| format!("{address}: {reason}")).collect();
    if reasons.is_empty() {
        check.is_there();
    } else {
        check.is_missing(reasons.join("; "));
    }
    missing.len() < service.process_count()
}
