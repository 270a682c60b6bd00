//! Whatever happens around midnight, in whatever order it arrives: visitor days are those of a reference that knows the people.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
};

use analytics_domain::{Day, Event, Micros, Millis, VisitorHash, Zone, calendar};
use analytics_proto::v1::{self, Verdict};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::world::{FIREFOX, HOUR, IncludeBots, MINUTE, Site, World, at, from, plus, view};

const TIMEOUT_MS: i64 = 30 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Somebody's view, so long after the scene began.
#[derive(Debug, Clone)]
struct Visit {
    person: usize,
    after: i64,
}

#[derive(Debug, Clone)]
struct Scene {
    zone: &'static str,
    begin: Micros,
    visits: Vec<Visit>,
}

impl Scene {
    fn time(&self, visit: &Visit) -> Micros {
        plus(self.begin, visit.after)
    }

    fn day_of(&self, time: Millis) -> Day {
        calendar::day_of(time, &self.zone())
    }

    fn zone(&self) -> Zone {
        Zone::named(self.zone).expect("a zone")
    }

    fn event(&self, number: usize) -> v1::Event {
        let visit = &self.visits[number];
        from(&format!("203.0.113.{}", visit.person), FIREFOX, view(number, self.time(visit)))
    }
}

fn scenes() -> impl Strategy<Value = Scene> {
    let gap = prop_oneof![
        4 => Just(29 * MINUTE),
        2 => Just(30 * MINUTE),
        2 => Just(30 * MINUTE + 1000),
        2 => 0..40 * MINUTE,
        1 => Just(0),
        1 => 0..15 * HOUR,
    ];
    // Long sessions in small steps, so that some reach the 24 hours; a few people at once.
    let walk = (1_usize..4, 0..30 * HOUR, vec(gap, 1..70)).prop_map(|(person, start, gaps)| {
        gaps.into_iter()
            .scan(start, move |after, gap| {
                *after += gap;
                Some(Visit { person, after: *after })
            })
            .collect::<Vec<_>>()
    });
    let place = prop_oneof![
        Just(("UTC", "2026-03-01T20:00:00Z")),
        Just(("Europe/Berlin", "2026-03-28T20:00:00Z")),
        Just(("Europe/Berlin", "2026-10-24T20:00:00Z")),
        Just(("Pacific/Apia", "2011-12-29T20:00:00Z")),
    ];
    (place, vec(walk, 1..4)).prop_map(|((zone, begin), walks)| Scene {
        zone,
        begin: at(begin),
        visits: walks.into_iter().flatten().collect(),
    })
}

/// The order of arrival: each event as late as its number says, in batches of so many events, each so long after the one before.
#[derive(Debug, Clone)]
struct Arrival {
    delays: Vec<i64>,
    batches: Vec<(usize, i64)>,
}

fn arrivals() -> impl Strategy<Value = Arrival> {
    let delay = prop_oneof![3 => Just(0), 2 => 0..2 * HOUR, 1 => 0..30 * HOUR];
    let batch = (1_usize..60, prop_oneof![2 => Just(0), 1 => 0..20 * HOUR]);
    (vec(delay, 210), vec(batch, 210)).prop_map(|(delays, batches)| Arrival { delays, batches })
}

/// The last session that began on each day, for each person.
#[derive(Default)]
struct Reference(HashMap<usize, BTreeMap<Day, (Millis, Millis)>>);

impl Reference {
    /// The day of a visit that arrives at `now`, by what has arrived before; none when its salt is destroyed.
    fn day_of(&mut self, scene: &Scene, person: usize, time: Millis, now: Millis) -> Option<Day> {
        let zone = scene.zone();
        let is_destroyed = |day: Day| now.0 >= calendar::day_end(day, &zone).0 + DAY_MS;
        let own = scene.day_of(time);
        if is_destroyed(own) {
            return None;
        }
        let sessions = self.0.entry(person).or_default();
        sessions.retain(|day, _| !is_destroyed(*day));
        let earlier = || sessions.iter().filter(|(day, _)| **day <= own);
        let spans = earlier().find(|(_, (start, last))| (*start..=*last).contains(&time));
        if let Some((day, _)) = spans {
            return Some(*day);
        }
        let goes_on = |(start, last): (Millis, Millis)| {
            (0..=TIMEOUT_MS).contains(&(time.0 - last.0)) && time.0 - start.0 < DAY_MS
        };
        let running = earlier().filter(|(_, session)| goes_on(**session)).max_by_key(|(_, (_, last))| *last);
        if let Some((&day, &(start, _))) = running {
            sessions.insert(day, (start, time));
            return Some(day);
        }
        let session = match sessions.get(&own) {
            // A newer session of the day stays the last one; the late event may be its beginning.
            Some(&(start, last)) if time < start => {
                let joins = start.0 - time.0 <= TIMEOUT_MS && last.0 - time.0 < DAY_MS;
                (if joins { time } else { start }, last)
            }
            _ => (time, time),
        };
        sessions.insert(own, session);
        Some(own)
    }
}

