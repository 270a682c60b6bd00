//! Known bots are not counted unless an import asks for it.

use analytics_proto::v1::{FilterRule, Verdict};

use crate::world::{FIREFOX, GOOGLEBOT, HOME, IncludeBots, World, batch, from, noon, view};

#[tokio::test]
async fn bots_are_filtered_whoever_tells_their_agent() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let bot = web.browser().with("user-agent", GOOGLEBOT);
    let response = world.call(&bot, batch(vec![view(0, noon())])).await.expect("taken");
    assert_eq!(
        (response.verdicts[0].verdict(), response.verdicts[0].filter_rule()),
        (Verdict::Filtered, FilterRule::Bot)
    );
    assert_eq!(response.counts.expect("counts").filtered, 1);

    // A backend's own agent says nothing about those it sends for.
    let backend = web.backend().with("user-agent", GOOGLEBOT);
    let sent = vec![from(HOME, GOOGLEBOT, view(0, noon())), from(HOME, FIREFOX, view(1, noon())), view(2, noon())];
    assert_eq!(world.track(&backend, sent).await, [Verdict::Filtered, Verdict::Stored, Verdict::Stored]);
    assert_eq!(world.stored(&web).await.len(), 2);
}

#[tokio::test]
async fn an_import_may_count_bots() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let events = || vec![from(HOME, GOOGLEBOT, view(0, noon())), from(HOME, FIREFOX, view(1, noon()))];
    let (without, _) = world.open_import(&web, "without", IncludeBots::No).await.expect("opened");
    assert_eq!(world.import(&web, &without, events()).await, [Verdict::Filtered, Verdict::Stored]);
    let (with, _) = world.open_import(&web, "with", IncludeBots::Yes).await.expect("opened");
    assert_eq!(world.import(&web, &with, events()).await, [Verdict::Stored, Verdict::Duplicate]);
    assert_eq!(world.stored(&web).await.len(), 2);
}

#[tokio::test]
async fn a_missing_agent_is_no_bot_and_equals_an_empty_one() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    assert_eq!(world.track(&web.backend(), vec![from(HOME, "", view(0, noon()))]).await, [Verdict::Stored]);
    let silent = web.browser().with("user-agent", "");
    assert_eq!(world.track(&silent, vec![view(1, noon())]).await, [Verdict::Stored]);
    let stored = world.stored(&web).await;
    assert_eq!(stored[0].actor.visitor, stored[1].actor.visitor);
    assert!(stored[0].actor.visitor.is_some());
}
