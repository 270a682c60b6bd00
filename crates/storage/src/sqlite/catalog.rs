//! The catalog port.

use std::collections::BTreeSet;

use analytics_domain::{
    ApiKey, ApiKeySecretHash, ApiKeySettings, KeyId, Micros, NewApiKey, NewProject, Project, ProjectId, ProjectName,
    ProjectSettings,
    ports::{Catalog, CatalogError, SettingsChange},
};
use async_trait::async_trait;

use super::SqliteStore;

#[async_trait]
impl Catalog for SqliteStore {
    async fn create_project(&self, project: NewProject) -> Result<Project, CatalogError> {
        let name = project.name.clone();
        self.insert_project(project).await?.ok_or(CatalogError::ProjectExists(name))
    }

    async fn project_by_name(&self, name: &ProjectName) -> Result<Option<Project>, CatalogError> {
        Ok(self.find_project_by_name(name).await?)
    }

    async fn project_by_id(&self, id: ProjectId) -> Result<Option<Project>, CatalogError> {
        Ok(self.find_project_by_id(id).await?)
    }

    async fn list_projects(&self, after: Option<&ProjectName>, limit: usize) -> Result<Vec<Project>, CatalogError> {
        Ok(self.page_of_projects(after, limit).await?)
    }

    async fn create_key(&self, key: NewApiKey) -> Result<ApiKey, CatalogError> {
        Ok(self.insert_key(key).await?)
    }

    async fn key_by_secret(&self, hash: &ApiKeySecretHash) -> Result<Option<ApiKey>, CatalogError> {
        Ok(self.find_key_by_secret(hash).await?)
    }

    async fn key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, CatalogError> {
        Ok(self.find_key_by_id(id).await?)
    }

    async fn list_keys(
        &self,
        project: Option<ProjectId>,
        after: Option<&KeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, CatalogError> {
        Ok(self.page_of_keys(project, after, limit).await?)
    }

    async fn revoke_key(&self, id: &KeyId, now: Micros) -> Result<Option<ApiKey>, CatalogError> {
        Ok(self.mark_revoked(id, now).await?)
    }

    async fn update_project(
        &self,
        id: ProjectId,
        change: SettingsChange<Project, ProjectSettings>,
    ) -> Result<Option<Project>, CatalogError> {
        Ok(self.change_project(id, change).await?)
    }

    async fn admit_property_names(
        &self,
        project: ProjectId,
        names: &[&str],
        now: Micros,
    ) -> Result<Option<BTreeSet<String>>, CatalogError> {
        Ok(self.admit_names(project, names, now).await?)
    }

    async fn update_key(
        &self,
        id: &KeyId,
        change: SettingsChange<ApiKey, ApiKeySettings>,
    ) -> Result<Option<ApiKey>, CatalogError> {
        Ok(self.change_key(id, change).await?)
    }

    async fn note_key_uses(&self, uses: &[(KeyId, Micros)]) -> Result<(), CatalogError> {
        Ok(self.raise_last_uses(uses).await?)
    }
}
