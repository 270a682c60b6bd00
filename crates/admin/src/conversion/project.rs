//! Projects.

use analytics_domain::{DurationMs, InvalidName, Project, ProjectName, WeekStart};
use analytics_proto::v1;
use analytics_rpc::{RpcError, names, zone_named};

pub(crate) use super::settings::IngestChange;
use super::{
    cannot_be_changed, paths_of,
    settings::{self, IngestField},
    time::{duration, length_of, timestamp},
};
use crate::directory::{ProjectChange, ProjectToCreate};

const CHANGEABLE: &str = "`week_start`, `lateness`, `ingest_settings` and its fields";
/// Shorter than the clocks of phones are apart.
const SHORTEST_LATENESS: DurationMs = DurationMs(60 * 1000);
const LONGEST_LATENESS: DurationMs = DurationMs(400 * 24 * 60 * 60 * 1000);

pub(crate) fn to_create(request: &v1::CreateProjectRequest) -> Result<ProjectToCreate, RpcError> {
    let malformed = |error: InvalidName| RpcError::invalid_field("project_id", error.to_string());
    Ok(ProjectToCreate {
        name: request.project_id.parse::<ProjectName>().map_err(malformed)?,
        zone: zone_named("time_zone", &request.time_zone)?,
        week_start: week_start_of(request.week_start()),
    })
}

/// Which project is to be changed, and what of it.
pub(crate) fn change_of(request: v1::UpdateProjectRequest) -> Result<(ProjectName, ProjectChange), RpcError> {
    let paths = paths_of(request.update_mask)?;
    let project = request.project.unwrap_or_default();
    let name = names::project("project.name", &project.name)?;
    let wanted = project.ingest_settings.clone().unwrap_or_default();
    let mut change = ProjectChange::default();
    for path in &paths {
        match path.as_str() {
            "week_start" => change.week_start = Some(week_start_of(project.week_start())),
            "lateness" => change.lateness = Some(lateness_of(&project)?),
            "ingest_settings" => {
                for field in IngestField::ALL {
                    change.ingest.push(settings::change_of(field, &wanted)?);
                }
            }
            path => {
                let field = path.strip_prefix("ingest_settings.").and_then(IngestField::named);
                let field = field.ok_or_else(|| cannot_be_changed(path, CHANGEABLE))?;
                change.ingest.push(settings::change_of(field, &wanted)?);
            }
        }
    }
    Ok((name, change))
}

fn lateness_of(project: &v1::Project) -> Result<DurationMs, RpcError> {
    const FIELD: &str = "project.lateness";
    let given =
        project.lateness.ok_or_else(|| RpcError::invalid_field(FIELD, "is named in `update_mask`: give a length"))?;
    let lateness = length_of(FIELD, given)?;
    if (SHORTEST_LATENESS..=LONGEST_LATENESS).contains(&lateness) {
        return Ok(lateness);
    }
    Err(RpcError::invalid_field(FIELD, "must be between 1 minute and 400 days"))
}

fn week_start_of(week_start: v1::WeekStart) -> WeekStart {
    match week_start {
        v1::WeekStart::Unspecified | v1::WeekStart::Monday => WeekStart::Monday,
        v1::WeekStart::Sunday => WeekStart::Sunday,
    }
}

pub(crate) fn to_wire(project: &Project) -> v1::Project {
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
        ingest_settings: Some(settings::to_wire(&project.ingest)),
    }
}
