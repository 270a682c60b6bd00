//! Salts: destroyed in time, and kept until then.

use std::collections::HashSet;

use analytics_domain::{Day, Micros, calendar};
use analytics_proto::v1::{self, Verdict};

use crate::world::{FIREFOX, HOME, MINUTE, Sender, World, at, day, from, plus, view, visitor};

/// Sends one event of a signed-in person at an instant.
async fn track_late(world: &World, sender: &Sender, now: Micros, event: v1::Event) {
    world.clock.set(now);
    let event = v1::Event { user_id: "user-17".to_owned(), ..event };
    assert_eq!(world.track(sender, vec![event]).await, [Verdict::Stored]);
}

#[tokio::test]
async fn a_salt_is_destroyed_a_day_after_its_day_has_ended() {
    let world = World::new().await;
    // Days of 24, 23 and 25 hours; of each the end.
    for (name, zone, late, end) in [
        ("web", "UTC", at("2026-03-01T23:00:00Z"), at("2026-03-02T00:00:00Z")),
        ("spring", "Europe/Berlin", at("2026-03-29T20:30:00Z"), at("2026-03-29T22:00:00Z")),
        ("autumn", "Europe/Berlin", at("2026-10-25T22:30:00Z"), at("2026-10-25T23:00:00Z")),
    ] {
        let site = world.site(name, zone).await;
        let due = plus(end, 24 * 3_600_000_000);
        track_late(&world, &site.browser(), late, view(0, late)).await;
        track_late(&world, &site.browser(), plus(due, -1000), view(1, plus(late, 1000))).await;
        track_late(&world, &site.browser(), due, view(2, plus(late, 2000))).await;
        let behalf = from(HOME, FIREFOX, view(3, plus(late, 3000)));
        track_late(&world, &site.backend(), plus(due, 1), behalf).await;
        let stored = world.stored(&site).await;
        assert_eq!(visitor(&stored[0]), visitor(&stored[1]), "{name}");
        for gone in &stored[2..] {
            assert_eq!((gone.actor.visitor, gone.visitor_day), (None, stored[0].visitor_day), "{name}");
            assert_eq!(gone.actor.user, stored[0].actor.user, "a user is no visitor");
        }
    }
}

#[tokio::test]
async fn a_day_that_is_over_for_a_day_gets_no_first_salt() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let late = at("2026-03-01T23:00:00Z");
    track_late(&world, &web.browser(), at("2026-03-03T00:00:00Z"), view(0, late)).await;
    assert_eq!(world.stored(&web).await[0].actor.visitor, None);
    track_late(&world, &web.browser(), at("2026-03-02T23:59:59.999Z"), view(1, late)).await;
    assert!(world.stored(&web).await[1].actor.visitor.is_some(), "a moment before it would have had one");
}

#[tokio::test]
async fn a_new_collector_knows_the_visitors_of_the_one_before() {
    let mut world = World::new().await;
    let web = world.site("web", "UTC").await;
    world.track_live(&web.browser(), [(0, at("2026-03-02T23:50:00Z"))]).await;
    world.restart_collector();
    world.track_live(&web.browser(), [(1, at("2026-03-02T23:59:00Z")), (2, at("2026-03-03T00:10:00Z"))]).await;
    world.restart_collector();
    world.track_live(&web.browser(), [(3, at("2026-03-03T00:20:00Z")), (4, at("2026-03-03T09:00:00Z"))]).await;
    let stored = world.stored(&web).await;
    assert!(stored[1..4].iter().all(|event| visitor(event) == visitor(&stored[0])));
    assert_ne!(visitor(&stored[4]), visitor(&stored[0]));
}

/// Two time changes and a leap day; one person who is there around every midnight, and a restart now and then.
#[tokio::test]
async fn over_400_days_each_has_its_salt_and_each_salt_its_end() {
    let mut world = World::new().await;
    let web = world.site("web", "Europe/Berlin").await;
    let zone = web.project.zone.clone();
    let days: Vec<Day> = (0..400).map(|number| day("2024-01-15").plus_days(number)).collect();
    for (number, today) in days.iter().enumerate() {
        let midnight = calendar::day_end(*today, &zone).to_micros();
        let yesterday_evening = plus(calendar::day_start(*today, &zone).to_micros(), -MINUTE);
        world.clock.set(plus(midnight, -10 * MINUTE));
        world.track(&web.browser(), vec![view(3 * number, plus(midnight, -10 * MINUTE))]).await;
        world.clock.set(plus(midnight, 10 * MINUTE));
        let after_midnight = view(3 * number + 1, plus(midnight, 10 * MINUTE));
        let late = view(3 * number + 2, yesterday_evening);
        assert_eq!(world.track(&web.browser(), vec![after_midnight, late]).await, [Verdict::Stored; 2]);
        if number % 50 == 49 {
            world.restart_collector();
        }
    }
    let stored = world.stored(&web).await;
    let mut visitors = HashSet::new();
    for (today, events) in days.iter().zip(stored.chunks(3)) {
        assert_eq!(visitor(&events[0]), visitor(&events[1]), "one session over midnight");
        assert_eq!(events[0].visitor_day, *today);
        assert!(visitors.insert(events[0].actor.visitor), "{today}: nobody is known for more than a day");
        // Ten minutes after midnight yesterday's salt is gone, unless today had only 23 hours.
        assert_eq!(events[2].visitor_day, today.plus_days(-1));
        let is_short = [day("2024-03-31"), day("2025-03-30")].contains(today);
        assert_eq!(events[2].actor.visitor.is_some(), is_short, "{today}");
    }
}
