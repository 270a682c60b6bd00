//! The certificate of the public port: read at the start, and again while it is used.

use std::time::Duration;

use analytics_rpc::{Drain, Reload, ServerTls, TlsError};
use anyhow::{Context as _, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::Settings;

/// How often it is looked whether the files changed.
const RELOAD_INTERVAL: Duration = Duration::from_secs(5);

/// None when no certificate is set: the port speaks no TLS.
pub(super) fn read(settings: &Settings) -> anyhow::Result<Option<ServerTls>> {
    match (&settings.tls_cert_file, &settings.tls_key_file) {
        (None, None) => Ok(None),
        (Some(certificate_file), Some(key_file)) => {
            let read = ServerTls::read(certificate_file, key_file);
            read.map(Some).context("settings `tls_cert_file` and `tls_key_file`")
        }
        (Some(_), None) => bail!("setting `tls_cert_file` needs `tls_key_file`, the key of that certificate"),
        (None, Some(_)) => bail!("setting `tls_key_file` needs `tls_cert_file`, the certificate of that key"),
    }
}

/// Reads the files again when they changed, and on SIGHUP, until the drain begins.
pub(super) fn keep_fresh(tls: ServerTls, drain: Drain) -> anyhow::Result<impl Future<Output = ()>> {
    let mut hangups = signal(SignalKind::hangup()).context("SIGHUP cannot be waited for")?;
    Ok(async move {
        // What is wrong is said once, and again to whoever asks by a signal.
        let mut said = None;
        loop {
            let asked = tokio::select! {
                () = drain.begun() => return,
                asked = next(&mut hangups) => asked,
            };
            if asked == Asked::BySignal {
                said = None;
            }
            reload(&tls, asked, &mut said);
        }
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    ByTime,
    BySignal,
}

async fn next(hangups: &mut Signal) -> Asked {
    tokio::select! {
        () = tokio::time::sleep(RELOAD_INTERVAL) => Asked::ByTime,
        hangup = hangups.recv() => match hangup {
            Some(()) => Asked::BySignal,
            None => std::future::pending().await,
        },
    }
}

fn reload(tls: &ServerTls, asked: Asked, said: &mut Option<String>) {
    match tls.reload() {
        Ok(Reload::Replaced) => {
            *said = None;
            tracing::info!("new connections get the certificate that was put in place");
        }
        Ok(Reload::Unchanged) => {
            *said = None;
            if asked == Asked::BySignal {
                tracing::info!("the certificate is the same as before");
            }
        }
        Err(error) => say(&error, said),
    }
}

fn say(error: &TlsError, said: &mut Option<String>) {
    let text = error.to_string();
    if said.as_ref() != Some(&text) {
        tracing::error!("the certificate in use is kept: {text}");
        *said = Some(text);
    }
}
