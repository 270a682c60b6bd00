//! What projects do not count, and what they keep of a query.

use analytics_domain::{Channel, IngestSettings, ProjectSettings, ports::Catalog as _};
use analytics_proto::v1::{self, EventVerdict, FilterRule, Verdict};

use crate::world::{FIREFOX, GOOGLEBOT, HOME, IncludeBots, World, batch, from, noon, view};

fn settings() -> IngestSettings {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let networks = |texts: &[&str]| texts.iter().map(|text| text.parse().expect("a network")).collect();
    IngestSettings {
        own_networks: networks(&["198.51.100.0/24", "2001:db8:1::/48"]),
        blocked_networks: networks(&["198.51.100.7/32", "192.0.2.0/28"]),
        blocked_user_agents: texts(&["ScanNer", "uptime (v1)"]),
        blocked_pages: texts(&["/intern/*", "test.example/*", "*?article=17"]),
        kept_query_parameters: texts(&["article", "lang"]),
        ..Default::default()
    }
}

fn at_url(url: &str, event: v1::Event) -> v1::Event {
    v1::Event { url: url.to_owned(), ..event }
}

fn decisions(verdicts: &[EventVerdict]) -> Vec<(Verdict, FilterRule)> {
    verdicts.iter().map(|verdict| (verdict.verdict(), verdict.filter_rule())).collect()
}

const STORED: (Verdict, FilterRule) = (Verdict::Stored, FilterRule::Unspecified);
const OWN: (Verdict, FilterRule) = (Verdict::Filtered, FilterRule::OwnTraffic);
const BLOCKED: (Verdict, FilterRule) = (Verdict::Filtered, FilterRule::Blocked);

/// Events and what a project of these settings decides about each.
fn cases() -> Vec<(v1::Event, (Verdict, FilterRule))> {
    let at_home = |number, url| at_url(url, from(HOME, FIREFOX, view(number, noon())));
    let of = |number, address, agent| from(address, agent, view(number, noon()));
    vec![
        (of(0, HOME, FIREFOX), STORED),
        (of(1, "198.51.100.8", FIREFOX), OWN),
        // Own before blocked.
        (of(2, "198.51.100.7", FIREFOX), OWN),
        (of(3, "::ffff:198.51.100.9", FIREFOX), OWN),
        (of(4, "2001:db8:1:2::3", FIREFOX), OWN),
        (of(5, "192.0.2.15", FIREFOX), BLOCKED),
        (of(6, "192.0.2.16", FIREFOX), STORED),
        (of(7, HOME, "Our-Site-SCANNER/1.0"), BLOCKED),
        (of(8, "", "Uptime (V1)"), BLOCKED),
        (of(9, HOME, "Uptime v1"), STORED),
        (at_home(10, "https://shop.example/intern/a?x=1"), BLOCKED),
        (at_home(11, "https://shop.example/intern"), STORED),
        (at_home(12, "https://test.example/"), BLOCKED),
        (at_home(13, "/p?article=17"), BLOCKED),
        (at_home(14, "/p?article=18"), STORED),
        // Of the sender's address as it is cleaned, not as it is sent.
        (at_home(15, "/alice@example.com/intern/"), STORED),
    ]
}

#[tokio::test]
async fn own_traffic_and_what_is_blocked_is_not_counted() {
    let world = World::new().await;
    let web = world.site_with("web", "UTC", settings()).await;
    let (events, expected): (Vec<_>, Vec<_>) = cases().into_iter().unzip();
    let response = world.call(&web.backend(), batch(events.clone())).await.expect("taken");
    assert_eq!(decisions(&response.verdicts), expected);
    let kept = expected.iter().filter(|decision| **decision == STORED).count();
    assert_eq!(world.stored(&web).await.len(), kept);

    // The address and the agent of a browser are those of its connection.
    let browser = web.browser().at("198.51.100.8");
    let response = world.call(&browser, batch(vec![view(90, noon())])).await.expect("taken");
    assert_eq!(decisions(&response.verdicts), [OWN]);

    // Another project has rules of its own, and imports obey them too.
    let app = world.site("app", "UTC").await;
    assert_eq!(world.track(&app.backend(), events).await, [Verdict::Stored; 16]);
    let (import, _) = world.open_import(&web, "history", IncludeBots::Yes).await.expect("opened");
    let sent = vec![from("192.0.2.1", GOOGLEBOT, view(20, noon())), from(HOME, GOOGLEBOT, view(21, noon()))];
    assert_eq!(world.import(&web, &import, sent).await, [Verdict::Filtered, Verdict::Stored]);
}

#[tokio::test]
async fn changed_rules_hold_from_the_next_batch_that_knows_them() {
    let mut world = World::new().await;
    let web = world.site("web", "UTC").await;
    let sent = |number| vec![from("198.51.100.8", FIREFOX, view(number, noon()))];
    assert_eq!(world.track(&web.backend(), sent(0)).await, [Verdict::Stored]);
    for (number, ingest, expected) in
        [(1, settings(), Verdict::Filtered), (2, IngestSettings::default(), Verdict::Stored)]
    {
        let project = &web.project;
        let changed = ProjectSettings { week_start: project.week_start, lateness: project.lateness, ingest };
        world.store.update_project(project.id, Box::new(|_| changed)).await.expect("updated");
        // A new one knows nothing of the project yet.
        world.restart_collector();
        assert_eq!(world.track(&web.backend(), sent(number)).await, [expected]);
    }
}

#[tokio::test]
async fn the_parameters_that_a_project_keeps_are_part_of_the_page() {
    let world = World::new().await;
    let web = world.site_with("web", "UTC", settings()).await;
    let sent = [
        "https://shop.example/p?lang=de&session=1&article=18#top",
        "https://shop.example/p?session=1",
        "https://shop.example/p?article=alice%40example.com",
        "https://shop.example/p?gclid=Cj0KCQjw&lang=de",
    ];
    let events = sent.iter().enumerate().map(|(number, url)| at_url(url, view(number, noon()))).collect();
    assert_eq!(world.track(&web.browser(), events).await, [Verdict::Stored; 4]);
    let stored = world.stored(&web).await;
    let pages: Vec<_> = stored.iter().map(|event| event.page.as_deref().expect("a page")).collect();
    assert_eq!(pages, ["/p?article=18&lang=de", "/p", "/p?article=:redacted", "/p?lang=de"]);
    let clicks: Vec<_> = stored.iter().map(|event| (event.click_id.as_deref(), event.channel)).collect();
    let (none, paid) = ((None, Some(Channel::Direct)), (Some("gclid"), Some(Channel::PaidSearch)));
    assert_eq!(clicks, [none, none, none, paid]);
}
