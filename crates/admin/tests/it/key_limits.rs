//! From where, until when and how much: the limits of keys, and new keys for old ones.

use analytics_domain::{ApiKeyLimits, KeyId, Micros, ports::Catalog as _};
use analytics_proto::v1::{self, ApiKeyScope, ErrorReason};
use analytics_rpc::KeySecret;
use pbjson_types::{Duration, FieldMask, Timestamp};
use tonic::{Code, Status};

use crate::world::{NOW, World, by, failure, refused_fields};

const NOW_SECONDS: i64 = NOW.0 / 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp { seconds, nanos: 0 }
}

fn limited() -> v1::CreateApiKeyRequest {
    v1::CreateApiKeyRequest {
        project: "projects/web".to_owned(),
        scopes: vec![ApiKeyScope::Query.into()],
        display_name: "limited".to_owned(),
        origins: vec!["https://example.org".to_owned(), "http://localhost:5173".to_owned()],
        expire_time: Some(at(NOW_SECONDS + 3600)),
        quota: Some(v1::ApiKeyQuota { events_per_second: 50, bytes_per_second: 100_000 }),
    }
}

async fn create(world: &World, request: v1::CreateApiKeyRequest) -> Result<v1::CreateApiKeyResponse, Status> {
    Ok(world.admin.clone().create_api_key(by(&world.web_admin, request)).await?.into_inner())
}

async fn update(world: &World, key: v1::ApiKey, paths: &[&str]) -> Result<v1::ApiKey, Status> {
    let update_mask = Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() });
    let request = v1::UpdateApiKeyRequest { api_key: Some(key), update_mask };
    let response = world.admin.clone().update_api_key(by(&world.web_admin, request)).await?;
    Ok(response.into_inner().api_key.expect("a key"))
}

async fn rotate(
    world: &World,
    by_key: &KeySecret,
    name: &str,
    overlap: Option<i64>,
) -> Result<v1::RotateApiKeyResponse, Status> {
    let overlap = overlap.map(|seconds| Duration { seconds, nanos: 0 });
    let request = v1::RotateApiKeyRequest { name: name.to_owned(), overlap };
    Ok(world.admin.clone().rotate_api_key(by(by_key, request)).await?.into_inner())
}

async fn works(world: &World, secret: &str) -> Result<(), Status> {
    let secret = KeySecret::parse(secret).expect("a whole secret");
    let request = v1::GetProjectRequest { name: "projects/web".to_owned() };
    world.admin.clone().get_project(by(&secret, request)).await.map(drop)
}

fn id_of(key: &v1::ApiKey) -> KeyId {
    KeyId(key.name.strip_prefix("apiKeys/").expect("a name").to_owned())
}

#[tokio::test]
async fn limits_are_stored_shown_and_changed_one_by_one() {
    let world = World::new().await;
    let created = create(&world, limited()).await.expect("created").api_key.expect("a key");
    let request = limited();
    assert_eq!(
        (&created.origins, created.expire_time, created.quota),
        (&request.origins, request.expire_time, request.quota)
    );
    let stored = world.catalog.key_by_id(&id_of(&created)).await.expect("read").expect("stored");
    let expected = ApiKeyLimits {
        origins: request.origins.clone(),
        expire_time: Some(Micros((NOW_SECONDS + 3600) * 1_000_000)),
        events_per_second: Some(50),
        bytes_per_second: Some(100_000),
    };
    assert_eq!(stored.limits, expected);

    let mut expected = created.clone();
    let blank = v1::ApiKey { name: created.name.clone(), ..Default::default() };
    expected.origins.clear();
    assert_eq!(update(&world, blank.clone(), &["origins"]).await.expect("updated"), expected);
    expected.quota = Some(v1::ApiKeyQuota { events_per_second: 0, bytes_per_second: 100_000 });
    assert_eq!(update(&world, blank.clone(), &["quota.events_per_second"]).await.expect("updated"), expected);
    expected.quota = None;
    assert_eq!(update(&world, blank.clone(), &["quota"]).await.expect("updated"), expected);
    expected.expire_time = None;
    assert_eq!(update(&world, blank.clone(), &["expire_time"]).await.expect("updated"), expected);
    expected.display_name.clear();
    assert_eq!(update(&world, blank.clone(), &["display_name"]).await.expect("updated"), expected);
    let all = ["display_name", "origins", "expire_time", "quota"];
    assert_eq!(update(&world, created.clone(), &all).await.expect("updated"), created);
}

#[tokio::test]
async fn an_expired_key_works_again_with_a_later_end() {
    let world = World::new().await;
    let created = create(&world, limited()).await.expect("created");
    works(&world, &created.secret).await.expect("it works");
    world.wait_ms(3_600_000);
    failure(works(&world, &created.secret).await, Code::Unauthenticated, ErrorReason::KeyExpired);
    let key = created.api_key.expect("a key");
    let later = v1::ApiKey { expire_time: Some(at(NOW_SECONDS + 7200)), name: key.name, ..Default::default() };
    update(&world, later, &["expire_time"]).await.expect("updated");
    world.wait_ms(5000);
    works(&world, &created.secret).await.expect("it works again");
}

