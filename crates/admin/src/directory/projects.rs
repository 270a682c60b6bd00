//! Projects and their settings.

use analytics_domain::{
    DurationMs, NewProject, Project, ProjectId, ProjectName, ProjectSettings, WeekStart, Zone, ports::CatalogError,
};
use analytics_rpc::{Caller, RpcError};

use super::{Directory, foreign_token, reaches_all};
use crate::{
    conversion::project::IngestChange,
    page::{List, Page},
};

/// A project to create.
pub(crate) struct ProjectToCreate {
    pub(crate) name: ProjectName,
    pub(crate) zone: Zone,
    pub(crate) week_start: WeekStart,
}

/// What is to be changed of a project; the rest stays.
#[derive(Default)]
pub(crate) struct ProjectChange {
    pub(crate) week_start: Option<WeekStart>,
    pub(crate) lateness: Option<DurationMs>,
    pub(crate) ingest: Vec<IngestChange>,
}

impl ProjectChange {
    fn of(self, project: Project) -> ProjectSettings {
        let mut settings = ProjectSettings {
            week_start: self.week_start.unwrap_or(project.week_start),
            lateness: self.lateness.unwrap_or(project.lateness),
            ingest: project.ingest,
        };
        for change in self.ingest {
            change(&mut settings.ingest);
        }
        settings
    }
}

impl Directory {
    pub(crate) async fn create_project(&self, caller: &Caller, project: ProjectToCreate) -> Result<Project, RpcError> {
        // Before anything is looked up: the answer must not tell whether the name is taken.
        reaches_all(caller, "creating a project")?;
        let project = NewProject {
            name: project.name,
            zone: project.zone,
            week_start: project.week_start,
            session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
            lateness: NewProject::DEFAULT_LATENESS,
            user_hash_secret: rand::random(),
            create_time: self.clock.now(),
            ingest: Default::default(),
        };
        Ok(self.catalog.create_project(project).await?)
    }

    pub(crate) async fn project(&self, caller: &Caller, name: &ProjectName) -> Result<Project, RpcError> {
        self.as_it_is(caller.project(Some(name)).await?.id).await
    }

    pub(crate) async fn list_projects(
        &self,
        caller: &Caller,
        size: usize,
        token: &str,
    ) -> Result<Page<Project>, RpcError> {
        let list = List::projects(caller.key().project);
        let after = list.read(token)?.map(|name| name.parse()).transpose().map_err(foreign_token)?;
        if let Some(own) = caller.key().project {
            return Ok(Page { items: vec![self.as_it_is(own).await?], next_token: String::new() });
        }
        let projects = self.catalog.list_projects(after.as_ref(), size + 1).await?;
        Ok(list.page(projects, size, |project| project.name.to_string()))
    }

    pub(crate) async fn update_project(
        &self,
        caller: &Caller,
        name: &ProjectName,
        change: ProjectChange,
    ) -> Result<Project, RpcError> {
        let id = self.project(caller, name).await?.id;
        let updated = self.catalog.update_project(id, Box::new(|project| change.of(project))).await?;
        updated.ok_or_else(|| RpcError::ProjectNotFound(name.clone()))
    }

    /// Not as it was some seconds ago: whoever changes something wants to see it.
    async fn as_it_is(&self, id: ProjectId) -> Result<Project, RpcError> {
        let project = self.catalog.project_by_id(id).await?;
        let gone = || CatalogError::Corrupt(format!("project {} is gone", id.0));
        Ok(project.ok_or_else(gone)?)
    }
}
