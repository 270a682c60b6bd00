//! Fills the demo project as any client would.

use std::{net::SocketAddr, path::PathBuf};

use analytics_rpc::{Drain, TrustedProxies};
use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;

use super::reachable;
use crate::{cli::ConnectArgs, commands, process::Process};

/// Where to fill it: the server's own address; with TLS another one on this machine, because the certificate is good for the names of
/// the public one.
pub(super) async fn door(process: &Process, address: SocketAddr, router: Router) -> anyhow::Result<SocketAddr> {
    if process.scheme() == "http" {
        return Ok(reachable(address));
    }
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.context("the demo needs a port")?;
    let address = listener.local_addr()?;
    let (limits, drain) = (process.limits(), process.drain.clone());
    tokio::spawn(async move { analytics_rpc::serve(listener, router, &limits, TrustedProxies::none(), &drain).await });
    Ok(address)
}

pub(super) async fn fill(address: SocketAddr, data_dir: PathBuf, drain: Drain) {
    let connect = ConnectArgs { endpoint: format!("http://{address}"), ca_file: None, data_dir };
    tokio::select! {
        () = drain.begun() => {}
        filled = commands::fill_missing_demo(connect) => if let Err(error) = filled {
            tracing::error!("the demo project was not filled: {error:#}; the next start with --demo goes on with it");
        },
    }
}
