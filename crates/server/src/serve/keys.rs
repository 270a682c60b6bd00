//! The keys of the first start: files in the data directory that only its owner may read.
//!
//! Whoever may read the data directory may do anything with it, so a key file that was lost is simply made again at the next start.

use std::path::Path;

use analytics_domain::{ApiKeyScope, Clock, NewApiKey, ports::Catalog};
use analytics_rpc::{KeySecret, new_key_id};
use anyhow::Context;

use super::secret::read_or_write;
use crate::client::ADMIN_KEY_FILE;

const PAGE_KEY_FILE: &str = "page-key";

/// The keys of this installation's own people.
pub(super) struct Keys {
    /// May only query: it stands in the address that opens the page.
    pub(super) page: String,
}

/// Makes the keys that are missing, in their files and in the catalog.
pub(super) async fn ensure(data_dir: &Path, catalog: &dyn Catalog, clock: &dyn Clock) -> anyhow::Result<Keys> {
    ensure_admin_key(&data_dir.join(ADMIN_KEY_FILE), catalog, clock).await?;
    let page = ensure_key(&data_dir.join(PAGE_KEY_FILE), &[ApiKeyScope::Query], "the page", catalog, clock).await?;
    Ok(Keys { page })
}

/// Makes sure that the file holds a key which may do everything.
pub(crate) async fn ensure_admin_key(path: &Path, catalog: &dyn Catalog, clock: &dyn Clock) -> anyhow::Result<()> {
    ensure_key(path, &ApiKeyScope::ALL, "the first admin key", catalog, clock).await?;
    Ok(())
}

/// The file comes first: a start that is cut off in between finds the secret there and only adds it to the catalog.
async fn ensure_key(
    path: &Path,
    scopes: &[ApiKeyScope],
    display_name: &str,
    catalog: &dyn Catalog,
    clock: &dyn Clock,
) -> anyhow::Result<String> {
    let text = read_or_write(path, || KeySecret::generate().expose().to_owned())
        .with_context(|| format!("the key {} cannot be read or made", path.display()))?;
    let secret = KeySecret::parse(&text)
        .with_context(|| format!("{} holds no API key: delete the file, and a new key is made", path.display()))?;
    if catalog.key_by_secret(&secret.hash()).await?.is_none() {
        let key = NewApiKey {
            id: new_key_id(),
            secret_hash: secret.hash(),
            project: None,
            scopes: scopes.to_vec(),
            display_name: display_name.to_owned(),
            last_four: secret.last_four().to_owned(),
            create_time: clock.now(),
            revoke_time: None,
            limits: Default::default(),
            last_use_time: None,
        };
        catalog.create_key(key).await?;
    }
    Ok(text)
}
