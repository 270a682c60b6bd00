//! Between the contract's messages and the domain.

use analytics_domain::{ApiKeyScope, DurationMs, InvalidName, Micros, Project, ProjectName, WeekStart};
use analytics_proto::v1;
use analytics_rpc::{RpcError, names, zone_named};
use pbjson_types::{Duration, Timestamp};

use crate::directory::{KeyToCreate, NamedKey, ProjectToCreate};

const DEFAULT_PAGE_SIZE: usize = 100;

pub(crate) fn project_to_create(request: &v1::CreateProjectRequest) -> Result<ProjectToCreate, RpcError> {
    let malformed = |error: InvalidName| RpcError::invalid_field("project_id", error.to_string());
    Ok(ProjectToCreate {
        name: request.project_id.parse::<ProjectName>().map_err(malformed)?,
        zone: zone_named("time_zone", &request.time_zone)?,
        week_start: match request.week_start() {
            v1::WeekStart::Unspecified | v1::WeekStart::Monday => WeekStart::Monday,
            v1::WeekStart::Sunday => WeekStart::Sunday,
        },
    })
}

pub(crate) fn key_to_create(request: v1::CreateApiKeyRequest) -> Result<KeyToCreate, RpcError> {
    let mut scopes = request.scopes().map(scope_from_wire).collect::<Result<Vec<_>, _>>()?;
    scopes.sort_unstable();
    Ok(KeyToCreate {
        project: names::optional_project("project", &request.project)?,
        scopes,
        display_name: request.display_name,
    })
}

/// The contract allows 0 to 1000.
pub(crate) fn page_size(size: i32) -> usize {
    match usize::try_from(size) {
        Ok(size) if size > 0 => size,
        _ => DEFAULT_PAGE_SIZE,
    }
}

pub(crate) fn project_to_wire(project: &Project) -> v1::Project {
    v1::Project {
        name: names::of_project(&project.name),
        time_zone: project.zone.name().to_owned(),
        week_start: match project.week_start {
            WeekStart::Monday => v1::WeekStart::Monday,
            WeekStart::Sunday => v1::WeekStart::Sunday,
        }
        .into(),
        session_timeout: Some(duration(project.session_timeout)),
        lateness: Some(duration(project.lateness)),
        create_time: Some(timestamp(project.create_time)),
        ingest_settings: None,
    }
}

pub(crate) fn key_to_wire(NamedKey { key, project }: &NamedKey) -> v1::ApiKey {
    v1::ApiKey {
        name: names::of_key(&key.id),
        project: project.as_ref().map(names::of_project).unwrap_or_default(),
        scopes: key.scopes.iter().map(|scope| scope_to_wire(*scope).into()).collect(),
        display_name: key.display_name.clone(),
        last_four: key.last_four.clone(),
        create_time: Some(timestamp(key.create_time)),
        revoke_time: key.revoke_time.map(timestamp),
        ..Default::default()
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

fn timestamp(time: Micros) -> Timestamp {
    let nanos = time.0.rem_euclid(1_000_000) * 1000;
    Timestamp { seconds: time.0.div_euclid(1_000_000), nanos: nanos as i32 }
}

fn duration(length: DurationMs) -> Duration {
    Duration { seconds: length.0 / 1000, nanos: (length.0 % 1000 * 1_000_000) as i32 }
}
