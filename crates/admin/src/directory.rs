//! What may be done with projects and keys, and by whom. A key that belongs to a project sees and changes nothing outside of it, and
//! cannot tell what is out of its reach from what does not exist.

use std::{collections::HashMap, sync::Arc};

use analytics_domain::{
    ApiKey, ApiKeyScope, Clock, InvalidName, KeyId, NewProject, Project, ProjectId, ProjectName, WeekStart, Zone,
    ports::{Catalog, CatalogError},
};
use analytics_rpc::{Caller, KeySecret, RpcError, new_key_id};

use crate::page::{List, Page};

/// A key to create.
pub(crate) struct KeyToCreate {
    pub(crate) project: Option<ProjectName>,
    /// Ascending, without repetitions.
    pub(crate) scopes: Vec<ApiKeyScope>,
    pub(crate) display_name: String,
}

/// A project to create.
pub(crate) struct ProjectToCreate {
    pub(crate) name: ProjectName,
    pub(crate) zone: Zone,
    pub(crate) week_start: WeekStart,
}

/// A key and the name of its project.
pub(crate) struct NamedKey {
    pub(crate) key: ApiKey,
    pub(crate) project: Option<ProjectName>,
}

pub(crate) struct Directory {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
}

impl Directory {
    pub(crate) fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>) -> Self {
        Self { catalog, clock }
    }

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

    pub(crate) async fn list_projects(
        &self,
        caller: &Caller,
        size: usize,
        token: &str,
    ) -> Result<Page<Arc<Project>>, RpcError> {
        let list = List::projects(caller.key().project);
        let after = list.read(token)?.map(|name| name.parse()).transpose().map_err(foreign_token)?;
        if let Some(own) = caller.own_project().await? {
            return Ok(Page { items: vec![own], next_token: String::new() });
        }
        let projects = self.catalog.list_projects(after.as_ref(), size + 1).await?;
        let page = list.page(projects, size, |project| project.name.as_str());
        Ok(Page { items: page.items.into_iter().map(Arc::new).collect(), next_token: page.next_token })
    }

    pub(crate) async fn create_key(
        &self,
        caller: &Caller,
        key: KeyToCreate,
    ) -> Result<(NamedKey, KeySecret), RpcError> {
        let project = match &key.project {
            Some(name) => Some(caller.project(Some(name)).await?),
            None => {
                reaches_all(caller, "creating a key of no project")?;
                None
            }
        };
        let secret = KeySecret::generate();
        let stored = ApiKey {
            id: new_key_id(),
            secret_hash: secret.hash(),
            project: project.map(|project| project.id),
            scopes: key.scopes,
            display_name: key.display_name,
            last_four: secret.last_four().to_owned(),
            create_time: self.clock.now(),
            revoke_time: None,
            limits: Default::default(),
            last_use_time: None,
        };
        let stored = self.catalog.create_key(stored).await?;
        Ok((NamedKey { key: stored, project: key.project }, secret))
    }

    pub(crate) async fn list_keys(
        &self,
        caller: &Caller,
        project: Option<&ProjectName>,
        size: usize,
        token: &str,
    ) -> Result<Page<NamedKey>, RpcError> {
        let of = match project {
            Some(name) => Some(caller.project(Some(name)).await?.id),
            None => caller.key().project,
        };
        let list = List::keys(of);
        let after = list.read(token)?.map(KeyId);
        let keys = self.catalog.list_keys(of, after.as_ref(), size + 1).await?;
        let page = list.page(keys, size, |key| &key.id.0);
        let mut names = HashMap::new();
        let mut items = Vec::with_capacity(page.items.len());
        for key in page.items {
            let project = match key.project {
                Some(id) => Some(self.project_name(id, &mut names).await?),
                None => None,
            };
            items.push(NamedKey { key, project });
        }
        Ok(Page { items, next_token: page.next_token })
    }

    pub(crate) async fn revoke_key(&self, caller: &Caller, id: &KeyId) -> Result<NamedKey, RpcError> {
        let not_found = || RpcError::KeyNotFound(id.clone());
        let key = self.catalog.key_by_id(id).await?.ok_or_else(not_found)?;
        if caller.key().project.is_some_and(|own| key.project != Some(own)) {
            return Err(not_found());
        }
        let key = self.catalog.revoke_key(id, self.clock.now()).await?.ok_or_else(not_found)?;
        let project = match key.project {
            Some(id) => Some(self.project_name(id, &mut HashMap::new()).await?),
            None => None,
        };
        Ok(NamedKey { key, project })
    }

    async fn project_name(
        &self,
        id: ProjectId,
        known: &mut HashMap<ProjectId, ProjectName>,
    ) -> Result<ProjectName, RpcError> {
        if let Some(name) = known.get(&id) {
            return Ok(name.clone());
        }
        let project = self.catalog.project_by_id(id).await?;
        let gone = || CatalogError::Corrupt(format!("a key belongs to project {}, which does not exist", id.0));
        let name = project.ok_or_else(gone)?.name;
        known.insert(id, name.clone());
        Ok(name)
    }
}

fn foreign_token(error: InvalidName) -> RpcError {
    RpcError::invalid_field("page_token", format!("was made by hand: {error}"))
}

fn reaches_all(caller: &Caller, what: &'static str) -> Result<(), RpcError> {
    if caller.key().project.is_none() {
        return Ok(());
    }
    Err(RpcError::KeyOfOneProject { id: caller.key().id.clone(), what })
}
