//! Every RPC of the services with every kind of key that must not get through: none learns or changes anything of another's.

use std::collections::BTreeSet;

use analytics_domain::{
    KeyId,
    ports::{Catalog as _, Quarantine as _},
};
use analytics_proto::{
    FILE_DESCRIPTOR_SET,
    v1::{self, ErrorReason},
};
use analytics_rpc::KeySecret;
use prost::Message as _;
use tonic::{Code, Request, Status};

use crate::world::{World, by, failure, with_authorization};

/// What an answer says, as text, so that one test can look for foreign names in all of them.
type Answer = Result<String, Status>;

/// Makes the empty request that carries a key.
type Wrap = Box<dyn Fn() -> Request<()>>;

const METHODS: [&str; 15] = [
    "CreateProject",
    "GetProject",
    "ListProjects",
    "UpdateProject",
    "ListIngestCounts",
    "TraceEvent",
    "CreateApiKey",
    "ListApiKeys",
    "UpdateApiKey",
    "RotateApiKey",
    "RevokeApiKey",
    "ListQuarantinedEvents",
    "GetQuarantinedEvent",
    "ReplayQuarantinedEvents",
    "DeleteQuarantinedEvents",
];
/// Those for which the scope `query` suffices.
const READING: [&str; 4] = ["GetProject", "ListProjects", "ListIngestCounts", "TraceEvent"];

/// Calls a method about the project `web`, by its name and by the id of a key of it.
async fn call(world: &World, method: &str, wrap: &dyn Fn() -> Request<()>) -> Answer {
    fn about<T>(wrap: &dyn Fn() -> Request<()>, message: T) -> Request<T> {
        wrap().map(|()| message)
    }
    fn text<T: std::fmt::Debug>(response: tonic::Response<T>) -> String {
        format!("{:?}", response.into_inner())
    }
    let (mut client, mut quarantine) = (world.admin.clone(), world.quarantine.clone());
    let web = || "projects/web".to_owned();
    let mask = |path: &str| Some(pbjson_types::FieldMask { paths: vec![path.to_owned()] });
    match method {
        "CreateProject" => {
            let message =
                v1::CreateProjectRequest { project_id: "web".to_owned(), time_zone: "UTC".to_owned(), week_start: 0 };
            client.create_project(about(wrap, message)).await.map(text)
        }
        "GetProject" => client.get_project(about(wrap, v1::GetProjectRequest { name: web() })).await.map(text),
        "ListProjects" => client.list_projects(about(wrap, v1::ListProjectsRequest::default())).await.map(text),
        "CreateApiKey" => {
            let scopes = vec![v1::ApiKeyScope::Query.into()];
            let message = v1::CreateApiKeyRequest { project: web(), scopes, ..Default::default() };
            client.create_api_key(about(wrap, message)).await.map(text)
        }
        "ListApiKeys" => {
            let message = v1::ListApiKeysRequest { project: web(), ..Default::default() };
            client.list_api_keys(about(wrap, message)).await.map(text)
        }
        "RevokeApiKey" => {
            let message = v1::RevokeApiKeyRequest { name: "apiKeys/webquery".to_owned() };
            client.revoke_api_key(about(wrap, message)).await.map(text)
        }
        "UpdateProject" => {
            let project = v1::Project { name: web(), week_start: v1::WeekStart::Sunday.into(), ..Default::default() };
            let message = v1::UpdateProjectRequest { project: Some(project), update_mask: mask("week_start") };
            client.update_project(about(wrap, message)).await.map(text)
        }
        "ListIngestCounts" => {
            let message = v1::ListIngestCountsRequest { project: web(), ..Default::default() };
            client.list_ingest_counts(about(wrap, message)).await.map(text)
        }
        "TraceEvent" => {
            let event_id = "0190163d-8694-739b-aea5-966c26f8ad91".to_owned();
            let message = v1::TraceEventRequest { project: web(), event_id };
            client.trace_event(about(wrap, message)).await.map(text)
        }
        "UpdateApiKey" => {
            let api_key = v1::ApiKey { name: "apiKeys/webquery".to_owned(), ..Default::default() };
            let message = v1::UpdateApiKeyRequest { api_key: Some(api_key), update_mask: mask("display_name") };
            client.update_api_key(about(wrap, message)).await.map(text)
        }
        "RotateApiKey" => {
            let message = v1::RotateApiKeyRequest { name: "apiKeys/webquery".to_owned(), overlap: None };
            client.rotate_api_key(about(wrap, message)).await.map(text)
        }
        "ListQuarantinedEvents" => {
            let message = v1::ListQuarantinedEventsRequest { project: web(), ..Default::default() };
            quarantine.list_quarantined_events(about(wrap, message)).await.map(text)
        }
        "GetQuarantinedEvent" => {
            let message = v1::GetQuarantinedEventRequest { name: "quarantinedEvents/1".to_owned() };
            quarantine.get_quarantined_event(about(wrap, message)).await.map(text)
        }
        "ReplayQuarantinedEvents" => {
            let message = v1::ReplayQuarantinedEventsRequest { names: vec!["quarantinedEvents/1".to_owned()] };
            quarantine.replay_quarantined_events(about(wrap, message)).await.map(text)
        }
        "DeleteQuarantinedEvents" => {
            let message = v1::DeleteQuarantinedEventsRequest { names: vec!["quarantinedEvents/1".to_owned()] };
            quarantine.delete_quarantined_events(about(wrap, message)).await.map(text)
        }
        other => panic!("no call is written for {other}"),
    }
}

