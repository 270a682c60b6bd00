//! Under which day a visitor counts.

use analytics_domain::{Day, DurationMs, Micros, NewProject, WeekStart, Zone};
use analytics_proto::v1;

use crate::world::{FIREFOX, HOME, HOUR, MINUTE, Site, World, at, day, from, noon, plus, view, visitor};

/// Tracks views of one person at these instants, each as it happens, and gives their days. The hashes must say the same.
async fn days_of(world: &World, site: &Site, times: &[Micros]) -> Vec<Day> {
    world.track_live(&site.browser(), times.iter().copied().enumerate()).await;
    stored_days(world, site).await
}

async fn stored_days(world: &World, site: &Site) -> Vec<Day> {
    let stored = world.stored(site).await;
    for one in &stored {
        for other in &stored {
            let same_day = one.visitor_day == other.visitor_day;
            assert_eq!(visitor(one).1 == visitor(other).1, same_day, "one person has one hash for each day");
        }
    }
    stored.iter().map(|event| event.visitor_day).collect()
}

#[tokio::test]
async fn a_session_over_midnight_keeps_its_day_until_a_gap_of_more_than_30_minutes() {
    let world = World::new().await;
    let (first, second) = (day("2026-03-02"), day("2026-03-03"));
    let start = at("2026-03-02T23:50:00Z");
    for (name, gap, expected) in [
        ("less", 29 * MINUTE, first),
        ("exactly", 30 * MINUTE, first),
        ("a-microsecond-more", 30 * MINUTE + 999, first),
        ("a-millisecond-more", 30 * MINUTE + 1000, second),
    ] {
        let site = world.site(name, "UTC").await;
        let times = [start, plus(start, gap), plus(start, gap + 30 * MINUTE)];
        assert_eq!(days_of(&world, &site, &times).await, [first, expected, expected], "{name}");
    }
}

#[tokio::test]
async fn the_timeout_is_the_projects() {
    let world = World::new().await;
    let project = NewProject {
        name: "web".parse().expect("a name"),
        zone: Zone::utc(),
        week_start: WeekStart::Monday,
        session_timeout: DurationMs(5 * 60 * 1000),
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [7; 32],
        create_time: noon(),
        ingest: Default::default(),
    };
    let site = world.site_of(project).await;
    let start = at("2026-03-02T23:58:00Z");
    let times = [start, plus(start, 5 * MINUTE), plus(start, 10 * MINUTE + 1000)];
    let (first, second) = (day("2026-03-02"), day("2026-03-03"));
    assert_eq!(days_of(&world, &site, &times).await, [first, first, second]);
}

/// Instants 29 minutes apart from `start` to just before `end`, then `end`.
fn busy(start: Micros, end: Micros) -> Vec<Micros> {
    let steps = (0..).map(|step| plus(start, step * 29 * MINUTE)).take_while(|time| *time < plus(end, -1000));
    steps.chain([plus(end, -1000), end]).collect()
}

#[tokio::test]
async fn a_session_ends_24_hours_after_its_start_whatever_the_calendar() {
    let world = World::new().await;
    for (name, zone, start, first, at_the_end) in [
        ("plain", "UTC", at("2026-03-02T10:00:00Z"), "2026-03-02", "2026-03-03"),
        // The day between has 23 hours: a session from before it still runs after it.
        ("spring", "Europe/Berlin", at("2026-03-28T23:30:00+01:00"), "2026-03-28", "2026-03-30"),
        // The day after its start has 25 hours: it ends within that.
        ("autumn", "Europe/Berlin", at("2026-10-24T23:30:00+02:00"), "2026-10-24", "2026-10-25"),
    ] {
        let site = world.site(name, zone).await;
        let times = busy(start, plus(start, 24 * HOUR));
        let days = days_of(&world, &site, &times).await;
        let (last, before) = days.split_last().expect("some");
        assert!(before.iter().all(|visitor_day| *visitor_day == day(first)), "{name}: {days:?}");
        assert_eq!(*last, day(at_the_end), "{name}");
    }
}

#[tokio::test]
async fn days_end_by_the_clock_of_the_projects_zone() {
    let world = World::new().await;
    for (name, zone, time, expected) in [
        ("a", "Europe/Berlin", "2026-03-28T22:59:59.999Z", "2026-03-28"),
        ("b", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
        ("c", "Europe/Berlin", "2026-03-29T21:59:59.999Z", "2026-03-29"),
        ("d", "Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("e", "Europe/Berlin", "2026-10-25T22:59:59.999Z", "2026-10-25"),
        ("f", "Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("g", "Asia/Kathmandu", "2026-03-02T18:14:59.999Z", "2026-03-02"),
        ("h", "Asia/Kathmandu", "2026-03-02T18:15:00Z", "2026-03-03"),
    ] {
        let site = world.site(name, zone).await;
        assert_eq!(days_of(&world, &site, &[at(time)]).await, [day(expected)], "{zone} {time}");
    }
}

#[tokio::test]
async fn an_event_that_arrives_before_its_predecessor_keeps_its_own_day() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (first, second) = (day("2026-03-02"), day("2026-03-03"));
    world.clock.set(at("2026-03-03T00:15:00Z"));
    let in_order_of_arrival = ["2026-03-03T00:10:00Z", "2026-03-02T23:55:00Z", "2026-03-03T00:14:00Z"];
    for (number, time) in in_order_of_arrival.iter().enumerate() {
        world.track(&web.browser(), vec![view(number, at(time))]).await;
    }
    assert_eq!(stored_days(&world, &web).await, [second, first, second]);

    // Within one batch the order is that of the batch.
    let app = world.site("app", "UTC").await;
    let events = in_order_of_arrival.iter().enumerate().map(|(number, time)| view(number, at(time))).collect();
    world.track(&app.browser(), events).await;
    assert_eq!(stored_days(&world, &app).await, [second, first, second]);
}

#[tokio::test]
async fn an_event_without_a_visitor_neither_begins_nor_extends_a_session() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let anonymous = |number, time| from("", FIREFOX, view(number, at(time)));
    let known = |number, time| from(HOME, FIREFOX, view(number, at(time)));
    world.clock.set(at("2026-03-03T00:40:00Z"));
    let events: Vec<v1::Event> =
        vec![known(0, "2026-03-02T23:40:00Z"), anonymous(1, "2026-03-03T00:05:00Z"), known(2, "2026-03-03T00:20:00Z")];
    world.track(&web.backend(), events).await;
    let days: Vec<_> = world.stored(&web).await.iter().map(|event| event.visitor_day).collect();
    assert_eq!(days, ["2026-03-02", "2026-03-03", "2026-03-03"].map(day));
}
