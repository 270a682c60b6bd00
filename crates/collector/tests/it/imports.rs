//! Imports: salts and sessions of their own, until they are finished or idle for a day.

use analytics_proto::v1::{self, ErrorReason, Verdict};
use tonic::Code;

use crate::world::{
    FIREFOX, HOME, HOUR, IncludeBots, MINUTE, Site, World, at, batch, day, from, noon, plus, reason_of, view, visitor,
};

fn at_home(number: usize, time: &str) -> v1::Event {
    from(HOME, FIREFOX, view(number, at(time)))
}

async fn open(world: &World, site: &Site, id: &str) -> (String, bool) {
    let (name, response) = world.open_import(site, id, IncludeBots::No).await.expect("opened");
    (name, response.resumed)
}

async fn is_gone(world: &World, site: &Site, name: &str) {
    let request = v1::TrackRequest { import: name.to_owned(), ..batch(vec![at_home(99, "2015-05-17T10:00:00Z")]) };
    let refused = world.call(&site.backend(), request).await.expect_err("gone");
    assert_eq!(reason_of(&refused), (Code::NotFound, Some(ErrorReason::ImportNotFound)));
}

#[tokio::test]
async fn imports_and_live_events_link_nobody_to_each_other() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (june, _) = open(&world, &web, "june").await;
    let (july, _) = open(&world, &web, "july").await;
    // One person, within one session's gap of midnight.
    world.import(&web, &june, vec![at_home(0, "2026-03-01T23:55:00Z")]).await;
    world.import(&web, &july, vec![at_home(1, "2026-03-02T00:05:00Z")]).await;
    world.track(&web.backend(), vec![at_home(2, "2026-03-02T00:06:00Z")]).await;
    world.import(&web, &june, vec![at_home(3, "2026-03-02T00:10:00Z")]).await;
    let stored = world.stored(&web).await;
    let days: Vec<_> = stored.iter().map(|event| event.visitor_day).collect();
    let (first, second) = (day("2026-03-01"), day("2026-03-02"));
    assert_eq!(days, [first, second, second, first]);
    let hashes: Vec<_> = stored.iter().map(visitor).collect();
    assert_eq!(hashes[0], hashes[3], "one import, one session");
    assert_ne!(hashes[1], hashes[2]);
}

#[tokio::test]
async fn an_old_day_has_visitors_in_an_import() {
    let world = World::new().await;
    let web = world.site("web", "America/Sao_Paulo").await;
    let (name, _) = open(&world, &web, "history").await;
    let times = ["2015-05-18T02:40:00Z", "2015-05-18T03:10:00Z", "2015-05-18T03:40:00.001Z"];
    let events = times.iter().enumerate().map(|(number, time)| at_home(number, time)).collect();
    assert_eq!(world.import(&web, &name, events).await, [Verdict::Stored; 3]);
    let stored = world.stored(&web).await;
    assert_eq!(visitor(&stored[0]), visitor(&stored[1]), "midnight is at 3 in UTC");
    assert_eq!(stored[0].visitor_day, day("2015-05-17"));
    assert_eq!(stored[2].visitor_day, day("2015-05-18"));
    assert_ne!(stored[2].actor.visitor, stored[0].actor.visitor);
}

#[tokio::test]
async fn the_last_batch_may_be_repeated_when_its_reply_was_lost() {
    let mut world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (name, _) = open(&world, &web, "history").await;
    let batch_of = |numbers: std::ops::Range<usize>| -> Vec<v1::Event> {
        let start = at("2015-05-17T21:00:00Z");
        numbers.map(|number| from(HOME, FIREFOX, view(number, plus(start, number as i64 * 29 * MINUTE)))).collect()
    };
    world.import(&web, &name, batch_of(0..5)).await;
    assert_eq!(world.import(&web, &name, batch_of(5..10)).await, [Verdict::Stored; 5]);
    let before = world.stored(&web).await;
    assert_eq!(world.import(&web, &name, batch_of(5..10)).await, [Verdict::Duplicate; 5]);
    world.restart_collector();
    assert_eq!(world.import(&web, &name, batch_of(5..10)).await, [Verdict::Duplicate; 5]);
    assert_eq!(world.stored(&web).await, before);

    // What follows is in the state in which the first time had left it.
    world.import(&web, &name, batch_of(10..12)).await;
    let stored = world.stored(&web).await;
    assert_eq!(stored.len(), 12);
    assert!(stored.iter().all(|event| visitor(event) == visitor(&stored[0])), "one session over midnight");
}

#[tokio::test]
async fn a_repeated_batch_whose_events_were_lost_gets_the_days_of_the_first_time() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    // Two sessions, the first of which goes on over midnight; the same events, with other ids, come again.
    let times = ["2015-05-17T23:40:00Z", "2015-05-18T00:05:00Z", "2015-05-18T00:40:00Z", "2015-05-18T01:00:00Z"];
    let events = |first: usize| times.iter().enumerate().map(|(number, time)| at_home(first + number, time)).collect();
    for site in [&web, &app] {
        let (name, _) = open(&world, site, "history").await;
        world.import(site, &name, events(0)).await;
        world.import(site, &name, events(4)).await;
        let stored = world.stored(site).await;
        let (first, again) = stored.split_at(4);
        assert_eq!(first.iter().map(visitor).collect::<Vec<_>>(), again.iter().map(visitor).collect::<Vec<_>>());
        let days: Vec<_> = first.iter().map(|event| event.visitor_day).collect();
        assert_eq!(days, ["2015-05-17", "2015-05-17", "2015-05-18", "2015-05-18"].map(day));
    }
}

#[tokio::test]
async fn an_import_goes_on_where_it_stopped_and_a_finished_one_begins_anew() {
    let mut world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (name, resumed) = open(&world, &web, "history").await;
    assert_eq!((name.as_str(), resumed), ("projects/web/imports/history", false));
    world.import(&web, &name, vec![at_home(0, "2015-05-17T10:00:00Z")]).await;
    world.restart_collector();
    assert_eq!(open(&world, &web, "history").await, (name.clone(), true));
    world.import(&web, &name, vec![at_home(1, "2015-05-17T12:00:00Z")]).await;

    world.finish_import(&web, &name).await.expect("finished");
    is_gone(&world, &web, &name).await;
    world.finish_import(&web, &name).await.expect("twice is no failure");
    assert!(!open(&world, &web, "history").await.1);
    world.import(&web, &name, vec![at_home(2, "2015-05-17T14:00:00Z")]).await;
    let stored = world.stored(&web).await;
    assert_eq!(visitor(&stored[0]), visitor(&stored[1]));
    assert_ne!(visitor(&stored[2]), visitor(&stored[0]), "its salts were destroyed");
}

#[tokio::test]
async fn an_import_ends_when_it_was_idle_for_a_day() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (name, response) = world.open_import(&web, "history", IncludeBots::No).await.expect("opened");
    let import = response.import.expect("the import");
    let seconds = |text: Option<pbjson_types::Timestamp>| text.expect("a time").seconds;
    assert_eq!(seconds(import.expire_time) - seconds(import.create_time), 24 * 3600);
    for (number, hours) in [23, 46, 69].into_iter().enumerate() {
        world.clock.set(plus(noon(), hours * HOUR));
        let events = vec![at_home(number, "2015-05-17T10:00:00Z")];
        assert_eq!(world.import(&web, &name, events).await, [Verdict::Stored]);
    }
    world.clock.set(plus(noon(), (69 + 24) * HOUR));
    is_gone(&world, &web, &name).await;
    assert!(!open(&world, &web, "history").await.1);
}