fn with(key: &KeySecret) -> impl Fn() -> Request<()> + use<> {
    let key = key.clone();
    move || by(&key, ())
}

/// The keys, the projects and what is in quarantine, to see that a refused call changed nothing.
async fn everything(world: &World) -> String {
    let keys = world.catalog.list_keys(None, None, 100).await.expect("keys");
    let projects = world.catalog.list_projects(None, 100).await.expect("projects");
    let quarantined = world.catalog.list_quarantined(None, None, 100).await.expect("the quarantine");
    format!("{keys:?} {projects:?} {quarantined:?}")
}

/// In whose quarantine an event of `web` has the number 1.
async fn world_with_quarantine() -> World {
    let world = World::new().await;
    crate::quarantine::keep(&world, &[crate::quarantine::event_of(world.web, 1)]).await;
    world
}

#[test]
fn the_matrix_covers_the_contract() {
    let set = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("a descriptor set");
    let services = set.file.iter().flat_map(|file| &file.service);
    let ours = services.filter(|service| ["AdminService", "QuarantineService"].contains(&service.name()));
    let of_contract: BTreeSet<&str> = ours.flat_map(|service| &service.method).map(|method| method.name()).collect();
    assert_eq!(BTreeSet::from(METHODS), of_contract);
}

#[tokio::test]
async fn no_call_gets_through_without_a_good_key() {
    let world = world_with_quarantine().await;
    let before = everything(&world).await;
    let unknown = KeySecret::generate();
    let mistyped = format!("Bearer {}x", world.root.expose());
    let cases: [(&str, Wrap, ErrorReason); 6] = [
        (
            "no API key: send metadata `authorization: Bearer KEY`",
            Box::new(|| Request::new(())),
            ErrorReason::KeyMissing,
        ),
        ("no API key", Box::new(|| with_authorization("Basic dXNlcjpwYXNz", ())), ErrorReason::KeyMissing),
        ("mistyped or cut off", Box::new(move || with_authorization(&mistyped, ())), ErrorReason::KeyUnknown),
        ("not known here", Box::new(with(&unknown)), ErrorReason::KeyUnknown),
        (
            "`apiKeys/revoked` was revoked at 2023-11-14T22:13:20Z",
            Box::new(with(&world.revoked)),
            ErrorReason::KeyRevoked,
        ),
        ("", Box::new(with(&world.web_ingest)), ErrorReason::ScopeMissing),
    ];
    for method in METHODS {
        for (message, wrap, reason) in &cases {
            let code =
                if *reason == ErrorReason::ScopeMissing { Code::PermissionDenied } else { Code::Unauthenticated };
            let status = failure(call(&world, method, wrap).await, code, *reason);
            assert!(status.message().contains(message), "{method}: {}", status.message());
            if *reason == ErrorReason::ScopeMissing {
                assert!(status.message().contains("`admin`"), "{method}: {}", status.message());
            }
        }
    }
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn a_key_of_another_project_sees_and_changes_nothing() {
    let world = world_with_quarantine().await;
    let before = everything(&world).await;
    for (method, reason) in [
        ("CreateProject", Some((Code::PermissionDenied, ErrorReason::ScopeMissing))),
        ("GetProject", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("ListProjects", None),
        ("UpdateProject", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("ListIngestCounts", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("TraceEvent", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("UpdateApiKey", Some((Code::NotFound, ErrorReason::KeyNotFound))),
        ("RotateApiKey", Some((Code::NotFound, ErrorReason::KeyNotFound))),
        ("ListQuarantinedEvents", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("GetQuarantinedEvent", Some((Code::NotFound, ErrorReason::QuarantinedEventNotFound))),
        ("ReplayQuarantinedEvents", None),
        ("DeleteQuarantinedEvents", None),
        ("CreateApiKey", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("ListApiKeys", Some((Code::NotFound, ErrorReason::ProjectNotFound))),
        ("RevokeApiKey", Some((Code::NotFound, ErrorReason::KeyNotFound))),
    ] {
        let answer = call(&world, method, &with(&world.shop_admin)).await;
        match reason {
            Some((code, reason)) => drop(failure(answer, code, reason)),
            None => {
                let text = answer.expect("its own, or nothing");
                assert!(!text.contains("web") && !text.contains("page_view"), "{text}");
                assert_eq!(text.contains("projects/shop"), method == "ListProjects", "{text}");
            }
        }
    }
    let own_keys = world.admin.clone().list_api_keys(by(&world.shop_admin, v1::ListApiKeysRequest::default())).await;
    let names: Vec<String> = own_keys.expect("keys").into_inner().api_keys.into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["apiKeys/shopadmin"]);
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn what_is_out_of_reach_looks_like_what_does_not_exist() {
    let world = World::new().await;
    let mut client = world.admin.clone();
    let mut messages = Vec::new();
    for name in ["web", "absent"] {
        let request = v1::GetProjectRequest { name: format!("projects/{name}") };
        let status = failure(
            client.get_project(by(&world.shop_admin, request)).await,
            Code::NotFound,
            ErrorReason::ProjectNotFound,
        );
        messages.push(status.message().replace(name, "NAME"));
    }
    for id in ["webquery", "root", "absent"] {
        let request = v1::RevokeApiKeyRequest { name: format!("apiKeys/{id}") };
        let status = failure(
            client.revoke_api_key(by(&world.shop_admin, request)).await,
            Code::NotFound,
            ErrorReason::KeyNotFound,
        );
        messages.push(status.message().replace(id, "NAME"));
    }
    assert_eq!(messages[0], messages[1]);
    assert_eq!(messages[2], messages[3]);
    assert_eq!(messages[2], messages[4]);
    let root = world.catalog.key_by_id(&KeyId("root".to_owned())).await.expect("read").expect("the key");
    assert_eq!(root.revoke_time, None);
}

#[tokio::test]
async fn a_query_key_may_see_its_project_and_no_more() {
    let world = world_with_quarantine().await;
    for method in METHODS {
        let answer = call(&world, method, &with(&world.web_query)).await;
        if READING.contains(&method) {
            let text = answer.expect("its project");
            assert!(!text.contains("shop"), "{text}");
        } else {
            failure(answer, Code::PermissionDenied, ErrorReason::ScopeMissing);
        }
    }
}
