//! Who is told apart, and who is not.

use analytics_domain::ConsentPolicy;
use analytics_proto::v1::{self, ConsentSignals, FilterRule, Verdict};

use crate::world::{FIREFOX, HOME, Sender, World, batch, from, noon, view};

fn signed_in(event: v1::Event) -> v1::Event {
    v1::Event { user_id: "user-17".to_owned(), ..event }
}

fn objecting(event: v1::Event, do_not_track: bool) -> v1::Event {
    let signals = ConsentSignals { do_not_track, global_privacy_control: !do_not_track };
    v1::Event { consent_signals: Some(signals), ..event }
}

#[tokio::test]
async fn without_an_address_there_is_neither_visitor_nor_user() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let sent = vec![
        signed_in(view(0, noon())),
        signed_in(from("", FIREFOX, view(1, noon()))),
        signed_in(from(HOME, FIREFOX, view(2, noon()))),
        from(HOME, FIREFOX, view(3, noon())),
    ];
    world.track(&web.backend(), sent).await;
    world.track(&web.browser().without_address(), vec![signed_in(view(4, noon()))]).await;
    world.track(&web.browser(), vec![signed_in(view(5, noon()))]).await;
    let stored = world.stored(&web).await;
    let told: Vec<_> = stored.iter().map(|event| (event.actor.visitor.is_some(), event.actor.user.is_some())).collect();
    assert_eq!(told, [(false, false), (false, false), (true, true), (true, false), (false, false), (true, true)]);
    assert_eq!(stored[2].actor, stored[5].actor, "the same person, whoever sends");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let response = world.call(&web.backend(), batch(vec![from("203.0.113.7:80", "", view(0, noon()))])).await;
    let verdict = response.expect("taken").verdicts.remove(0);
    assert_eq!((verdict.verdict(), verdict.field.as_str()), (Verdict::Rejected, "client.ip_address"));
    assert!(!verdict.description.contains("203"), "{}", verdict.description);
}

/// Every way to object, with the events to send in it.
fn objections(browser: Sender, backend: Sender) -> Vec<(Sender, v1::Event)> {
    let plain = |number| signed_in(view(number, noon()));
    let behalf = |number| from(HOME, FIREFOX, plain(number));
    vec![
        (browser.clone().with("dnt", "1"), plain(0)),
        (browser.clone().with("sec-gpc", "1"), plain(1)),
        (browser.clone(), objecting(plain(2), true)),
        (browser.clone(), objecting(plain(3), false)),
        (browser.with("dnt", "0"), objecting(plain(4), false)),
        (backend.clone(), objecting(behalf(5), true)),
        (backend, objecting(behalf(6), false)),
    ]
}

#[tokio::test]
async fn who_objects_is_counted_without_ids() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let objections = objections(web.browser(), web.backend());
    let count = objections.len();
    for (sender, event) in objections {
        assert_eq!(world.track(&sender, vec![event]).await, [Verdict::Stored]);
    }
    // Nobody objects here: a zero is no signal, and a backend's own headers are not its visitors'.
    world.track(&web.browser().with("dnt", "0").with("sec-gpc", "0"), vec![signed_in(view(90, noon()))]).await;
    let behalf = signed_in(from(HOME, FIREFOX, view(91, noon())));
    world.track(&web.backend().with("dnt", "1").with("sec-gpc", "1"), vec![behalf]).await;

    let stored = world.stored(&web).await;
    let (objected, others) = stored.split_at(count);
    assert!(objected.iter().all(|event| event.actor.visitor.is_none() && event.actor.user.is_none()));
    assert_eq!(others.len(), 2);
    assert!(others.iter().all(|event| event.actor.visitor.is_some() && event.actor.user.is_some()));
}

#[tokio::test]
async fn a_policy_may_drop_who_objects() {
    let world = World::with_consent(ConsentPolicy::Drop).await;
    let web = world.site("web", "UTC").await;
    for (sender, event) in objections(web.browser(), web.backend()) {
        let response = world.call(&sender, batch(vec![event])).await.expect("taken");
        let verdict = &response.verdicts[0];
        assert_eq!((verdict.verdict(), verdict.filter_rule()), (Verdict::Filtered, FilterRule::Consent));
    }
    assert_eq!(world.track(&web.browser(), vec![view(90, noon())]).await, [Verdict::Stored]);
    assert_eq!(world.stored(&web).await.len(), 1);
}

#[tokio::test]
async fn visitors_are_told_apart_by_network_and_agent() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let senders = [
        ("203.0.113.7", FIREFOX),
        ("::ffff:203.0.113.7", FIREFOX),
        ("203.0.113.8", FIREFOX),
        ("203.0.113.7", "Mozilla/5.0 Another/1.0"),
        ("2001:db8:1:2::1", FIREFOX),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", FIREFOX),
        ("2001:db8:1:3::1", FIREFOX),
    ];
    for (number, (address, user_agent)) in senders.into_iter().enumerate() {
        let event =
            if number % 2 == 0 { from(address, user_agent, view(number, noon())) } else { view(number, noon()) };
        let browser = web.browser().at(address).with("user-agent", user_agent);
        let sender = if number % 2 == 0 { web.backend() } else { browser };
        assert_eq!(world.track(&sender, vec![event]).await, [Verdict::Stored]);
    }
    let visitors: Vec<_> = world.stored(&web).await.iter().map(|event| event.actor.visitor.expect("one")).collect();
    let first_of_same: Vec<_> =
        visitors.iter().map(|hash| visitors.iter().position(|other| other == hash).expect("itself")).collect();
    assert_eq!(first_of_same, [0, 0, 2, 3, 4, 4, 6]);
}

#[tokio::test]
async fn projects_share_neither_visitors_nor_users() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    world.track(&web.browser(), vec![signed_in(view(0, noon()))]).await;
    world.track(&app.browser(), vec![signed_in(view(0, noon()))]).await;
    let (here, there) = (world.stored(&web).await.remove(0), world.stored(&app).await.remove(0));
    assert_ne!(here.actor.visitor, there.actor.visitor);
    assert_ne!(here.actor.user, there.actor.user);
}
