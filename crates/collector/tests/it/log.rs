//! When the log takes nothing.

use std::time::Duration;

use analytics_domain::ConsentPolicy;
use analytics_proto::v1::{ErrorReason, Verdict};
use analytics_stream::local::LocalLogOptions;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::world::{World, batch, noon, reason_of, verdicts, view};

fn assert_asks_to_come_back(refused: &Status) {
    assert_eq!(reason_of(refused), (Code::Unavailable, Some(ErrorReason::Unavailable)));
    let delay = refused.get_details_retry_info().and_then(|info| info.retry_delay).expect("RetryInfo");
    assert!(delay >= Duration::from_secs(1), "{delay:?}");
}

#[tokio::test]
async fn a_full_log_asks_to_come_back_and_loses_nothing() {
    let options = LocalLogOptions { max_pending_events: 1, ..LocalLogOptions::default() };
    let (world, consumer) = World::with_log(options, ConsentPolicy::default()).await;
    // Of two projects: calls of one would share an entry.
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let (web_browser, app_browser) = (web.browser(), app.browser());
    let mut one = Box::pin(world.call(&web_browser, batch(vec![view(0, noon())])));
    let mut other = Box::pin(world.call(&app_browser, batch(vec![view(0, noon())])));
    // Whichever comes first fills the log and waits for the store.
    let (refused, again, taken) = tokio::select! {
        refused = &mut one => (refused, &web_browser, other),
        refused = &mut other => (refused, &app_browser, one),
    };
    assert_asks_to_come_back(&refused.expect_err("full"));
    assert!(world.stored(&web).await.is_empty() && world.stored(&app).await.is_empty());

    world.drain(consumer);
    assert_eq!(taken.await.expect("stored").verdicts[0].verdict(), Verdict::Stored);
    assert_eq!(world.track(again, vec![view(0, noon())]).await, [Verdict::Stored]);
    assert_eq!((world.stored(&web).await.len(), world.stored(&app).await.len()), (1, 1));
}

#[tokio::test]
async fn an_unknown_outcome_may_be_sent_again_until_it_is_known() {
    let options = LocalLogOptions { max_wait: Duration::from_millis(100), ..LocalLogOptions::default() };
    let (world, consumer) = World::with_log(options, ConsentPolicy::default()).await;
    let web = world.site("web", "UTC").await;
    let request = || batch(vec![view(0, noon())]);
    assert_asks_to_come_back(&world.call(&web.browser(), request()).await.expect_err("nobody stores"));
    world.drain(consumer);
    let response = loop {
        match world.call(&web.browser(), request()).await {
            Ok(response) => break response,
            Err(again) => assert_asks_to_come_back(&again),
        }
    };
    assert_eq!(verdicts(&response), [Verdict::Duplicate], "the first attempt was in the log all the time");
    assert_eq!(world.stored(&web).await.len(), 1);
}
