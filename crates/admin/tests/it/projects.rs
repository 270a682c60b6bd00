use analytics_domain::ports::Catalog as _;
use analytics_proto::v1::{self, ErrorReason};
use pbjson_types::{Duration, Timestamp};
use tonic::Code;

use crate::world::{World, by, failure, refused_fields};

fn to_create(id: &str, zone: &str) -> v1::CreateProjectRequest {
    v1::CreateProjectRequest { project_id: id.to_owned(), time_zone: zone.to_owned(), week_start: 0 }
}

#[tokio::test]
async fn a_created_project_is_found_at_once_with_its_settings() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let request =
        v1::CreateProjectRequest { week_start: v1::WeekStart::Sunday.into(), ..to_create("blog", "America/New_York") };
    let created = client.create_project(by(&world.root, request)).await.expect("created").into_inner().project;
    let expected = v1::Project {
        name: "projects/blog".to_owned(),
        time_zone: "America/New_York".to_owned(),
        week_start: v1::WeekStart::Sunday.into(),
        session_timeout: Some(Duration { seconds: 1800, nanos: 0 }),
        lateness: Some(Duration { seconds: 172_800, nanos: 0 }),
        create_time: Some(Timestamp { seconds: 1_700_000_000, nanos: 123_456_000 }),
        ingest_settings: Some(v1::IngestSettings {
            consent_policy: v1::ConsentPolicy::CountWithoutIds.into(),
            visitor_mode: v1::VisitorMode::NetworkAndAgent.into(),
            ..Default::default()
        }),
    };
    assert_eq!(created, Some(expected.clone()));
    let request = v1::GetProjectRequest { name: "projects/blog".to_owned() };
    let found = client.get_project(by(&world.root, request)).await.expect("found").into_inner().project;
    assert_eq!(found, Some(expected));
}

#[tokio::test]
async fn each_project_gets_a_secret_of_its_own() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let mut secrets = Vec::new();
    for id in ["a", "b"] {
        client.create_project(by(&world.root, to_create(id, "UTC"))).await.expect("created");
        let stored = world.catalog.project_by_name(&id.parse().expect("a name")).await.expect("read").expect("found");
        secrets.push(stored.user_hash_secret);
    }
    assert_ne!(secrets[0], secrets[1]);
    assert_ne!(secrets[0], [0; 32]);
}

#[tokio::test]
async fn a_name_is_taken_only_once() {
    let world = World::new().await;
    let result = world.admin.clone().create_project(by(&world.root, to_create("web", "UTC"))).await;
    let status = failure(result, Code::AlreadyExists, ErrorReason::ProjectExists);
    assert_eq!(status.message(), "project `projects/web` exists already: use it, or choose another name");
}

#[tokio::test]
async fn an_unknown_zone_is_refused_with_what_may_have_been_meant() {
    let world = World::new().await;
    let result = world.admin.clone().create_project(by(&world.root, to_create("blog", "Europe/Berln"))).await;
    let status = refused_fields(result, ErrorReason::TimeZoneUnknown, &["time_zone"]);
    assert!(status.message().ends_with("did you mean `Europe/Berlin`?"), "{}", status.message());
    assert_eq!(world.catalog.project_by_name(&"blog".parse().expect("a name")).await, Ok(None));
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let wrong = v1::CreateProjectRequest { project_id: "Web!".to_owned(), time_zone: String::new(), week_start: 9 };
    let result = client.create_project(by(&world.root, wrong)).await;
    refused_fields(result, ErrorReason::InvalidField, &["project_id", "time_zone", "week_start"]);
    let result = client.get_project(by(&world.root, v1::GetProjectRequest { name: "web".to_owned() })).await;
    refused_fields(result, ErrorReason::InvalidField, &["name"]);
    let wrong = v1::ListProjectsRequest { page_size: 1001, page_token: "x".repeat(257) };
    let result = client.list_projects(by(&world.root, wrong)).await;
    refused_fields(result, ErrorReason::InvalidField, &["page_size", "page_token"]);
    let foreign = v1::ListProjectsRequest { page_size: 0, page_token: "00ff".to_owned() };
    let result = client.list_projects(by(&world.root, foreign)).await;
    refused_fields(result, ErrorReason::InvalidField, &["page_token"]);
}

#[tokio::test]
async fn projects_come_by_name_in_pages_that_miss_nothing() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    for id in ["d", "b", "a", "c"] {
        client.create_project(by(&world.root, to_create(id, "UTC"))).await.expect("created");
    }
    let (mut names, mut pages, mut page_token) = (Vec::new(), 0, String::new());
    loop {
        let request = v1::ListProjectsRequest { page_size: 2, page_token };
        let page = client.list_projects(by(&world.root, request)).await.expect("a page").into_inner();
        names.extend(page.projects.into_iter().map(|project| project.name));
        pages += 1;
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected = ["a", "b", "c", "d", "shop", "web"].map(|id| format!("projects/{id}"));
    assert_eq!((names.as_slice(), pages), (expected.as_slice(), 3));
}
