//! The two Redis servers: one that must lose nothing, and one that must keep nothing.

use std::{future::Future, sync::Arc, time::Duration};

use analytics_domain::Clock;
use analytics_privacy::ServerSecret;
use analytics_rpc::ReadinessCheck;
use analytics_stream::redis::{
    Backlog, LogOpenError, RedisEphemeralOptions, RedisEphemeralStore, RedisError, RedisLog, RedisLogOptions,
    RedisServer, RedisShards, RequirementError, Safety, SharedConnection, agree, check_apart, check_durable,
    check_ephemeral,
};
use anyhow::Context as _;

use super::connect::{required, until_there, watch};
use crate::{
    config::{SecretUrl, Settings},
    process::Process,
};

/// How long a collector's secret is remembered after its last word.
const SECRET_IS_KNOWN_FOR: Duration = Duration::from_secs(60);

/// Why a Redis cannot be used.
#[derive(Debug, thiserror::Error)]
enum NeedError {
    #[error(transparent)]
    Requirement(#[from] RequirementError),
    #[error(transparent)]
    Log(#[from] LogOpenError),
    #[error(transparent)]
    Redis(#[from] RedisError),
    #[error("the log cannot be read: {0}")]
    Unread(String),
    #[error(
        "the secret of `secret_file` is not the one that another collector runs with, so each would count the same visitor for itself: \
         give every collector the same file. If it was changed on purpose, stop all of them for a minute first"
    )]
    AnotherSecret,
}

impl NeedError {
    fn is_temporary(&self) -> bool {
        match self {
            Self::Requirement(error) => error.is_temporary(),
            Self::Log(error) => error.is_temporary(),
            Self::Redis(error) => error.is_temporary(),
            Self::Unread(_) => true,
            Self::AnotherSecret => false,
        }
    }
}

/// The server of the log, from the settings.
pub(super) fn log_server(settings: &Settings) -> anyhow::Result<RedisServer> {
    parse(&settings.redis_url, "redis_url", "redis://:PASSWORD@127.0.0.1:6379")
}

/// The server of salts and running sessions, from the settings.
pub(super) fn ephemeral_server(settings: &Settings) -> anyhow::Result<RedisServer> {
    parse(&settings.ephemeral_redis_url, "ephemeral_redis_url", "redis://:PASSWORD@127.0.0.1:6380")
}

fn parse(url: &Option<SecretUrl>, setting: &str, example: &str) -> anyhow::Result<RedisServer> {
    let url = required(url, setting, example)?;
    RedisServer::parse(url.expose()).with_context(|| format!("setting `{setting}`"))
}

/// The log to append to, once it is there; none when the process is to stop before.
pub(super) async fn log(process: &Process, server: &RedisServer) -> anyhow::Result<Option<RedisLog>> {
    let check = process.readiness.need("log", "not connected yet");
    let (connection, safety) = (server.shared(), log_safety(&process.settings));
    let open = async || -> Result<_, NeedError> {
        check_durable(&connection, safety).await?;
        Ok(RedisLog::open(server, log_options(&process.settings)).await?)
    };
    let Some(log) = until_there(process, &check, open, NeedError::is_temporary).await? else { return Ok(None) };
    let watched = log.clone();
    watch(process, "log", check, move || {
        let (log, connection) = (watched.clone(), connection.clone());
        async move {
            log.check().await?;
            show(log.backlog().await?);
            still(safety, check_durable(&connection, safety)).await
        }
    });
    Ok(Some(log))
}

/// The readiness of a log that is there and loses nothing, before anything is read from it; none when the process is to stop before.
pub(super) async fn fit_log(process: &Process, server: &RedisServer) -> anyhow::Result<Option<ReadinessCheck>> {
    let check = process.readiness.need("log", "not connected yet");
    let (connection, safety) = (server.shared(), log_safety(&process.settings));
    let is_fit = async || -> Result<_, NeedError> { Ok(check_durable(&connection, safety).await?) };
    let fit = until_there(process, &check, is_fit, NeedError::is_temporary).await?;
    Ok(fit.map(|()| check))
}

/// The log to read from, once it is there; none when the process is to stop before. `check` is that of [`fit_log`].
pub(super) async fn shards(
    process: &Process,
    server: &RedisServer,
    check: ReadinessCheck,
) -> anyhow::Result<Option<RedisShards>> {
    let (connection, safety) = (server.shared(), log_safety(&process.settings));
    let open = async || -> Result<_, NeedError> {
        check_durable(&connection, safety).await?;
        let stop = process.drain.token().clone();
        Ok(RedisShards::open(server, log_options(&process.settings), stop).await?)
    };
    let Some(shards) = until_there(process, &check, open, NeedError::is_temporary).await? else { return Ok(None) };
    let failure = shards.failure();
    watch(process, "log", check, move || {
        let (failure, connection) = (failure.borrow().clone(), connection.clone());
        async move {
            match failure {
                Some(failure) => Err(NeedError::Unread(failure)),
                None => still(safety, check_durable(&connection, safety)).await,
            }
        }
    });
    Ok(Some(shards))
}

/// The store of salts and running sessions, once it is there; none when the process is to stop before.
pub(super) async fn ephemeral(
    process: &Process,
    server: &RedisServer,
    log_server: &RedisServer,
    secret: &ServerSecret,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Option<RedisEphemeralStore>> {
    let settings = &process.settings;
    let check = process.readiness.need("ephemeral store", "not connected yet");
    let safety = if settings.unsafe_allow_salts_on_disk { Safety::Waived } else { Safety::Required };
    let (connection, log_connection) = (server.shared(), log_server.shared());
    let store =
        RedisEphemeralStore::new(connection.clone(), &settings.redis_prefix, RedisEphemeralOptions::default(), clock);
    let secret = Arc::new(Secret {
        name: format!("{}:secret-fingerprint", settings.redis_prefix),
        fingerprint: secret.fingerprint(),
    });
    let open = async || -> Result<_, NeedError> {
        // First: what would be said of one server for both contradicts itself.
        check_apart(&log_connection, &connection, safety).await?;
        check_ephemeral(&connection, safety).await?;
        store.check().await?;
        secret.agree(&connection).await?;
        Ok(store.clone())
    };
    let Some(store) = until_there(process, &check, open, NeedError::is_temporary).await? else { return Ok(None) };
    let watched = store.clone();
    watch(process, "ephemeral store", check, move || {
        let (store, connection, secret) = (watched.clone(), connection.clone(), secret.clone());
        async move {
            store.check().await?;
            secret.agree(&connection).await?;
            still(safety, check_ephemeral(&connection, safety)).await
        }
    });
    Ok(Some(store))
}

/// What collectors tell each other of their secret.
struct Secret {
    name: String,
    fingerprint: [u8; 16],
}

impl Secret {
    async fn agree(&self, connection: &SharedConnection) -> Result<(), NeedError> {
        if agree(connection, &self.name, &self.fingerprint, SECRET_IS_KNOWN_FOR).await? {
            Ok(())
        } else {
            Err(NeedError::AnotherSecret)
        }
    }
}

/// Settings change while a server runs. What was waived at the start is not warned of again.
async fn still(safety: Safety, check: impl Future<Output = Result<(), RequirementError>>) -> Result<(), NeedError> {
    match safety {
        Safety::Required => Ok(check.await?),
        Safety::Waived => Ok(()),
    }
}

fn log_safety(settings: &Settings) -> Safety {
    if settings.unsafe_allow_log_loss { Safety::Waived } else { Safety::Required }
}

fn log_options(settings: &Settings) -> RedisLogOptions {
    RedisLogOptions {
        prefix: settings.redis_prefix.clone(),
        max_age: settings.log_max_age(),
        ..RedisLogOptions::default()
    }
}

fn show(backlog: Backlog) {
    metrics::gauge!("analytics_log_backlog_entries").set(backlog.entries as f64);
    metrics::gauge!("analytics_log_backlog_events").set(backlog.events as f64);
    metrics::gauge!("analytics_log_backlog_bytes").set(backlog.bytes as f64);
    metrics::gauge!("analytics_log_backlog_age_seconds").set(backlog.age_ms as f64 / 1000.0);
}
