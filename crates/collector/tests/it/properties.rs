//! How many names of properties a project may have.

use std::{ops::Range, sync::Arc};

use analytics_collector::StreamLimits;
use analytics_domain::{Project, ports::Catalog};
use analytics_proto::v1::{
    self, ErrorReason, Verdict, ingest_service_server::IngestService as _, property_value::Value::BoolValue,
};
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::world::{GOOGLEBOT, MINUTE, SECOND, Site, World, batch, new_project, noon, plus, reason_of, verdicts, view};

/// As many as a project may have.
const ALL: usize = 1_000;

/// A view with the properties `name0`, `name1` and so on.
fn with_names(number: usize, names: Range<usize>) -> v1::Event {
    let property = |name| (format!("name{name}"), v1::PropertyValue { value: Some(BoolValue(true)) });
    v1::Event { properties: names.map(property).collect(), ..view(number, noon()) }
}

/// Events with these names, 20 each.
fn all_with(names: Range<usize>) -> Vec<v1::Event> {
    let starts = names.clone().step_by(20);
    starts.map(|start| with_names(start, start..(start + 20).min(names.end))).collect()
}

async fn names_of(world: &World, project: &Project) -> usize {
    let names = world.store.admit_property_names(project.id, &[], noon()).await.expect("the catalog works");
    names.expect("the project exists").len()
}

async fn fill(world: &World, site: &Site, names: Range<usize>) {
    let events = all_with(names);
    let expected = vec![Verdict::Stored; events.len()];
    assert_eq!(world.track(&site.browser(), events).await, expected);
}

fn assert_asks_to_come_back(refused: &Status) {
    assert_eq!(reason_of(refused), (Code::Unavailable, Some(ErrorReason::Unavailable)));
    assert!(refused.get_details_retry_info().and_then(|info| info.retry_delay).is_some(), "{refused:?}");
}

#[tokio::test]
async fn an_event_with_a_name_too_many_is_rejected_and_its_neighbours_are_stored() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let mut events = all_with(0..ALL - 1);
    // The last name that there is room for, one more, a known one beside one more, and a known one.
    events.extend([
        with_names(5_000, ALL - 1..ALL),
        with_names(5_001, ALL..ALL + 1),
        with_names(5_002, ALL - 1..ALL + 1),
        with_names(5_003, 7..9),
    ]);
    let last = events.len() - 4;
    let response = world.call(&web.browser(), batch(events)).await.expect("taken");
    let mut expected = vec![Verdict::Stored; last];
    expected.extend([Verdict::Stored, Verdict::Rejected, Verdict::Rejected, Verdict::Stored]);
    assert_eq!(verdicts(&response), expected);
    for rejected in &response.verdicts[last + 1..last + 3] {
        assert_eq!(rejected.reason(), ErrorReason::TooManyPropertyNames);
        assert_eq!(rejected.field, r#"properties["name1000"]"#);
        assert!(rejected.description.contains("all the 1000 names"), "{}", rejected.description);
    }
    assert_eq!(world.stored(&web).await.len(), last + 2);
    assert_eq!(names_of(&world, &web.project).await, ALL);
    assert_eq!(
        world.track(&app.browser(), vec![with_names(1, ALL..ALL + 1)]).await,
        [Verdict::Stored],
        "another project"
    );
}

#[tokio::test]
async fn a_batch_of_more_names_than_a_project_may_have_is_taken_as_far_as_they_go() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let found = world.track(&web.browser(), all_with(0..2 * ALL)).await;
    assert_eq!(found, [[Verdict::Stored; ALL / 20], [Verdict::Rejected; ALL / 20]].concat());
    assert_eq!(names_of(&world, &web.project).await, ALL);
}

