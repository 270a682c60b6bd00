//! How projects tell visitors apart.

use analytics_domain::{IngestSettings, VisitorMode};
use analytics_proto::v1::{self, Verdict};

use crate::world::{FIREFOX, IncludeBots, Site, World, at, from, noon, view};

const OTHER_AGENT: &str = "Mozilla/5.0 Another/1.0";

async fn site_of(world: &World, mode: VisitorMode) -> Site {
    let ingest = IngestSettings { visitor_mode: mode, ..Default::default() };
    world.site_with(&mode.as_str().replace('_', "-"), "UTC", ingest).await
}

/// Which events have the visitor of which earlier one: for each the number of the first.
async fn first_of_same(world: &World, site: &Site) -> Vec<usize> {
    let stored = world.stored(site).await;
    let hashes: Vec<_> = stored.iter().map(|event| event.actor.visitor.expect("a visitor")).collect();
    hashes.iter().map(|hash| hashes.iter().position(|other| other == hash).expect("itself")).collect()
}

#[tokio::test]
async fn coarser_modes_count_several_people_as_one() {
    let world = World::new().await;
    let people = [
        ("203.0.113.7", FIREFOX),
        ("203.0.113.8", FIREFOX),
        ("203.0.113.7", OTHER_AGENT),
        ("203.0.114.7", FIREFOX),
        ("2001:db8:1:2::1", FIREFOX),
        ("2001:db8:1:2::2", FIREFOX),
        ("2001:db8:1:3::1", FIREFOX),
        ("2001:db8:2:3::1", FIREFOX),
        ("203.0.113.7", ""),
    ];
    for (mode, expected) in [
        (VisitorMode::NetworkAndAgent, [0, 1, 2, 3, 4, 4, 6, 7, 8]),
        (VisitorMode::Network, [0, 1, 0, 3, 4, 4, 6, 7, 0]),
        (VisitorMode::CoarseNetworkAndAgent, [0, 0, 2, 3, 4, 4, 4, 7, 8]),
    ] {
        let site = site_of(&world, mode).await;
        for (number, (address, agent)) in people.iter().enumerate() {
            let event = from(address, agent, view(number, noon()));
            assert_eq!(world.track(&site.backend(), vec![event]).await, [Verdict::Stored]);
        }
        assert_eq!(first_of_same(&world, &site).await, expected, "{mode:?}");
    }
}

#[tokio::test]
async fn at_random_each_call_is_another_visitor() {
    let world = World::new().await;
    let site = site_of(&world, VisitorMode::RandomPerRequest).await;
    let here = |number| from("203.0.113.7", FIREFOX, view(number, noon()));
    let there = from("203.0.113.8", FIREFOX, view(2, noon()));
    assert_eq!(world.track(&site.backend(), vec![here(0), here(1), there]).await, [Verdict::Stored; 3]);
    assert_eq!(world.track(&site.backend(), vec![here(3)]).await, [Verdict::Stored]);
    let (import, _) = world.open_import(&site, "history", IncludeBots::No).await.expect("opened");
    assert_eq!(world.import(&site, &import, vec![here(4)]).await, [Verdict::Stored]);
    assert_eq!(first_of_same(&world, &site).await, [0, 0, 2, 3, 4]);

    // Who is not known elsewhere is not known here either: without an address, or when the salts of the day would be gone.
    let nobody = from("", FIREFOX, view(5, noon()));
    let long_ago = from("203.0.113.7", FIREFOX, view(6, at("2026-02-28T12:00:00Z")));
    let signed_in = v1::Event { user_id: "user-17".to_owned(), ..long_ago };
    assert_eq!(world.track(&site.backend(), vec![nobody, signed_in]).await, [Verdict::Stored; 2]);
    let stored = world.stored(&site).await;
    assert_eq!((stored[5].actor.visitor, stored[6].actor.visitor), (None, None));
    assert!(stored[6].actor.user.is_some() && stored[5].actor.user.is_none());
}
