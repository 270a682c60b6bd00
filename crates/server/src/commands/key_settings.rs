//! What limits a key: what to change, and how it is shown.

use std::time::Duration;

use analytics_proto::v1;
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use pbjson_types::FieldMask;

use super::project_settings::change_list;
use crate::{cli::KeySettingArgs, output};

/// The request that makes the typed changes. `current` is the key as it is now, where its list of origins is to be changed.
pub(super) fn update_of(
    name: String,
    current: Option<v1::ApiKey>,
    args: KeySettingArgs,
) -> anyhow::Result<v1::UpdateApiKeyRequest> {
    let mut key =
        v1::ApiKey { origins: current.map(|key| key.origins).unwrap_or_default(), name, ..Default::default() };
    let mut quota = v1::ApiKeyQuota::default();
    let mut paths = Vec::new();
    if let Some(display_name) = args.display_name {
        key.display_name = display_name;
        paths.push("display_name");
    }
    if change_list(&mut key.origins, args.any_origin, &args.origins, &args.removed_origins)? {
        if key.origins.is_empty() && !args.any_origin {
            bail!(
                "without its last origin the key could be used from every page: say so with --any-origin, or add another"
            );
        }
        paths.push("origins");
    }
    let end = end_of(args.expires_in, args.expire_time)?;
    if end.is_some() || args.never_expires {
        key.expire_time = end;
        paths.push("expire_time");
    }
    if let Some(events) = args.events_per_second {
        quota.events_per_second = events;
        paths.push("quota.events_per_second");
    }
    if let Some(bytes) = args.bytes_per_second {
        quota.bytes_per_second = bytes;
        paths.push("quota.bytes_per_second");
    }
    key.quota = Some(quota);
    let update_mask = FieldMask { paths: paths.into_iter().map(str::to_owned).collect() };
    Ok(v1::UpdateApiKeyRequest { api_key: Some(key), update_mask: Some(update_mask) })
}

/// When a key is to stop working.
pub(super) fn end_of(
    expires_in: Option<Duration>,
    expire_time: Option<Timestamp>,
) -> anyhow::Result<Option<pbjson_types::Timestamp>> {
    let end = match expires_in {
        Some(length) => Some(output::now()?.checked_add(length).context("--expires-in ends after the year 9999")?),
        None => expire_time,
    };
    Ok(end.map(|end| pbjson_types::Timestamp { seconds: end.as_second(), nanos: end.subsec_nanosecond() }))
}

pub(super) fn quota_text(quota: v1::ApiKeyQuota) -> String {
    let events =
        (quota.events_per_second > 0).then(|| format!("{} events", output::count(quota.events_per_second.into())));
    let bytes = i64::try_from(quota.bytes_per_second).unwrap_or(i64::MAX);
    let bytes = (bytes > 0).then(|| format!("{} bytes", output::count(bytes)));
    match events.into_iter().chain(bytes).collect::<Vec<_>>() {
        limits if limits.is_empty() => "no limit".to_owned(),
        limits => limits.join(", "),
    }
}

pub(super) fn state_text(key: &v1::ApiKey, now: Timestamp) -> String {
    if let Some(time) = key.revoke_time {
        return format!("revoked {}", output::instant(Some(time)));
    }
    match key.expire_time {
        None => "works".to_owned(),
        Some(end) if end.seconds <= now.as_second() => format!("expired {}", output::instant(Some(end))),
        Some(end) => format!("works until {}", output::instant(Some(end))),
    }
}