#[tokio::test]
async fn names_of_many_batches_and_collectors_add_up() {
    let mut world = World::new().await;
    let web = world.site("web", "UTC").await;
    fill(&world, &web, 0..500).await;
    // Another collector beside the first one, which knows nothing yet.
    let first = world.ingest(StreamLimits::default());
    world.elsewhere = world.ephemeral.clone();
    world.restart_collector();
    // From 410 on, so that no event is one of the first ones.
    fill(&world, &web, 410..ALL - 1).await;
    let by_first = async |event| {
        let response = first.track(web.browser().request(batch(vec![event]))).await.expect("taken");
        verdicts(&response.into_inner())
    };
    // The names that the other one asked for are no new ones.
    assert_eq!(by_first(with_names(5_000, 700..720)).await, [Verdict::Stored]);
    assert_eq!(by_first(with_names(5_001, ALL..ALL + 1)).await, [Verdict::Stored], "the last one");
    let again = async |number, names| world.track(&web.browser(), vec![with_names(number, names)]).await;
    assert_eq!(again(5_002, ALL - 1..ALL).await, [Verdict::Rejected], "the other one finds the project full");
    assert_eq!(again(5_003, ALL..ALL + 1).await, [Verdict::Stored], "a name that only the first one knew");
    assert_eq!(by_first(with_names(5_004, ALL - 1..ALL)).await, [Verdict::Rejected]);
    assert_eq!(names_of(&world, &web.project).await, ALL);
}

#[tokio::test]
async fn what_goes_no_further_and_secrets_use_up_no_name() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let bot = web.browser().with("user-agent", GOOGLEBOT);
    assert_eq!(world.track(&bot, vec![with_names(1, 0..20)]).await, [Verdict::Filtered]);
    let late = v1::Event { occurred_at: view(2, plus(noon(), -72 * 60 * MINUTE)).occurred_at, ..with_names(2, 20..40) };
    assert_eq!(world.track(&web.browser(), vec![late]).await, [Verdict::Rejected]);
    let mut secret = with_names(3, 0..1);
    secret.properties.insert("password".to_owned(), v1::PropertyValue { value: Some(BoolValue(true)) });
    assert_eq!(world.track(&web.browser(), vec![secret]).await, [Verdict::Stored]);
    assert_eq!(names_of(&world, &web.project).await, 1);
}

/// The catalog of names is a database of its own here, so that the rest goes on without it.
#[tokio::test]
async fn while_the_catalog_is_away_known_names_go_on_and_new_ones_may_come_again() {
    let mut world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let directory = tempfile::tempdir().expect("a directory");
    let catalog = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a store");
    for site in [&web, &app] {
        let same = catalog.create_project(new_project(site.project.name.as_str(), "UTC")).await.expect("a new name");
        assert_eq!(same.id, site.project.id);
    }
    world.names_elsewhere = Some(catalog.clone() as Arc<dyn Catalog>);
    world.restart_collector();
    fill(&world, &web, 0..ALL).await;
    fill(&world, &app, 0..ALL - 1).await;
    let send = async |site: &Site, number, names| {
        let request = batch(vec![view(number + 1, noon()), with_names(number, names)]);
        world.call(&site.browser(), request).await.map(|response| verdicts(&response))
    };
    assert_eq!(send(&web, 6_000, ALL..ALL + 1).await.expect("taken"), [Verdict::Stored, Verdict::Rejected]);
    catalog.close().await.expect("closed");

    assert_eq!(send(&web, 6_010, 0..20).await.expect("taken"), [Verdict::Stored; 2], "known names");
    assert_eq!(send(&app, 6_010, 0..20).await.expect("taken"), [Verdict::Stored; 2], "known names");
    assert_asks_to_come_back(&send(&app, 6_020, ALL - 1..ALL).await.expect_err("there may be room"));
    assert_eq!(world.stored(&app).await.len(), 52, "nothing of that batch");
    world.clock.set(plus(noon(), MINUTE));
    assert_eq!(send(&web, 6_030, ALL..ALL + 1).await.expect("taken"), [Verdict::Stored, Verdict::Rejected]);
    world.clock.set(plus(noon(), MINUTE + SECOND));
    assert_asks_to_come_back(&send(&web, 6_040, ALL..ALL + 1).await.expect_err("was full a minute ago"));
    assert_eq!(send(&web, 6_050, 0..20).await.expect("taken"), [Verdict::Stored; 2]);

    // The same database again.
    world.stop_collector();
    drop((world.names_elsewhere.take(), catalog));
    let catalog = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("the one that was left");
    world.names_elsewhere = Some(catalog);
    world.restart_collector();
    let send = async |site: &Site, number, names| world.track(&site.browser(), vec![with_names(number, names)]).await;
    assert_eq!(send(&app, 6_020, ALL - 1..ALL).await, [Verdict::Stored]);
    assert_eq!(send(&web, 6_040, ALL..ALL + 1).await, [Verdict::Rejected]);
}