#[tokio::test]
async fn wrong_limits_are_named() {
    let world = World::new().await;
    for (index, bad) in ["null", "https://Example.org", "https://example.org/", "*"].into_iter().enumerate() {
        let mut request = limited();
        request.origins = vec!["https://example.org".to_owned(); index];
        request.origins.push(bad.to_owned());
        refused_fields(create(&world, request).await, ErrorReason::InvalidField, &[&format!("origins[{index}]")]);
    }
    let past = v1::CreateApiKeyRequest { expire_time: Some(at(NOW_SECONDS)), ..limited() };
    refused_fields(create(&world, past).await, ErrorReason::InvalidField, &["expire_time"]);
    let never = v1::CreateApiKeyRequest { expire_time: Some(at(i64::MAX)), ..limited() };
    refused_fields(create(&world, never).await, ErrorReason::InvalidField, &["expire_time"]);

    let query = |key: v1::ApiKey| v1::ApiKey { name: "apiKeys/webquery".to_owned(), ..key };
    let default = v1::ApiKey::default;
    let cases = [
        (v1::ApiKey { origins: vec!["null".to_owned()], ..default() }, "origins", "api_key.origins[0]"),
        (v1::ApiKey { origins: vec!["https://a.example".to_owned(); 101], ..default() }, "origins", "api_key.origins"),
        (v1::ApiKey { expire_time: Some(at(NOW_SECONDS)), ..default() }, "expire_time", "api_key.expire_time"),
        (v1::ApiKey { display_name: "x".repeat(129), ..default() }, "display_name", "api_key.display_name"),
        (default(), "scopes", "update_mask"),
        (default(), "project", "update_mask"),
    ];
    for (key, path, field) in cases {
        refused_fields(update(&world, query(key), &[path]).await, ErrorReason::InvalidField, &[field]);
    }
    let bytes_per_second = 1_000_000_000_001;
    let quota = Some(v1::ApiKeyQuota { events_per_second: 0, bytes_per_second });
    let result = update(&world, query(v1::ApiKey { quota, ..default() }), &["quota"]).await;
    refused_fields(result, ErrorReason::InvalidField, &["api_key.quota.bytes_per_second"]);
}

#[tokio::test]
async fn a_rotated_key_works_beside_the_new_one_and_then_ends() {
    let world = World::new().await;
    let limits = v1::CreateApiKeyRequest { expire_time: None, ..limited() };
    let old = create(&world, limits).await.expect("created");
    let old_key = old.api_key.clone().expect("a key");
    world.wait_ms(1000);
    let rotated = rotate(&world, &world.web_admin, &old_key.name, None).await.expect("rotated");
    let (new, replaced) = (rotated.api_key.expect("a key"), rotated.replaced.expect("a key"));
    assert_ne!((new.name.as_str(), rotated.secret.as_str()), (old_key.name.as_str(), old.secret.as_str()));
    let alike = v1::ApiKey {
        name: old_key.name.clone(),
        last_four: old_key.last_four.clone(),
        create_time: old_key.create_time,
        ..new
    };
    assert_eq!(alike, old_key, "project, scopes, limits and display name are the same");
    let end = Timestamp { seconds: NOW_SECONDS + 1 + 86_400, nanos: 123_456_000 };
    assert_eq!(replaced, v1::ApiKey { expire_time: Some(end), ..old_key });

    world.wait_ms(86_400_000 - 1);
    works(&world, &old.secret).await.expect("for a day");
    works(&world, &rotated.secret).await.expect("the new one");
    world.wait_ms(1);
    failure(works(&world, &old.secret).await, Code::Unauthenticated, ErrorReason::KeyExpired);
    works(&world, &rotated.secret).await.expect("the new one");
}

#[tokio::test]
async fn a_key_that_was_to_expire_is_never_made_to_live_longer() {
    let world = World::new().await;
    let old = create(&world, limited()).await.expect("created").api_key.expect("a key");
    world.wait_ms(1_800_000);
    let rotated = rotate(&world, &world.root, &old.name, Some(86_400)).await.expect("rotated");
    assert_eq!(rotated.replaced.expect("a key").expire_time, old.expire_time, "not after its own end");
    // An hour from now on, as the old one had from its creation.
    let end = rotated.api_key.expect("a key").expire_time.expect("an end");
    assert_eq!(end, at(NOW_SECONDS + 1800 + 3600));
    let at_once = rotate(&world, &world.root, "apiKeys/webquery", Some(0)).await.expect("rotated");
    failure(works(&world, world.web_query.expose()).await, Code::Unauthenticated, ErrorReason::KeyExpired);
    works(&world, &at_once.secret).await.expect("the new one");
}

#[tokio::test]
async fn a_key_that_ended_cannot_be_rotated() {
    let world = World::new().await;
    let expiring = create(&world, limited()).await.expect("created").api_key.expect("a key").name;
    world.wait_ms(3_600_000);
    let count = world.catalog.list_keys(None, None, 100).await.expect("keys").len();
    for (name, word) in [("apiKeys/revoked", "was revoked"), (&expiring, "has expired")] {
        let status =
            refused_fields(rotate(&world, &world.root, name, None).await, ErrorReason::InvalidField, &["name"]);
        assert!(status.message().contains(word), "{}", status.message());
    }
    for seconds in [-1, 90 * 86_400 + 1] {
        let result = rotate(&world, &world.root, "apiKeys/webquery", Some(seconds)).await;
        refused_fields(result, ErrorReason::InvalidField, &["overlap"]);
    }
    let result = rotate(&world, &world.shop_admin, "apiKeys/webquery", None).await;
    failure(result, Code::NotFound, ErrorReason::KeyNotFound);
    assert_eq!(world.catalog.list_keys(None, None, 100).await.expect("keys").len(), count, "no key was made");
}
