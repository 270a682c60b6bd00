//! What every server process is made of, whatever its role: settings, logs, metrics, readiness, and stopping in order.

mod logging;
mod management;
mod open_files;
mod tls;

use std::net::SocketAddr;

use analytics_rpc::{Drain, Limits, Port, Readiness, ReadinessCheck, ServerTls, TrustedProxies};
use anyhow::Context;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};

use crate::{
    cli::SettingFlags,
    config::{self, Role, Settings},
};

/// A server process.
pub(crate) struct Process {
    pub(crate) settings: Settings,
    pub(crate) readiness: Readiness,
    pub(crate) drain: Drain,
    limits: Limits,
    proxies: TrustedProxies,
    tls: Option<ServerTls>,
    metrics: PrometheusHandle,
    serving: ReadinessCheck,
}

/// The task that serves health and metrics.
pub(crate) struct Management(JoinHandle<()>);

impl Process {
    /// Reads the settings and starts to log and to count. Not ready before [`is_serving`](Self::is_serving).
    pub(crate) fn start(role: Role, flags: &SettingFlags) -> anyhow::Result<Self> {
        let settings = config::load(role, flags, std::env::vars())?.settings;
        logging::start(settings.log_format, &settings.log_filter)?;
        let metrics = management::record_metrics()?;
        let readiness = Readiness::new();
        let serving = readiness.need("serving", "the server is starting");
        let drain = Drain::new(settings.drain());
        let limits = open_files::fit(limits_of(role, &settings))?;
        let proxies = trusted_proxies(role, &settings);
        let tls = tls::read(&settings)?;
        Ok(Self { settings, readiness, drain, limits, proxies, tls, metrics, serving })
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits.clone()
    }

    /// What addresses of this server begin with: `http` or `https`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Takes the address of the services.
    pub(crate) async fn listen(&self) -> anyhow::Result<TcpListener> {
        bind(self.settings.listen, "listen").await
    }

    /// Takes the address of health and metrics.
    pub(crate) async fn listen_for_management(&self) -> anyhow::Result<TcpListener> {
        bind(self.settings.management_listen, "management_listen").await
    }

    /// Serves health, readiness and metrics until the drain begins, and begins it on SIGTERM and Ctrl-C.
    pub(crate) fn manage(&self, listener: TcpListener) -> anyhow::Result<Management> {
        tokio::spawn(begin_drain_on_signal(self.drain.clone())?);
        if let Some(tls) = self.tls.clone() {
            tokio::spawn(tls::keep_fresh(tls, self.drain.clone())?);
        }
        let (drain, serving) = (self.drain.clone(), self.serving.clone());
        tokio::spawn(async move {
            drain.begun().await;
            // Balancers must hear of it while the calls of open connections still finish.
            serving.is_missing("the server is stopping");
        });
        let served = management::serve(listener, self.metrics.clone(), self.readiness.clone(), self.drain.clone());
        Ok(Management(tokio::spawn(served)))
    }

    /// The services are there.
    pub(crate) fn is_serving(&self) {
        if !self.drain.has_begun() {
            self.serving.is_there();
        }
    }

    /// Serves until the drain begins, and then until the calls of open connections are done.
    pub(crate) async fn serve(&self, listener: TcpListener, router: Router) {
        let port = match self.tls.clone() {
            Some(tls) => Port::with_tls(listener, tls),
            None => Port::from(listener),
        };
        analytics_rpc::serve(port, router, &self.limits, self.proxies.clone(), &self.drain).await;
        tracing::info!("stopping: no new connections");
    }
}

impl Management {
    /// Waits until the last question after health was answered.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        self.0.await.context("the management server ended badly")
    }
}

fn limits_of(role: Role, settings: &Settings) -> Limits {
    let limits = Limits {
        grace: settings.drain(),
        connections: settings.max_connections,
        streams: settings.max_streams,
        ..Limits::default()
    };
    match role {
        Role::Serve | Role::Gateway | Role::Processor => limits,
        // A gateway brings the calls of all its clients over one connection: those that wait must not keep others out.
        Role::Collector | Role::Query => Limits {
            streams_per_connection: u32::try_from(limits.calls + limits.streams).unwrap_or(u32::MAX),
            connection_window_bytes: 64 * limits.stream_window_bytes,
            ..limits
        },
    }
}

async fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: stop what uses that address, or choose another with the setting `{setting}`"
        )
    })
}

fn trusted_proxies(role: Role, settings: &Settings) -> TrustedProxies {
    if role == Role::Query {
        return TrustedProxies::unneeded();
    }
    if settings.trusted_proxies.is_empty() {
        return TrustedProxies::none();
    }
    TrustedProxies::loopback_and(settings.trusted_proxies.iter().copied())
}

/// SIGTERM and Ctrl-C stop in order; a second one ends at once, as the shell's users expect.
fn begin_drain_on_signal(drain: Drain) -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be waited for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C cannot be waited for")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        drain.begin();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::warn!("stopped at once by a second signal; what was acknowledged is stored");
        std::process::exit(130);
    })
}
