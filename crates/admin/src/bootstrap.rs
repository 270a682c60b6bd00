//! The first key of an installation: without one nobody could create any.

use std::io;

use analytics_domain::{
    ApiKey, ApiKeyScope, Clock, KeyId,
    ports::{Catalog, CatalogError},
};
use analytics_rpc::{KeySecret, new_key_id};

const PAGE_SIZE: usize = 1000;

/// Why the first key could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The catalog could not be read or written.
    #[error("the admin key cannot be created: {0}")]
    Catalog(#[from] CatalogError),
    /// The secret could not be written down.
    #[error("the secret of the admin key cannot be written: {0}")]
    Keep(#[from] io::Error),
}

/// Makes a key with all scopes that reaches all projects, unless there is one with the scope `admin` that was not revoked. Returns
/// the id of a new key.
///
/// `keep` writes the secret where the operator finds it. It comes first: a crash between the two leaves a secret of no key, which
/// the next start replaces, and never a key whose secret nobody knows.
///
/// # Errors
/// When the catalog fails or `keep` does; there is no new key then.
pub async fn ensure_admin_key(
    catalog: &dyn Catalog,
    clock: &dyn Clock,
    keep: impl FnOnce(&KeySecret) -> io::Result<()>,
) -> Result<Option<KeyId>, BootstrapError> {
    if has_admin_key(catalog).await? {
        return Ok(None);
    }
    let secret = KeySecret::generate();
    keep(&secret)?;
    let key = ApiKey {
        id: new_key_id(),
        secret_hash: secret.hash(),
        project: None,
        scopes: ApiKeyScope::ALL.to_vec(),
        display_name: "admin key of the first start".to_owned(),
        last_four: secret.last_four().to_owned(),
        create_time: clock.now(),
        revoke_time: None,
    };
    Ok(Some(catalog.create_key(key).await?.id))
}

async fn has_admin_key(catalog: &dyn Catalog) -> Result<bool, CatalogError> {
    let mut after = None;
    loop {
        let keys = catalog.list_keys(None, after.as_ref(), PAGE_SIZE).await?;
        let is_admin = |key: &ApiKey| {
            key.project.is_none() && key.revoke_time.is_none() && key.scopes.contains(&ApiKeyScope::Admin)
        };
        if keys.iter().any(is_admin) {
            return Ok(true);
        }
        match keys.last() {
            Some(last) if keys.len() == PAGE_SIZE => after = Some(last.id.clone()),
            _ => return Ok(false),
        }
    }
}
