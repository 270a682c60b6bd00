//! Changing a project.

use analytics_domain::{
    ConsentPolicy, DatacenterPolicy, DurationMs, IngestSettings, Project, VisitorMode, ports::Catalog as _,
};
use analytics_proto::v1::{self, ErrorReason};
use pbjson_types::{Duration, FieldMask};
use tonic::Status;

use crate::world::{World, by, refused_fields};

/// Changes what the paths name of the project `web`.
async fn update(world: &World, project: v1::Project, paths: &[&str]) -> Result<v1::Project, Status> {
    let project = v1::Project { name: "projects/web".to_owned(), ..project };
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    let request = v1::UpdateProjectRequest { project: Some(project), update_mask: Some(FieldMask { paths }) };
    let response = world.admin.clone().update_project(by(&world.web_admin, request)).await?;
    Ok(response.into_inner().project.expect("a project"))
}

fn with(ingest_settings: v1::IngestSettings) -> v1::Project {
    v1::Project { ingest_settings: Some(ingest_settings), ..Default::default() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Another value than the default in every field.
fn everything() -> v1::IngestSettings {
    v1::IngestSettings {
        consent_policy: v1::ConsentPolicy::Drop.into(),
        visitor_mode: v1::VisitorMode::CoarseNetworkAndAgent.into(),
        filter_datacenters: true,
        own_networks: texts(&["203.0.113.7", "2001:db8::/32"]),
        blocked_networks: texts(&["198.51.100.0/24"]),
        blocked_user_agents: texts(&["UptimeRobot"]),
        blocked_pages: texts(&["/intern/*", "intern.example.org/*"]),
        kept_query_parameters: texts(&["article"]),
    }
}

async fn stored(world: &World) -> Project {
    world.catalog.project_by_id(world.web).await.expect("read").expect("the project")
}

#[tokio::test]
async fn all_settings_are_stored_and_seen_at_once() {
    let world = World::new().await;
    let updated = update(&world, with(everything()), &["ingest_settings"]).await.expect("updated");
    assert_eq!(updated.ingest_settings, Some(everything()));
    let request = v1::GetProjectRequest { name: "projects/web".to_owned() };
    let seen = world.admin.clone().get_project(by(&world.web_query, request)).await.expect("seen").into_inner();
    assert_eq!(seen.project, Some(updated));
    let ingest = stored(&world).await.ingest;
    let expected = IngestSettings {
        consent: ConsentPolicy::Drop,
        visitor_mode: VisitorMode::CoarseNetworkAndAgent,
        datacenters: DatacenterPolicy::Filter,
        own_networks: vec!["203.0.113.7/32".parse().expect("one"), "2001:db8::/32".parse().expect("one")],
        blocked_networks: vec!["198.51.100.0/24".parse().expect("one")],
        blocked_user_agents: texts(&["UptimeRobot"]),
        blocked_pages: texts(&["/intern/*", "intern.example.org/*"]),
        kept_query_parameters: texts(&["article"]),
    };
    assert_eq!(ingest, expected);
    update(&world, with(v1::IngestSettings::default()), &["ingest_settings"]).await.expect("back");
    assert_eq!(stored(&world).await.ingest, IngestSettings::default());
}

#[tokio::test]
async fn only_what_is_named_changes() {
    let world = World::new().await;
    update(&world, with(everything()), &["ingest_settings"]).await.expect("updated");
    let fields = [
        "consent_policy",
        "visitor_mode",
        "filter_datacenters",
        "own_networks",
        "blocked_networks",
        "blocked_user_agents",
        "blocked_pages",
        "kept_query_parameters",
    ];
    let mut expected = everything();
    for field in fields {
        let updated = update(&world, with(v1::IngestSettings::default()), &[&format!("ingest_settings.{field}")]).await;
        let before = expected.clone();
        match field {
            "consent_policy" => expected.set_consent_policy(v1::ConsentPolicy::CountWithoutIds),
            "visitor_mode" => expected.set_visitor_mode(v1::VisitorMode::NetworkAndAgent),
            "filter_datacenters" => expected.filter_datacenters = false,
            "own_networks" => expected.own_networks.clear(),
            "blocked_networks" => expected.blocked_networks.clear(),
            "blocked_user_agents" => expected.blocked_user_agents.clear(),
            "blocked_pages" => expected.blocked_pages.clear(),
            _ => expected.kept_query_parameters.clear(),
        }
        assert_ne!(before, expected, "{field}");
        assert_eq!(updated.expect("updated").ingest_settings.as_ref(), Some(&expected), "{field}");
    }
    let project = v1::Project {
        week_start: v1::WeekStart::Sunday.into(),
        lateness: Some(Duration { seconds: 72 * 3600, nanos: 0 }),
        time_zone: "Asia/Tokyo".to_owned(),
        ..with(everything())
    };
    let updated = update(&world, project, &["week_start", "lateness"]).await.expect("updated");
    assert_eq!((updated.week_start(), updated.time_zone.as_str()), (v1::WeekStart::Sunday, "Europe/Berlin"));
    assert_eq!(updated.ingest_settings, Some(expected));
    assert_eq!(stored(&world).await.lateness, DurationMs(72 * 3600 * 1000));
}

#[tokio::test]
async fn networks_are_kept_in_their_shortest_form_and_once() {
    let world = World::new().await;
    let own_networks =
        texts(&["203.0.113.7", "203.0.113.7/32", "::ffff:203.0.113.7", "10.1.2.3/8", "::ffff:10.0.0.0/104"]);
    let settings = v1::IngestSettings { own_networks, ..Default::default() };
    let updated = update(&world, with(settings), &["ingest_settings.own_networks"]).await.expect("updated");
    assert_eq!(updated.ingest_settings.expect("settings").own_networks, ["203.0.113.7", "10.0.0.0/8"]);
}

#[tokio::test]
async fn what_could_never_be_met_is_refused_by_its_path() {
    let world = World::new().await;
    let before = stored(&world).await;
    let lists = [
        ("own_networks", "203.0.113.7/33"),
        ("own_networks", "example.org"),
        ("blocked_networks", "10.0.0.0/8 "),
        ("blocked_networks", "10.0.0"),
        ("blocked_user_agents", "  "),
        ("blocked_pages", "intern"),
        ("blocked_pages", "https://example.org/*"),
        ("blocked_pages", " /intern"),
        ("kept_query_parameters", "a=b"),
        ("kept_query_parameters", " "),
    ];
    for (field, bad) in lists {
        let mut settings = everything();
        let list = match field {
            "own_networks" => &mut settings.own_networks,
            "blocked_networks" => &mut settings.blocked_networks,
            "blocked_user_agents" => &mut settings.blocked_user_agents,
            "blocked_pages" => &mut settings.blocked_pages,
            _ => &mut settings.kept_query_parameters,
        };
        list.push(bad.to_owned());
        let path = format!("project.ingest_settings.{field}[{}]", list.len() - 1);
        let result = update(&world, with(settings), &["ingest_settings"]).await;
        refused_fields(result, ErrorReason::InvalidField, &[&path]);
    }
    for seconds in [-1, 0, 59, 400 * 86_400 + 1] {
        let project = v1::Project { lateness: Some(Duration { seconds, nanos: 0 }), ..Default::default() };
        refused_fields(update(&world, project, &["lateness"]).await, ErrorReason::InvalidField, &["project.lateness"]);
    }
    refused_fields(
        update(&world, v1::Project::default(), &["lateness"]).await,
        ErrorReason::InvalidField,
        &["project.lateness"],
    );
    for paths in [&[][..], &["name"], &["time_zone"], &["session_timeout"], &["*"], &["ingest_settings.colour"]] {
        let result = update(&world, with(everything()), paths).await;
        refused_fields(result, ErrorReason::InvalidField, &["update_mask"]);
    }
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn the_limits_of_the_contract_hold() {
    let world = World::new().await;
    let settings = v1::IngestSettings { own_networks: vec!["10.0.0.1".to_owned(); 201], ..Default::default() };
    let result = update(&world, with(settings), &["ingest_settings.own_networks"]).await;
    refused_fields(result, ErrorReason::InvalidField, &["project.ingest_settings.own_networks"]);
    let result = world.admin.clone().update_project(by(&world.root, v1::UpdateProjectRequest::default())).await;
    refused_fields(result, ErrorReason::InvalidField, &["project", "update_mask"]);
}
