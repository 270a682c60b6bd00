//! The names of projects, for lists of what belongs to them.

use std::collections::HashMap;

use analytics_domain::{
    ProjectId, ProjectName,
    ports::{Catalog, CatalogError},
};
use analytics_rpc::RpcError;

/// Each name is looked up once.
pub(crate) struct ProjectNames<'a> {
    catalog: &'a dyn Catalog,
    known: HashMap<ProjectId, ProjectName>,
}

impl<'a> ProjectNames<'a> {
    pub(crate) fn new(catalog: &'a dyn Catalog) -> Self {
        Self { catalog, known: HashMap::new() }
    }

    pub(crate) async fn of(&mut self, id: Option<ProjectId>) -> Result<Option<ProjectName>, RpcError> {
        let Some(id) = id else { return Ok(None) };
        if let Some(name) = self.known.get(&id) {
            return Ok(Some(name.clone()));
        }
        let project = self.catalog.project_by_id(id).await?;
        let gone = || CatalogError::Corrupt(format!("something belongs to project {}, which does not exist", id.0));
        let name = project.ok_or_else(gone)?.name;
        self.known.insert(id, name.clone());
        Ok(Some(name))
    }
}
