use std::io;

use analytics_admin::bootstrap::{BootstrapError, ensure_admin_key};
use analytics_domain::{ApiKeyScope, KeyId, ManualClock, ports::Catalog as _};
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};

use crate::world::{NOW, World};

#[tokio::test]
async fn the_first_start_makes_one_key_that_may_do_everything() {
    let directory = tempfile::tempdir().expect("a directory");
    let catalog = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a store");
    let clock = ManualClock::new(NOW);
    let mut kept = None;
    let keep = |secret: &analytics_rpc::KeySecret| {
        kept = Some(secret.clone());
        Ok(())
    };
    let id = ensure_admin_key(&*catalog, &clock, keep).await.expect("made").expect("a new key");
    let key = catalog.key_by_secret(&kept.expect("kept").hash()).await.expect("read").expect("the key");
    assert_eq!((key.id, key.project, key.scopes), (id.clone(), None, ApiKeyScope::ALL.to_vec()));

    let never = |_: &analytics_rpc::KeySecret| panic!("a second key");
    assert_eq!(ensure_admin_key(&*catalog, &clock, never).await.expect("there is one"), None);

    catalog.revoke_key(&id, NOW).await.expect("revoked");
    let other = ensure_admin_key(&*catalog, &clock, |_| Ok(())).await.expect("made").expect("a new key");
    assert_ne!(other, id, "nobody is locked out");
}

#[tokio::test]
async fn a_secret_that_cannot_be_written_makes_no_key() {
    let world = World::new().await;
    world.catalog.revoke_key(&KeyId("root".to_owned()), NOW).await.expect("revoked");
    let before = world.catalog.list_keys(None, None, 100).await.expect("keys");
    let full = |_: &analytics_rpc::KeySecret| Err(io::Error::from(io::ErrorKind::StorageFull));
    let error = ensure_admin_key(&*world.catalog, &*world.clock, full).await.expect_err("nowhere to write");
    assert!(matches!(error, BootstrapError::Keep(_)), "{error}");
    assert_eq!(world.catalog.list_keys(None, None, 100).await.expect("keys"), before);
}
