use std::sync::Arc;

use analytics_domain::ports::Notifier;
use analytics_stream::local::{LocalNotifier, NotifierOptions};

async fn fresh_notifier(max_hints_behind: usize) -> Arc<dyn Notifier> {
    Arc::new(LocalNotifier::new(NotifierOptions { max_hints_behind }))
}

analytics_testkit::notifier_suite!(fresh_notifier);

#[tokio::test]
async fn a_subscription_ends_with_its_notifier() {
    let notifier = LocalNotifier::new(NotifierOptions::default());
    let mut subscription = notifier.subscribe().await.expect("it works");
    drop(notifier);
    assert_eq!(subscription.next().await, None);
}
