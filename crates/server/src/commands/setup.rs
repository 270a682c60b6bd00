//! `analytics setup`: what separate services need once, before the first of them starts.

use analytics_domain::{ApiKeyScope, Clock as _, NewApiKey, SystemClock, ports::Catalog};
use analytics_rpc::{KeySecret, new_key_id};
use analytics_storage::timescale::TimescaleStore;
use anyhow::Context as _;

use crate::{
    cli::{SettingFlags, SetupArgs},
    config::{self, Role},
    roles::{DATABASE_EXAMPLE, required, timescale_options},
    serve::keys,
};

/// Lists of keys are read in pages of so many.
const PAGE: usize = 100;

pub(crate) async fn run(args: SetupArgs) -> anyhow::Result<()> {
    let flags = SettingFlags { common: args.common, ..SettingFlags::default() };
    let settings = config::load(Role::Query, &flags, std::env::vars())?.settings;
    let url = required(&settings.database_url, "database_url", DATABASE_EXAMPLE)?;
    let store = TimescaleStore::connect(url.expose(), timescale_options(&settings)).await?;
    println!("The database is ready ({}).", store.edition());
    match &args.admin_key_file {
        Some(path) => {
            keys::ensure_admin_key(path, &store, &SystemClock).await?;
            println!("The admin key is in {}.", path.display());
        }
        None => show_first_key(&store).await.context("the first admin key cannot be made")?,
    }
    store.close().await;
    Ok(())
}

/// Makes a key that may do everything, unless there is one.
async fn show_first_key(catalog: &dyn Catalog) -> anyhow::Result<()> {
    if let Some(id) = key_of_everything(catalog).await? {
        println!(
            "There is an admin key already, `apiKeys/{id}`. If it is lost, give --admin-key-file with a new file."
        );
        return Ok(());
    }
    let secret = KeySecret::generate();
    let key = NewApiKey {
        id: new_key_id(),
        secret_hash: secret.hash(),
        project: None,
        scopes: ApiKeyScope::ALL.to_vec(),
        display_name: "the first admin key".to_owned(),
        last_four: secret.last_four().to_owned(),
        create_time: SystemClock.now(),
        revoke_time: None,
        limits: Default::default(),
        last_use_time: None,
    };
    catalog.create_key(key).await?;
    println!(
        "The first admin key, for ANALYTICS_API_KEY:\n\n    {}\n\nKeep it now: it is not shown again.",
        secret.expose()
    );
    Ok(())
}

async fn key_of_everything(catalog: &dyn Catalog) -> anyhow::Result<Option<String>> {
    let mut after = None;
    loop {
        let keys = catalog.list_keys(None, after.as_ref(), PAGE).await?;
        let Some(last) = keys.last() else { return Ok(None) };
        after = Some(last.id.clone());
        let found = keys
            .iter()
            .find(|key| key.project.is_none() && key.revoke_time.is_none() && key.scopes.contains(&ApiKeyScope::Admin));
        if let Some(key) = found {
            return Ok(Some(key.id.0.clone()));
        }
    }
}
