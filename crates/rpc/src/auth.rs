//! Who calls, and what may they do.

use std::sync::Arc;

use analytics_domain::{
    ApiKey, ApiKeyScope, ApiKeySecretHash, Clock, Micros, Project, ProjectId, ProjectName,
    ports::{Catalog, CatalogError},
};
use subtle::ConstantTimeEq as _;
use tonic::{Request, Status, metadata::MetadataMap};

use crate::{
    KeySecret, RpcError,
    catalog_cache::CatalogCache,
    key_use::{KeyUses, KnownKey},
    quota::UsedUp,
};

/// Tells callers by their keys. Cheap to clone; clones share one cache.
#[derive(Clone)]
pub struct Authenticator(Arc<Shared>);

struct Shared {
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    keys: CatalogCache<ApiKeySecretHash, Arc<KnownKey>>,
    uses: KeyUses,
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
            projects_by_name: CatalogCache::new(clock.clone()),
            uses: KeyUses::default(),
            clock,
        }))
    }

    /// The caller, by the key in the metadata `authorization`. The key must have any one of the scopes.
    ///
    /// A browser tells the origin of the page in the metadata `origin`, and then the key must be good for that. A call that tells none
    /// comes from a program, which could tell whatever it likes: it passes.
    ///
    /// # Errors
    /// When no key was sent, or one that is not whole, not known, revoked, expired, not for this origin or lacks the scope; and while
    /// the catalog cannot be reached, for keys that were not seen within the last hour.
    pub async fn authenticate(&self, metadata: &MetadataMap, any_of: &[ApiKeyScope]) -> Result<Caller, RpcError> {
        let secret = KeySecret::parse(bearer(metadata)?).map_err(|_| RpcError::KeyMistyped)?;
        let hash = secret.hash();
        let read = async {
            let key = self.0.catalog.key_by_secret(&hash).await?;
            Ok(key.map(|key| Arc::new(self.0.uses.of(key))))
        };
        let known = self.0.keys.get(hash, read).await?.ok_or(RpcError::KeyUnknown)?;
        let key = &known.key;
        // The catalog found it by an index, whose comparisons take time that depends on the bytes: this one decides.
        if !bool::from(key.secret_hash.0.ct_eq(&hash.0)) {
            return Err(RpcError::KeyUnknown);
        }
        let now = self.0.clock.now();
        is_alive(key, now)?;
        is_for_origin(key, metadata)?;
        if !any_of.iter().any(|scope| key.scopes.contains(scope)) {
            return Err(RpcError::ScopeMissing { id: key.id.clone(), required: any_of.to_vec() });
        }
        known.used.note(now);
        Ok(Caller { known, shared: self.0.clone() })
    }

    /// Refuses a call whose key has nothing left of a quota, before its message is read. A key that was not seen lately passes here:
    /// to look it up is not worth more than to read the message.
    ///
    /// # Errors
    /// As [`Caller::admit`] would.
    pub fn turn_away<T>(&self, request: Request<T>) -> Result<Request<T>, Status> {
        let secret = bearer(request.metadata()).ok().and_then(|text| KeySecret::parse(text).ok());
        if let Some(known) = secret.and_then(|secret| self.0.keys.peek(&secret.hash())) {
            let (key, now) = (&known.key, self.0.clock.now());
            // What waiting does not mend is told instead, by whoever takes the call.
            if is_alive(key, now).is_ok() && is_for_origin(key, request.metadata()).is_ok() {
                let checked = known.used.quotas.check(&key.limits, now);
                checked.map_err(|used_up| quota_exceeded(key, used_up))?;
            }
        }
        Ok(request)
    }

    /// Tells the catalog when keys were last used, as far as it was not told. Calls only remember it: nobody waits for this.
    ///
    /// # Errors
    /// When the catalog cannot be reached; what it was not told is told the next time.
    pub async fn write_last_uses(&self) -> Result<(), CatalogError> {
        let uses = self.0.uses.unwritten();
        if !uses.is_empty() {
            self.0.catalog.note_key_uses(&uses).await?;
        }
        self.0.uses.wrote(&uses, self.0.clock.now());
        Ok(())
    }
}

fn is_alive(key: &ApiKey, now: Micros) -> Result<(), RpcError> {
    if let Some(revoke_time) = key.revoke_time {
        return Err(RpcError::KeyRevoked { id: key.id.clone(), revoke_time });
    }
    match key.limits.expire_time {
        Some(expire_time) if expire_time <= now => Err(RpcError::KeyExpired { id: key.id.clone(), expire_time }),
        _ => Ok(()),
    }
}

/// Byte for byte: `null`, other cases and look-alikes are other origins, and so is more than one.
fn is_for_origin(key: &ApiKey, metadata: &MetadataMap) -> Result<(), RpcError> {
    let allowed = &key.limits.origins;
    let is_allowed = |origin: &[u8]| allowed.iter().any(|allowed| allowed.as_bytes() == origin);
    let mut origins = metadata.get_all("origin").iter();
    if allowed.is_empty() || origins.all(|origin| is_allowed(origin.as_encoded_bytes())) {
        return Ok(());
    }
    Err(RpcError::OriginNotAllowed(key.id.clone()))
}

fn quota_exceeded(key: &ApiKey, UsedUp { quota, per_second, retry_after }: UsedUp) -> RpcError {
    metrics::counter!("analytics_quota_refusals_total", "quota" => quota.as_str()).increment(1);
    RpcError::QuotaExceeded { id: key.id.clone(), quota, per_second, retry_after }
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
    known: Arc<KnownKey>,
    shared: Arc<Shared>,
}

impl Caller {
    /// The key that was sent.
    pub fn key(&self) -> &ApiKey {
        &self.known.key
    }

    /// Takes a batch of so many events and bytes from what the key may send. Ask before any work is done for it. The bytes are counted
    /// only where that matters: `|| request.encoded_len()`.
    ///
    /// # Errors
    /// When the key has used up a quota; nothing is taken then.
    pub fn admit(&self, events: usize, bytes: impl FnOnce() -> usize) -> Result<(), RpcError> {
        let KnownKey { key, used } = &*self.known;
        let taken = used.quotas.take(&key.limits, events, bytes, self.shared.clock.now());
        taken.map_err(|used_up| quota_exceeded(key, used_up))
    }

    /// Whether the key has this scope.
    pub fn has_scope(&self, scope: ApiKeyScope) -> bool {
        self.key().scopes.contains(&scope)
    }

    /// The one project that the key belongs to; none when it reaches all.
    ///
    /// # Errors
    /// While the catalog cannot be reached.
    pub async fn own_project(&self) -> Result<Option<Arc<Project>>, RpcError> {
        match self.key().project {
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
        match (self.key().project, requested) {
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
            RpcError::internal(format!("key {} belongs to project {}, which is gone", self.key().id, id.0))
        })
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("key", &self.key().id).finish_non_exhaustive()
    }
}
