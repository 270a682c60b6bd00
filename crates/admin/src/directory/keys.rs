//! API keys.

use analytics_domain::{
    ApiKey, ApiKeyLimits, ApiKeyScope, ApiKeySettings, DurationMs, KeyId, Micros, ProjectId, ProjectName,
};
use analytics_rpc::{Caller, KeySecret, RpcError, names, new_key_id};

use super::{Directory, ProjectNames, reaches_all};
use crate::page::{List, Page};

/// A key to create.
pub(crate) struct KeyToCreate {
    pub(crate) project: Option<ProjectName>,
    /// Ascending, without repetitions.
    pub(crate) scopes: Vec<ApiKeyScope>,
    pub(crate) display_name: String,
    pub(crate) limits: ApiKeyLimits,
}

/// What is to be changed of a key; the rest stays. The inner `None` takes a limit away.
#[derive(Debug, Default)]
pub(crate) struct KeyChange {
    pub(crate) display_name: Option<String>,
    pub(crate) origins: Option<Vec<String>>,
    pub(crate) expire_time: Option<Option<Micros>>,
    pub(crate) events_per_second: Option<Option<u32>>,
    pub(crate) bytes_per_second: Option<Option<u64>>,
}

impl KeyChange {
    fn of(self, key: ApiKey) -> ApiKeySettings {
        let ApiKeyLimits { origins, expire_time, events_per_second, bytes_per_second } = key.limits;
        ApiKeySettings {
            display_name: self.display_name.unwrap_or(key.display_name),
            limits: ApiKeyLimits {
                origins: self.origins.unwrap_or(origins),
                expire_time: self.expire_time.unwrap_or(expire_time),
                events_per_second: self.events_per_second.unwrap_or(events_per_second),
                bytes_per_second: self.bytes_per_second.unwrap_or(bytes_per_second),
            },
        }
    }
}

/// A key and the name of its project.
pub(crate) struct NamedKey {
    pub(crate) key: ApiKey,
    pub(crate) project: Option<ProjectName>,
}

/// A new key in the place of another one.
pub(crate) struct Rotated {
    pub(crate) key: NamedKey,
    pub(crate) secret: KeySecret,
    pub(crate) replaced: NamedKey,
}

impl Directory {
    pub(crate) async fn create_key(
        &self,
        caller: &Caller,
        key: KeyToCreate,
    ) -> Result<(NamedKey, KeySecret), RpcError> {
        self.is_to_come("expire_time", key.limits.expire_time)?;
        let project = match &key.project {
            Some(name) => Some(caller.project(Some(name)).await?.id),
            None => {
                reaches_all(caller, "creating a key of no project")?;
                None
            }
        };
        let KeyToCreate { project: name, scopes, display_name, limits } = key;
        let (stored, secret) = self.make_key(project, scopes, ApiKeySettings { display_name, limits }).await?;
        Ok((NamedKey { key: stored, project: name }, secret))
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
        let page = list.page(keys, size, |key| key.id.0.clone());
        let mut names = ProjectNames::new(self.catalog.as_ref());
        let mut items = Vec::with_capacity(page.items.len());
        for key in page.items {
            items.push(NamedKey { project: names.of(key.project).await?, key });
        }
        Ok(Page { items, next_token: page.next_token })
    }

    pub(crate) async fn update_key(
        &self,
        caller: &Caller,
        id: &KeyId,
        change: KeyChange,
    ) -> Result<NamedKey, RpcError> {
        self.is_to_come("api_key.expire_time", change.expire_time.flatten())?;
        self.reached_key(caller, id).await?;
        let updated = self.catalog.update_key(id, Box::new(|key| change.of(key))).await?;
        self.named(updated.ok_or_else(|| RpcError::KeyNotFound(id.clone()))?).await
    }