/// What is stored must say the days of the reference, and its hashes must tell people apart as the reference does.
fn assert_agrees(scene: &Scene, stored: &[Event], expected: &[Option<Day>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(stored.len(), expected.len());
    let mut hash_of: HashMap<(usize, Day), VisitorHash> = HashMap::new();
    let mut owner_of: HashMap<VisitorHash, (usize, Day)> = HashMap::new();
    for ((event, visit), expected) in stored.iter().zip(&scene.visits).zip(expected) {
        prop_assert_eq!(
            event.visitor_day,
            expected.unwrap_or(scene.day_of(event.time)),
            "{:?} {:?}",
            visit,
            event.time
        );
        prop_assert_eq!(event.actor.visitor.is_some(), expected.is_some(), "{:?}", visit);
        if let Some(hash) = event.actor.visitor {
            let owner = (visit.person, event.visitor_day);
            prop_assert_eq!(*hash_of.entry(owner).or_insert(hash), hash);
            prop_assert_eq!(*owner_of.entry(hash).or_insert(owner), owner);
        }
    }
    Ok(())
}

/// Runs a case for each of many scenes, in a project of its own.
fn for_all_scenes(case: impl AsyncFn(&World, &Site, &Scene, &Arrival) -> Result<(), TestCaseError>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let world = runtime.block_on(World::new());
    let number = Cell::new(0);
    let run = |(scene, arrival): (Scene, Arrival)| {
        number.set(number.get() + 1);
        runtime.block_on(async {
            let site = world.site(&format!("project-{}", number.get()), scene.zone).await;
            case(&world, &site, &scene, &arrival).await
        })
    };
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&(scenes(), arrivals()), run).unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn live_events_in_any_order_get_the_days_of_the_reference() {
    for_all_scenes(async |world, site, scene, arrival| {
        let mut order: Vec<usize> = (0..scene.visits.len()).collect();
        order.sort_by_key(|number| scene.visits[*number].after + arrival.delays[*number]);
        let mut reference = Reference::default();
        let mut expected = vec![None; order.len()];
        let mut now = scene.begin;
        let mut rest = order.as_slice();
        for (size, pause) in &arrival.batches {
            let (numbers, after) = rest.split_at((*size).min(rest.len()));
            rest = after;
            let latest = numbers.iter().map(|number| scene.time(&scene.visits[*number])).max();
            let Some(latest) = latest else { break };
            now = plus(now.max(latest), *pause);
            world.clock.set(now);
            for &number in numbers {
                let visit = &scene.visits[number];
                let time = scene.time(visit).to_millis();
                expected[number] = reference.day_of(scene, visit.person, time, now.to_millis());
            }
            let events = numbers.iter().map(|number| scene.event(*number)).collect();
            prop_assert_eq!(world.track(&site.backend(), events).await, vec![Verdict::Stored; numbers.len()]);
        }
        assert_agrees(scene, &world.stored(site).await, &expected)
    });
}

/// The definition itself, by somebody who sees everything at once: the day of an event is the day on which its session began.
fn days_by_definition(scene: &Scene, in_order: &[usize]) -> Vec<Option<Day>> {
    let mut days = vec![None; in_order.len()];
    let mut sessions: HashMap<usize, (Millis, Millis)> = HashMap::new();
    for &number in in_order {
        let visit = &scene.visits[number];
        let time = scene.time(visit).to_millis();
        let session = sessions.entry(visit.person).or_insert((time, time));
        if time.0 - session.1.0 > TIMEOUT_MS || time.0 - session.0.0 >= DAY_MS {
            session.0 = time;
        }
        session.1 = time;
        days[number] = Some(scene.day_of(session.0));
    }
    days
}

#[test]
fn a_sorted_import_gets_the_days_of_the_definition() {
    for_all_scenes(async |world, site, scene, arrival| {
        world.clock.set(at("2026-11-01T00:00:00Z"));
        let (import, _) = world.open_import(site, "history", IncludeBots::No).await.expect("opened");
        let mut order: Vec<usize> = (0..scene.visits.len()).collect();
        order.sort_by_key(|number| scene.visits[*number].after);
        let mut rest = order.as_slice();
        for (size, pause) in &arrival.batches {
            let (numbers, after) = rest.split_at((*size).min(rest.len()));
            rest = after;
            if numbers.is_empty() {
                break;
            }
            let events = || numbers.iter().map(|number| scene.event(*number)).collect();
            prop_assert_eq!(world.import(site, &import, events()).await, vec![Verdict::Stored; numbers.len()]);
            // Some replies are lost, and the client sends again what may have come already.
            if *pause > 0 {
                prop_assert_eq!(world.import(site, &import, events()).await, vec![Verdict::Duplicate; numbers.len()]);
            }
        }
        assert_agrees(scene, &world.stored(site).await, &days_by_definition(scene, &order))
    });
}
