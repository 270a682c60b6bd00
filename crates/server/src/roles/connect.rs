//! Reaching what a role needs, and watching that it stays there.

use std::{fmt::Display, time::Duration};

use analytics_rpc::{Drain, ReadinessCheck};
use analytics_storage::timescale::{ConnectError, TimescaleOptions, TimescaleStore};
use anyhow::Context as _;

use crate::{
    config::{SecretUrl, Settings},
    process::Process,
};

pub(crate) const DATABASE_EXAMPLE: &str = "postgres://analytics:PASSWORD@127.0.0.1:5432/analytics";

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often it is looked whether what is needed is still there.
const WATCH_INTERVAL: Duration = Duration::from_secs(2);

/// The address of a server that the role cannot do without.
pub(crate) fn required<'a>(url: &'a Option<SecretUrl>, setting: &str, example: &str) -> anyhow::Result<&'a SecretUrl> {
    url.as_ref().with_context(|| {
        let variable = format!("ANALYTICS_{}", setting.to_uppercase());
        format!(
            "the setting `{setting}` is not set: give it as {variable}, in the settings file or with --set, such as {example}; \
             `analytics serve` needs none of it"
        )
    })
}

pub(crate) fn timescale_options(settings: &Settings) -> TimescaleOptions {
    TimescaleOptions { connections: settings.database_connections, ..TimescaleOptions::default() }
}

/// The store, once it is there; none when the process is to stop before.
pub(super) async fn store(
    process: &Process,
    url: &SecretUrl,
    check: ReadinessCheck,
) -> anyhow::Result<Option<TimescaleStore>> {
    let options = timescale_options(&process.settings);
    let connect = async || TimescaleStore::connect(url.expose(), options).await;
    let Some(store) = until_there(process, &check, connect, ConnectError::is_temporary).await? else {
        return Ok(None);
    };
    let watched = store.clone();
    watch(process, "database", check, move || {
        let store = watched.clone();
        async move { store.check().await }
    });
    Ok(Some(store))
}

/// Tries until it works; none when the process is to stop before.
///
/// # Errors
/// What waiting does not mend.
pub(super) async fn until_there<T, E: Display>(
    process: &Process,
    check: &ReadinessCheck,
    attempt: impl AsyncFn() -> Result<T, E>,
    is_temporary: impl Fn(&E) -> bool,
) -> anyhow::Result<Option<T>> {
    let mut pause = FIRST_PAUSE;
    let mut said = String::new();
    loop {
        let result = tokio::select! {
            () = process.drain.begun() => return Ok(None),
            result = attempt() => result,
        };
        let reason = match result {
            Ok(there) => {
                check.is_there();
                return Ok(Some(there));
            }
            Err(error) if is_temporary(&error) => error.to_string(),
            Err(error) => anyhow::bail!("{error}"),
        };
        if reason != said {
            tracing::warn!("{reason}; trying again until it is there");
            said.clone_from(&reason);
        }
        check.is_missing(reason);
        if !self::pause(&process.drain, pause).await {
            return Ok(None);
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Keeps a readiness check true to what it is about until the process stops.
pub(super) fn watch<F, E>(
    process: &Process,
    what: &'static str,
    check: ReadinessCheck,
    probe: impl Fn() -> F + Send + 'static,
) where
    F: Future<Output = Result<(), E>> + Send,
    E: Display + Send,
{
    let drain = process.drain.clone();
    tokio::spawn(async move {
        let mut missing = false;
        while pause(&drain, WATCH_INTERVAL).await {
            match probe().await {
                Ok(()) => {
                    check.is_there();
                    if missing {
                        tracing::info!("the {what} is there again");
                    }
                    missing = false;
                }
                Err(error) => {
                    let reason = error.to_string();
                    if !missing {
                        tracing::warn!("{reason}");
                    }
                    missing = true;
                    check.is_missing(reason);
                }
            }
        }
    });
}

/// Waits; false when the process is to stop.
pub(super) async fn pause(drain: &Drain, time: Duration) -> bool {
    tokio::select! {
        () = drain.begun() => false,
        () = tokio::time::sleep(time) => true,
    }
}
