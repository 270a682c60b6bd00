//! `analytics serve`: every role in one process over the embedded store.

mod demo;
mod embedded;
pub(crate) mod keys;
pub(crate) mod secret;

use std::{io::IsTerminal as _, net::SocketAddr, sync::Arc};

use analytics_domain::SystemClock;
use analytics_rpc::Authenticator;
use axum::Router;

use self::embedded::Embedded;
use crate::{cli::ServeArgs, client::ADMIN_KEY_FILE, config::Role, key_uses, process::Process, services};

pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let process = Process::start(Role::Serve, &args.settings)?;
    let settings = &process.settings;
    let store_check = process.readiness.need("event store", "the store was not opened yet");
    let embedded = Embedded::open(settings, Arc::new(SystemClock)).await?;
    let keys = keys::ensure(&settings.data_dir, embedded.catalog.as_ref(), embedded.clock.as_ref()).await?;

    let listener = process.listen().await?;
    let management_listener = process.listen_for_management().await?;
    let (address, management_address) = (listener.local_addr()?, management_listener.local_addr()?);
    let background = embedded.start_background(&process.drain, store_check).await?;
    // Everything is there and nobody could ask yet: whoever gets through first finds it so.
    process.is_serving();
    let authenticator = Authenticator::new(embedded.catalog.clone(), embedded.clock.clone());
    key_uses::start(&process.drain, &authenticator);
    let gateway = gateway(&process, &embedded, &authenticator).await?;

    let management = process.manage(management_listener)?;
    if args.demo {
        let address = demo::door(&process, address, gateway.clone()).await?;
        tokio::spawn(demo::fill(address, settings.data_dir.clone(), process.drain.clone()));
    }
    announce(&process, [address, management_address], &keys, &args);

    process.serve(listener, gateway).await;
    process.drain.finish(key_uses::write(&authenticator)).await?;
    embedded.close(background, &process.drain).await?;
    management.end().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Everything that the one address serves.
async fn gateway(process: &Process, embedded: &Embedded, authenticator: &Authenticator) -> anyhow::Result<Router> {
    let limits = process.limits();
    let names = [&services::OF_COLLECTOR[..], &services::OF_QUERY].concat();
    let routes = services::common(&process.readiness, &names).await?;
    let routes = services::add_collector(routes, &embedded.collector, authenticator, &limits);
    let (admin, quarantine) = (embedded.admin_ports(), embedded.quarantine());
    let routes = services::add_query(routes, &embedded.engine, admin, quarantine, authenticator, &limits);
    services::gateway(&process.settings, &limits, routes)
}

/// Tells on standard output where the server is. The link with the key is for a person at a terminal, and never for a log.
fn announce(process: &Process, [address, management_address]: [SocketAddr; 2], keys: &keys::Keys, args: &ServeArgs) {
    let settings = &process.settings;
    let server = format!("{}://{}", process.scheme(), reachable(address));
    let page = format!("{server}{}/", settings.path_prefix);
    tracing::info!(%address, %management_address, data_dir = %settings.data_dir.display(), "ready");
    if args.show_page_link || std::io::stdout().is_terminal() {
        println!("\n  The page:      {page}#key={}", keys.page);
        println!("  gRPC:          {server}");
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
