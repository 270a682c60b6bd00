//! Who calls, and what may they do.

use std::sync::Arc;

use analytics_domain::{ApiKey, ApiKeyScope, ApiKeySecretHash, Clock, Project, ProjectId, ProjectName, ports::Catalog};
use subtle::ConstantTimeEq as _;
use tonic::metadata::MetadataMap;

use crate::{KeySecret, RpcError, catalog_cache::CatalogCache};

/// Tells callers by their keys. Cheap to clone; clones share one cache.
#[derive(Clone)]
pub struct Authenticator(Arc<Shared>);

struct Shared {
    catalog: Arc<dyn Catalog>,
    keys: CatalogCache<ApiKeySecretHash, Arc<ApiKey>>,
    projects_by_id: CatalogCache<ProjectId, Arc<Project>>,
    projects_by_name: CatalogCache<ProjectName, Arc<Project>>,
}

impl Authenticator {
    /// Looks keys and projects up in this catalog, at most every two seconds each.
    pub fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            catalog,
            keys: CatalogCache::new(clock.clone()),
            projects_by_id: CatalogCache::new(clock.clone()),
            projects_by_name: CatalogCache::new(clock),
        }))
    }

    /// The caller, by the key in the metadata `authorization`. The key must have any one of the scopes.
    ///
    /// # Errors
    /// When no key was sent, or one that is not whole, not known, revoked or lacks the scope; and while the catalog cannot be
    /// reached, for keys that were not seen within the last hour.
    pub async fn authenticate(&self, metadata: &MetadataMap, any_of: &[ApiKeyScope]) -> Result<Caller, RpcError> {
        let secret = KeySecret::parse(bearer(metadata)?).map_err(|_| RpcError::KeyMistyped)?;
        let hash = secret.hash();
        let read = async { Ok(self.0.catalog.key_by_secret(&hash).await?.map(Arc::new)) };
        let key = self.0.keys.get(hash, read).await?.ok_or(RpcError::KeyUnknown)?;
        // The catalog found it by an index, whose comparisons take time that depends on the bytes: this one decides.
        if !bool::from(key.secret_hash.0.ct_eq(&hash.0)) {
            return Err(RpcError::KeyUnknown);
        }
        if let Some(revoke_time) = key.revoke_time {
            return Err(RpcError::KeyRevoked { id: key.id.clone(), revoke_time });
        }
        if !any_of.iter().any(|scope| key.scopes.contains(scope)) {
            return Err(RpcError::ScopeMissing { id: key.id.clone(), required: any_of.to_vec() });
        }
        Ok(Caller { key, shared: self.0.clone() })
    }
}

fn bearer(metadata: &MetadataMap) -> Result<&str, RpcError> {
    let value = metadata.get("authorization").ok_or(RpcError::KeyMissing)?;
    let text = value.to_str().map_err(|_| RpcError::KeyMistyped)?;
    let (scheme, key) = text.split_once(' ').ok_or(RpcError::KeyMissing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(key.trim()) } else { Err(RpcError::KeyMissing) }
}

/// Who calls: the only way from a request to a project.
#[derive(Clone)]
pub struct Caller {
    key: Arc<ApiKey>,
    shared: Arc<Shared>,
}

impl Caller {
    /// The key that was sent.
    pub fn key(&self) -> &ApiKey {
        &self.key
    }

    /// Whether the key has this scope.
    pub fn has_scope(&self, scope: ApiKeyScope) -> bool {
        self.key.scopes.contains(&scope)
    }

    /// The one project that the key belongs to; none when it reaches all.
    ///
    /// # Errors
    /// While the catalog cannot be reached.
    pub async fn own_project(&self) -> Result<Option<Arc<Project>>, RpcError> {
        match self.key.project {
            Some(id) => self.project_of_key(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// The project that the call is about: the key's own when it belongs to one, else the requested one.
    ///
    /// # Errors
    /// When the key belongs to another project or there is no such project (a caller cannot tell which), when neither the key nor
    /// the request names one, and while the catalog cannot be reached.
    pub async fn project(&self, requested: Option<&ProjectName>) -> Result<Arc<Project>, RpcError> {
        match (self.key.project, requested) {
            (Some(own), requested) => {
                let project = self.project_of_key(own).await?;
                match requested {
                    Some(name) if *name != project.name => Err(RpcError::ProjectNotFound(name.clone())),
                    _ => Ok(project),
                }
            }
            (None, Some(name)) => {
                let read = async { Ok(self.shared.catalog.project_by_name(name).await?.map(Arc::new)) };
                let project = self.shared.projects_by_name.get(name.clone(), read).await?;
                project.ok_or_else(|| RpcError::ProjectNotFound(name.clone()))
            }
            (None, None) => Err(RpcError::ProjectRequired { field: "project" }),
        }
    }

    async fn project_of_key(&self, id: ProjectId) -> Result<Arc<Project>, RpcError> {
        let read = async { Ok(self.shared.catalog.project_by_id(id).await?.map(Arc::new)) };
        let project = self.shared.projects_by_id.get(id, read).await?;
        project.ok_or_else(|| {
            RpcError::internal(format!("key {} belongs to project {}, which is gone", self.key.id, id.0))
        })
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("key", &self.key.id).finish_non_exhaustive()
    }
}
