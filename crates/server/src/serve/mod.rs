//! `analytics serve`: every role in one process over the embedded store.

mod embedded;
mod keys;
mod logging;
mod management;
mod secret;
mod services;

use std::{io::IsTerminal as _, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use analytics_domain::SystemClock;
use analytics_rpc::{Drain, Limits, Readiness, TrustedProxies};
use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use self::embedded::Embedded;
use crate::{
    cli::{ConnectArgs, ServeArgs},
    client::ADMIN_KEY_FILE,
    commands,
    config::{self, Settings},
};

/// How often what is due in the ephemeral store is destroyed.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let effective = config::load(&args.settings, std::env::vars())?;
    let settings = effective.settings;
    logging::start(settings.log_format, &settings.log_filter)?;
    let metrics = management::record_metrics()?;

    let clock = Arc::new(SystemClock);
    let readiness = Readiness::new();
    let serving = readiness.need("serving", "the server is starting");
    let store_check = readiness.need("event store", "the store was not opened yet");
    let drain = Drain::new(settings.drain());
    let embedded = Embedded::open(&settings, clock).await?;
    let keys = keys::ensure(&settings.data_dir, &embedded).await?;

    let listener = bind(settings.listen, "listen").await?;
    let management_listener = bind(settings.management_listen, "management_listen").await?;
    let (address, management_address) = (listener.local_addr()?, management_listener.local_addr()?);
    let limits = Limits { grace: settings.drain(), ..Limits::default() };
    let background = embedded.start_background(&drain, SWEEP_INTERVAL, store_check).await?;
    // Everything is there and nobody could ask yet: whoever gets through first finds it so.
    serving.is_there();
    let gateway = services::gateway(&settings, &embedded, &readiness, &limits).await?;

    let management = tokio::spawn(management::serve(management_listener, metrics, readiness.clone(), drain.clone()));
    tokio::spawn(begin_drain_on_signal(drain.clone())?);
    if args.demo {
        tokio::spawn(fill_demo(address, settings.data_dir.clone(), drain.clone()));
    }
    announce(&settings, [address, management_address], &keys, &args);

    let stopping = drain.clone();
    tokio::spawn(async move {
        stopping.begun().await;
        // Balancers must hear of it while the calls of open connections still finish.
        serving.is_missing("the server is stopping");
    });
    analytics_rpc::serve(listener, gateway, &limits, trusted_proxies(&settings), &drain).await;
    tracing::info!("stopping: no new connections; what was taken is being stored");
    embedded.close(background, &drain).await?;
    management.await.context("the management server ended badly")?;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: stop what uses that address, or choose another with the setting `{setting}`"
        )
    })
}

fn trusted_proxies(settings: &Settings) -> TrustedProxies {
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

/// Tells on standard output where the server is. The link with the key is for a person at a terminal, and never for a log.
fn announce(settings: &Settings, [address, management_address]: [SocketAddr; 2], keys: &keys::Keys, args: &ServeArgs) {
    let page = format!("http://{}{}/", reachable(address), settings.path_prefix);
    tracing::info!(%address, %management_address, data_dir = %settings.data_dir.display(), "ready");
    if args.show_page_link || std::io::stdout().is_terminal() {
        println!("\n  The page:      {page}#key={}", keys.page);
        println!("  gRPC:          http://{}", reachable(address));
        println!("  The admin key: {}", settings.data_dir.join(ADMIN_KEY_FILE).display());
        println!("\n  Ctrl-C stops the server.\n");
    }
}

/// An address to type: a server that listens everywhere is reached here.
fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    let loopback = if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
    SocketAddr::new(loopback, address.port())
}

/// Fills the demo project as any client would.
async fn fill_demo(address: SocketAddr, data_dir: PathBuf, drain: Drain) {
    let connect = ConnectArgs { endpoint: format!("http://{}", reachable(address)), data_dir };
    tokio::select! {
        () = drain.begun() => {}
        filled = commands::fill_missing_demo(connect) => if let Err(error) = filled {
            tracing::error!("the demo project was not filled: {error:#}; the next start with --demo goes on with it");
        },
    }
}