    /// A key like this one, which itself ends after the overlap, or when it was to end if that comes first.
    pub(crate) async fn rotate_key(
        &self,
        caller: &Caller,
        id: &KeyId,
        overlap: DurationMs,
    ) -> Result<Rotated, RpcError> {
        let old = self.reached_key(caller, id).await?;
        let now = self.clock.now();
        works(&old, now)?;
        let mut limits = old.limits.clone();
        limits.expire_time = old.limits.expire_time.map(|end| Micros(now.0 + (end.0 - old.create_time.0)));
        let settings = ApiKeySettings { display_name: old.display_name.clone(), limits };
        // The new one first: should the second step fail, both go on working, and nobody is left without a key.
        let (key, secret) = self.make_key(old.project, old.scopes.clone(), settings).await?;
        let end = Micros(now.0 + overlap.0 * 1000);
        let ending = move |key: ApiKey| {
            let end = key.limits.expire_time.map_or(end, |before| before.min(end));
            KeyChange { expire_time: Some(Some(end)), ..KeyChange::default() }.of(key)
        };
        match self.catalog.update_key(id, Box::new(ending)).await {
            Ok(Some(replaced)) => {
                Ok(Rotated { key: self.named(key).await?, secret, replaced: self.named(replaced).await? })
            }
            outcome => {
                // Nobody was told the secret, so the key is of no use. If this fails too, `key list` shows it.
                let _ = self.catalog.revoke_key(&key.id, self.clock.now()).await;
                outcome?;
                Err(RpcError::KeyNotFound(id.clone()))
            }
        }
    }

    pub(crate) async fn revoke_key(&self, caller: &Caller, id: &KeyId) -> Result<NamedKey, RpcError> {
        self.reached_key(caller, id).await?;
        let revoked = self.catalog.revoke_key(id, self.clock.now()).await?;
        self.named(revoked.ok_or_else(|| RpcError::KeyNotFound(id.clone()))?).await
    }

    async fn make_key(
        &self,
        project: Option<ProjectId>,
        scopes: Vec<ApiKeyScope>,
        settings: ApiKeySettings,
    ) -> Result<(ApiKey, KeySecret), RpcError> {
        let secret = KeySecret::generate();
        let key = ApiKey {
            id: new_key_id(),
            secret_hash: secret.hash(),
            project,
            scopes,
            display_name: settings.display_name,
            last_four: secret.last_four().to_owned(),
            create_time: self.clock.now(),
            revoke_time: None,
            limits: settings.limits,
            last_use_time: None,
        };
        Ok((self.catalog.create_key(key).await?, secret))
    }

    async fn reached_key(&self, caller: &Caller, id: &KeyId) -> Result<ApiKey, RpcError> {
        let key = self.catalog.key_by_id(id).await?;
        let is_reached = |key: &ApiKey| caller.key().project.is_none_or(|own| key.project == Some(own));
        key.filter(is_reached).ok_or_else(|| RpcError::KeyNotFound(id.clone()))
    }

    async fn named(&self, key: ApiKey) -> Result<NamedKey, RpcError> {
        let project = ProjectNames::new(self.catalog.as_ref()).of(key.project).await?;
        Ok(NamedKey { key, project })
    }

    fn is_to_come(&self, field: &str, expire_time: Option<Micros>) -> Result<(), RpcError> {
        if expire_time.is_some_and(|time| time <= self.clock.now()) {
            let description = "lies in the past: give a later one, or end the key with `RevokeApiKey`";
            return Err(RpcError::invalid_field(field, description));
        }
        Ok(())
    }
}

/// Whoever replaces a key that ended wants to know that nothing uses it any more.
fn works(key: &ApiKey, now: Micros) -> Result<(), RpcError> {
    let refused = |how: &str| {
        let description =
            format!("`{}` {how}, so there is nothing to replace: create a new key", names::of_key(&key.id));
        Err(RpcError::invalid_field("name", description))
    };
    if key.revoke_time.is_some() {
        return refused("was revoked");
    }
    match key.limits.expire_time {
        Some(end) if end <= now => refused("has expired"),
        _ => Ok(()),
    }
}
