//! Projects, what their properties are called, and API keys.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::{
    ApiKey, ApiKeySecretHash, ApiKeySettings, KeyId, Micros, NewApiKey, NewProject, Project, ProjectId, ProjectName,
    ProjectSettings,
};

/// Why the catalog could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// The name is taken.
    #[error("project `{0}` exists already")]
    ProjectExists(ProjectName),
    /// The store cannot be reached or written now; the same call may succeed later.
    #[error("the catalog is not available: {0}")]
    Unavailable(String),
    /// The store holds something that this version cannot read.
    #[error("the catalog holds something unreadable: {0}")]
    Corrupt(String),
}

/// So many names of properties a project has at most: names that hold what should be values would become more for ever.
pub const MAX_PROPERTY_NAMES: usize = 1_000;

/// Makes new settings from what is there at the moment of the change: two changes at once both hold.
pub type SettingsChange<T, S> = Box<dyn FnOnce(T) -> S + Send>;

/// Keeps projects and API keys.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// Creates a project.
    async fn create_project(&self, project: NewProject) -> Result<Project, CatalogError>;
    /// The project of this name.
    async fn project_by_name(&self, name: &ProjectName) -> Result<Option<Project>, CatalogError>;
    /// The project of this number.
    async fn project_by_id(&self, id: ProjectId) -> Result<Option<Project>, CatalogError>;
    /// At most `limit` projects by name, those after `after`.
    async fn list_projects(&self, after: Option<&ProjectName>, limit: usize) -> Result<Vec<Project>, CatalogError>;
    /// Changes the settings of a project and returns it. None when there is no such project.
    async fn update_project(
        &self,
        id: ProjectId,
        change: SettingsChange<Project, ProjectSettings>,
    ) -> Result<Option<Project>, CatalogError>;
    /// Keeps those of these names that the project does not have yet, the first ones first, until it has [`MAX_PROPERTY_NAMES`]; and returns
    /// all that it has then. Whatever is kept stays. None when there is no such project. No name holds U+0000.
    async fn admit_property_names(
        &self,
        project: ProjectId,
        names: &[&str],
        now: Micros,
    ) -> Result<Option<BTreeSet<String>>, CatalogError>;
    /// Stores a key.
    async fn create_key(&self, key: NewApiKey) -> Result<ApiKey, CatalogError>;
    /// The key with this secret, revoked ones included.
    async fn key_by_secret(&self, hash: &ApiKeySecretHash) -> Result<Option<ApiKey>, CatalogError>;
    /// The key with this id.
    async fn key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, CatalogError>;
    /// At most `limit` keys, of one project or of all, newest first (then by id, descending), those after `after`.
    async fn list_keys(
        &self,
        project: Option<ProjectId>,
        after: Option<&KeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, CatalogError>;
    /// Changes the settings of a key and returns it. None when there is no such key.
    async fn update_key(
        &self,
        id: &KeyId,
        change: SettingsChange<ApiKey, ApiKeySettings>,
    ) -> Result<Option<ApiKey>, CatalogError>;
    /// Notes that keys were used at these times; an earlier time than the noted one changes nothing. Unknown keys are passed over.
    async fn note_key_uses(&self, uses: &[(KeyId, Micros)]) -> Result<(), CatalogError>;
    /// Marks a key revoked and returns it; a second time changes nothing. None when there is no such key.
    async fn revoke_key(&self, id: &KeyId, now: Micros) -> Result<Option<ApiKey>, CatalogError>;
}
