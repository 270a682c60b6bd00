//! API keys.

use super::{ApiKey, ApiKeyScope, ApiKeySecretHash, KeyId, Micros, ProjectId, Store, create, new_key};

/// By its secret and by its id, with every scope, of one project and of all.
pub async fn a_key_is_read_back_as_it_was_created(store: &Store) {
    let project = create(store, "web").await.id;
    let keys = [
        ApiKey { scopes: ApiKeyScope::ALL.to_vec(), ..new_key("all", None, 1) },
        ApiKey { scopes: vec![], display_name: String::new(), ..new_key("none", Some(project), 2) },
        ApiKey { revoke_time: Some(Micros(4)), ..new_key("revoked", Some(project), 3) },
    ];
    for key in keys {
        assert_eq!(store.create_key(key.clone()).await.as_ref(), Ok(&key));
        assert_eq!(store.key_by_secret(&key.secret_hash).await, Ok(Some(key.clone())));
        assert_eq!(store.key_by_id(&key.id).await, Ok(Some(key)));
    }
}

/// Not an error.
pub async fn a_key_that_does_not_exist_is_none(store: &Store) {
    let key = store.create_key(new_key("a", None, 1)).await.expect("the catalog works");
    let mut other = key.secret_hash.0;
    other[31] ^= 1;
    assert_eq!(store.key_by_secret(&ApiKeySecretHash(other)).await, Ok(None));
    assert_eq!(store.key_by_id(&KeyId("b".to_owned())).await, Ok(None));
    assert_eq!(store.revoke_key(&KeyId("b".to_owned()), Micros(1)).await, Ok(None));
}

async fn list_in_pages(store: &Store, project: Option<ProjectId>, limit: usize) -> Vec<String> {
    let mut after: Option<KeyId> = None;
    let mut listed = Vec::new();
    loop {
        let page = store.list_keys(project, after.as_ref(), limit).await.expect("the catalog works");
        assert!(page.len() <= limit);
        let Some(last) = page.last() else { return listed };
        after = Some(last.id.clone());
        listed.extend(page.into_iter().map(|key| key.id.0));
        assert!(listed.len() <= 5, "pages of {limit} repeat keys");
    }
}

/// Those of one instant by id, descending.
pub async fn keys_are_listed_newest_first_in_pages(store: &Store) {
    for (id, create_time) in [("c", 5), ("a", 7), ("e", 5), ("b", 9), ("d", 5)] {
        store.create_key(new_key(id, None, create_time)).await.expect("the catalog works");
    }
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(list_in_pages(store, None, limit).await, ["b", "a", "e", "d", "c"], "in pages of {limit}");
    }
}

/// Without those that reach all projects; those are listed with all.
pub async fn the_keys_of_one_project_are_listed_alone(store: &Store) {
    let (web, app) = (create(store, "web").await.id, create(store, "app").await.id);
    for (id, project, create_time) in [("a", Some(web), 1), ("b", Some(app), 2), ("c", None, 3), ("d", Some(web), 4)] {
        store.create_key(new_key(id, project, create_time)).await.expect("the catalog works");
    }
    assert_eq!(list_in_pages(store, Some(web), 1).await, ["d", "a"]);
    assert_eq!(list_in_pages(store, Some(app), 2).await, ["b"]);
    assert_eq!(list_in_pages(store, None, 2).await, ["d", "c", "b", "a"]);
}

/// Revoking again changes nothing, and others stay.
pub async fn a_revoked_key_is_found_with_the_time_of_its_first_revocation(store: &Store) {
    let key = store.create_key(new_key("a", None, 1)).await.expect("the catalog works");
    let other = store.create_key(new_key("b", None, 1)).await.expect("the catalog works");
    let revoked = ApiKey { revoke_time: Some(Micros(10)), ..key.clone() };
    assert_eq!(store.revoke_key(&key.id, Micros(10)).await.as_ref(), Ok(&Some(revoked.clone())));
    assert_eq!(store.revoke_key(&key.id, Micros(20)).await.as_ref(), Ok(&Some(revoked.clone())));
    assert_eq!(store.key_by_secret(&key.secret_hash).await, Ok(Some(revoked)));
    assert_eq!(store.key_by_id(&other.id).await, Ok(Some(other)));
    assert_eq!(list_in_pages(store, None, 10).await, ["b", "a"]);
}
