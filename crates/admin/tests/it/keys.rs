use analytics_domain::{KeyId, ports::Catalog as _};
use analytics_proto::v1::{self, ApiKeyScope, ErrorReason};
use analytics_rpc::KeySecret;
use tonic::Code;

use crate::world::{World, by, failure, refused_fields};

fn to_create(project: &str, scopes: &[ApiKeyScope]) -> v1::CreateApiKeyRequest {
    let scopes = scopes.iter().map(|scope| i32::from(*scope)).collect();
    v1::CreateApiKeyRequest {
        project: project.to_owned(),
        scopes,
        display_name: "a new key".to_owned(),
        ..Default::default()
    }
}

fn get_web() -> v1::GetProjectRequest {
    v1::GetProjectRequest { name: "projects/web".to_owned() }
}

fn revoke(id: &str) -> v1::RevokeApiKeyRequest {
    v1::RevokeApiKeyRequest { name: format!("apiKeys/{id}") }
}

#[tokio::test]
async fn a_created_key_works_at_once_and_only_its_hash_is_kept() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let request = to_create("projects/web", &[ApiKeyScope::Query, ApiKeyScope::Ingest]);
    let created = client.create_api_key(by(&world.web_admin, request)).await.expect("created").into_inner();
    let key = created.api_key.expect("a key");
    assert_eq!(key.project, "projects/web");
    assert_eq!(key.scopes, [ApiKeyScope::Ingest as i32, ApiKeyScope::Query as i32]);
    assert_eq!((key.display_name.as_str(), key.revoke_time), ("a new key", None));
    assert!(created.secret.ends_with(&key.last_four) && key.last_four.len() == 4);

    let secret = KeySecret::parse(&created.secret).expect("a whole secret");
    client.get_project(by(&secret, get_web())).await.expect("it works");
    let id = KeyId(key.name.strip_prefix("apiKeys/").expect("a name").to_owned());
    let stored = world.catalog.key_by_id(&id).await.expect("read").expect("stored");
    assert_eq!(stored.secret_hash, secret.hash());
    assert!(!format!("{stored:?}").contains(&created.secret[3..20]));
}

#[tokio::test]
async fn only_a_key_that_reaches_all_makes_another_one() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let request = || to_create("", &[ApiKeyScope::Query]);
    let result = client.create_api_key(by(&world.web_admin, request())).await;
    let status = failure(result, Code::PermissionDenied, ErrorReason::ScopeMissing);
    assert!(status.message().contains("reaches all projects"), "{}", status.message());
    let created = client.create_api_key(by(&world.root, request())).await.expect("created").into_inner();
    assert_eq!(created.api_key.expect("a key").project, "");
    let secret = KeySecret::parse(&created.secret).expect("a whole secret");
    client.get_project(by(&secret, get_web())).await.expect("it reaches web");
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let wrong = v1::CreateApiKeyRequest {
        project: "web".to_owned(),
        scopes: vec![1, 1, 0, 9],
        display_name: "x".repeat(129),
        ..Default::default()
    };
    let result = client.create_api_key(by(&world.root, wrong)).await;
    refused_fields(result, ErrorReason::InvalidField, &["project", "scopes", "scopes[2]", "scopes[3]", "display_name"]);
    let result = client.create_api_key(by(&world.root, to_create("projects/web", &[]))).await;
    refused_fields(result, ErrorReason::InvalidField, &["scopes"]);
    let result = client.create_api_key(by(&world.root, to_create("projects/absent", &[ApiKeyScope::Query]))).await;
    let status = failure(result, Code::NotFound, ErrorReason::ProjectNotFound);
    assert!(status.message().contains("analytics project create absent --time-zone ZONE"), "{}", status.message());
    let result = client.revoke_api_key(by(&world.root, revoke("NO"))).await;
    refused_fields(result, ErrorReason::InvalidField, &["name"]);
    let wrong = v1::ListApiKeysRequest { project: "x".to_owned(), page_size: -1, page_token: String::new() };
    let result = client.list_api_keys(by(&world.root, wrong)).await;
    refused_fields(result, ErrorReason::InvalidField, &["project", "page_size"]);
}

#[tokio::test]
async fn keys_come_newest_first_in_pages_bound_to_their_list() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let mut expected =
        vec!["apiKeys/webquery".to_owned(), "apiKeys/webingest".to_owned(), "apiKeys/webadmin".to_owned()];
    for _ in 0..2 {
        world.wait_ms(1);
        let request = to_create("projects/web", &[ApiKeyScope::Query]);
        let created = client.create_api_key(by(&world.root, request)).await.expect("created").into_inner();
        expected.insert(0, created.api_key.expect("a key").name);
    }
    let list = |project: &str, page_token: &str| v1::ListApiKeysRequest {
        project: project.to_owned(),
        page_size: 2,
        page_token: page_token.to_owned(),
    };
    let (mut names, mut token) = (Vec::new(), String::new());
    loop {
        let request = list("projects/web", &token);
        let page = client.list_api_keys(by(&world.root, request)).await.expect("a page").into_inner();
        assert!(page.api_keys.iter().all(|key| key.project == "projects/web"));
        names.extend(page.api_keys.into_iter().map(|key| key.name));
        if page.next_page_token.is_empty() {
            break;
        }
        token = page.next_page_token;
    }
    assert_eq!(names, expected);
    for other in ["", "projects/shop"] {
        let result = client.list_api_keys(by(&world.root, list(other, &token))).await;
        refused_fields(result, ErrorReason::InvalidField, &["page_token"]);
    }
    // The list is the same one for a key that reaches nothing else.
    client.list_api_keys(by(&world.web_admin, list("", &token))).await.expect("a page");
}

#[tokio::test]
async fn a_revoked_key_ends_within_five_seconds_for_good() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    client.get_project(by(&world.web_query, get_web())).await.expect("it works");
    let first = client.revoke_api_key(by(&world.web_admin, revoke("webquery"))).await.expect("revoked").into_inner();
    let revoke_time = first.api_key.as_ref().expect("a key").revoke_time;
    assert_eq!(revoke_time.expect("revoked").seconds, 1_700_000_000);

    world.wait_ms(4_999);
    let result = client.get_project(by(&world.web_query, get_web())).await;
    failure(result, Code::Unauthenticated, ErrorReason::KeyRevoked);
    let again = client.revoke_api_key(by(&world.root, revoke("webquery"))).await.expect("a second time").into_inner();
    assert_eq!(again, first, "a second revocation changes nothing");
}

#[tokio::test]
async fn a_key_that_does_not_exist_cannot_be_revoked() {
    let world = World::new().await;
    let result = world.admin.clone().revoke_api_key(by(&world.root, revoke("absent"))).await;
    let status = failure(result, Code::NotFound, ErrorReason::KeyNotFound);
    assert!(status.message().contains("`apiKeys/absent`"), "{}", status.message());
}
