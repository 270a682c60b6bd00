//! API keys.

use analytics_domain::{ApiKeyLimits, ApiKeyScope, DurationMs, KeyId};
use analytics_proto::v1;
use analytics_rpc::{Origin, RpcError, names};

use super::{
    cannot_be_changed, paths_of,
    time::{instant_of, length_of, timestamp},
};
use crate::directory::{KeyChange, KeyToCreate, NamedKey};

const CHANGEABLE: &str = "`display_name`, `origins`, `expire_time`, `quota`";
const MAX_DISPLAY_NAME_BYTES: usize = 128;
const MAX_ORIGINS: usize = 100;
const MAX_ORIGIN_BYTES: usize = 255;
const DEFAULT_OVERLAP: DurationMs = DurationMs(24 * 60 * 60 * 1000);
const LONGEST_OVERLAP: DurationMs = DurationMs(90 * 24 * 60 * 60 * 1000);

pub(crate) fn to_create(request: v1::CreateApiKeyRequest) -> Result<KeyToCreate, RpcError> {
    let mut scopes = request.scopes().map(scope_from_wire).collect::<Result<Vec<_>, _>>()?;
    scopes.sort_unstable();
    let quota = request.quota.unwrap_or_default();
    Ok(KeyToCreate {
        project: names::optional_project("project", &request.project)?,
        scopes,
        display_name: request.display_name,
        limits: ApiKeyLimits {
            origins: origins_of("origins", &request.origins)?,
            expire_time: request.expire_time.map(|time| instant_of("expire_time", time)).transpose()?,
            events_per_second: limit_of(quota.events_per_second),
            bytes_per_second: limit_of(quota.bytes_per_second),
        },
    })
}

/// Which key is to be changed, and what of it.
pub(crate) fn change_of(request: v1::UpdateApiKeyRequest) -> Result<(KeyId, KeyChange), RpcError> {
    let paths = paths_of(request.update_mask)?;
    let key = request.api_key.unwrap_or_default();
    let id = names::key("api_key.name", &key.name)?;
    let quota = key.quota.unwrap_or_default();
    let mut change = KeyChange::default();
    for path in &paths {
        match path.as_str() {
            "display_name" => change.display_name = Some(display_name_of(&key.display_name)?),
            "origins" => change.origins = Some(origins_of("api_key.origins", &key.origins)?),
            "expire_time" => {
                let time = key.expire_time.map(|time| instant_of("api_key.expire_time", time)).transpose()?;
                change.expire_time = Some(time);
            }
            "quota" => {
                change.events_per_second = Some(limit_of(quota.events_per_second));
                change.bytes_per_second = Some(limit_of(quota.bytes_per_second));
            }
            "quota.events_per_second" => change.events_per_second = Some(limit_of(quota.events_per_second)),
            "quota.bytes_per_second" => change.bytes_per_second = Some(limit_of(quota.bytes_per_second)),
            path => return Err(cannot_be_changed(path, CHANGEABLE)),
        }
    }
    Ok((id, change))
}

/// How long a replaced key goes on working.
pub(crate) fn overlap_of(request: &v1::RotateApiKeyRequest) -> Result<DurationMs, RpcError> {
    let Some(overlap) = request.overlap else { return Ok(DEFAULT_OVERLAP) };
    let overlap = length_of("overlap", overlap)?;
    if (DurationMs(0)..=LONGEST_OVERLAP).contains(&overlap) {
        return Ok(overlap);
    }
    Err(RpcError::invalid_field("overlap", "must be between 0 and 90 days"))
}

/// The contract's 0 is no limit.
fn limit_of<T: Default + PartialEq>(limit: T) -> Option<T> {
    (limit != T::default()).then_some(limit)
}

fn display_name_of(text: &str) -> Result<String, RpcError> {
    if text.len() > MAX_DISPLAY_NAME_BYTES {
        let description = format!("must have at most {MAX_DISPLAY_NAME_BYTES} bytes");
        return Err(RpcError::invalid_field("api_key.display_name", description));
    }
    Ok(text.to_owned())
}

fn origins_of(field: &str, texts: &[String]) -> Result<Vec<String>, RpcError> {
    if texts.len() > MAX_ORIGINS {
        return Err(RpcError::invalid_field(field, format!("must have at most {MAX_ORIGINS} items")));
    }
    let mut origins: Vec<String> = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let refused = |problem: &str| RpcError::invalid_field(format!("{field}[{index}]"), problem);
        if text.len() > MAX_ORIGIN_BYTES {
            return Err(refused("is longer than any origin: 255 bytes are the most"));
        }
        let origin: Origin = text.parse().map_err(|error: analytics_rpc::InvalidOrigin| refused(&error.to_string()))?;
        if !origins.iter().any(|known| known == origin.as_str()) {
            origins.push(origin.as_str().to_owned());
        }
    }
    Ok(origins)
}

pub(crate) fn to_wire(NamedKey { key, project }: &NamedKey) -> v1::ApiKey {
    let limits = &key.limits;
    let quota = v1::ApiKeyQuota {
        events_per_second: limits.events_per_second.unwrap_or_default(),
        bytes_per_second: limits.bytes_per_second.unwrap_or_default(),
    };
    v1::ApiKey {
        name: names::of_key(&key.id),
        project: project.as_ref().map(names::of_project).unwrap_or_default(),
        scopes: key.scopes.iter().map(|scope| scope_to_wire(*scope).into()).collect(),
        display_name: key.display_name.clone(),
        last_four: key.last_four.clone(),
        create_time: Some(timestamp(key.create_time)),
        revoke_time: key.revoke_time.map(timestamp),
        origins: limits.origins.clone(),
        expire_time: limits.expire_time.map(timestamp),
        last_use_time: key.last_use_time.map(timestamp),
        quota: (quota != v1::ApiKeyQuota::default()).then_some(quota),
    }
}

fn scope_from_wire(scope: v1::ApiKeyScope) -> Result<ApiKeyScope, RpcError> {
    match scope {
        v1::ApiKeyScope::Unspecified => Err(RpcError::invalid_field("scopes", "must not be unspecified")),
        v1::ApiKeyScope::Ingest => Ok(ApiKeyScope::Ingest),
        v1::ApiKeyScope::Query => Ok(ApiKeyScope::Query),
        v1::ApiKeyScope::Import => Ok(ApiKeyScope::Import),
        v1::ApiKeyScope::Admin => Ok(ApiKeyScope::Admin),
    }
}

fn scope_to_wire(scope: ApiKeyScope) -> v1::ApiKeyScope {
    match scope {
        ApiKeyScope::Ingest => v1::ApiKeyScope::Ingest,
        ApiKeyScope::Query => v1::ApiKeyScope::Query,
        ApiKeyScope::Import => v1::ApiKeyScope::Import,
        ApiKeyScope::Admin => v1::ApiKeyScope::Admin,
    }
}
