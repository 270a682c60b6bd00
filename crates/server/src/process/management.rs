//! Health, readiness and metrics, on an address of their own that need not be public.

use std::time::Duration;

use analytics_rpc::{Drain, Readiness};
use anyhow::Context;
use axum::{Router, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Buckets of every duration, in seconds.
const DURATION_BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Records the metrics of this process.
pub(super) fn record_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &DURATION_BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be recorded")
}

/// Serves `/healthz` (the process turns), `/readyz` (it can do its work, or what is missing) and `/metrics` (Prometheus).
pub(super) async fn serve(listener: TcpListener, metrics: PrometheusHandle, readiness: Readiness, drain: Drain) {
    let upkeep = {
        let (metrics, token) = (metrics.clone(), drain.token().clone());
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
            while tokio::select! { _ = ticks.tick() => true, () = token.cancelled() => false } {
                metrics.run_upkeep();
            }
        })
    };
    let router = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async move || ready(&readiness)))
        .route("/metrics", get(async move || metrics.render()));
    let stop = drain.clone();
    let served = axum::serve(listener, router).with_graceful_shutdown(async move { stop.begun().await });
    // Connections of monitors are kept alive by them: they are cut rather than waited for.
    tokio::select! {
        result = served => if let Err(error) = result {
            tracing::error!(%error, "health and metrics are not served any more");
        },
        () = async { drain.begun().await; tokio::time::sleep(Duration::from_secs(1)).await } => {}
    }
    upkeep.abort();
}

fn ready(readiness: &Readiness) -> (StatusCode, String) {
    let status = if readiness.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let missing = readiness.missing();
    if missing.is_empty() {
        return (status, "ready\n".to_owned());
    }
    let lines = missing.iter().map(|missing| format!("{}: {}\n", missing.check, missing.reason));
    (status, lines.collect())
}
