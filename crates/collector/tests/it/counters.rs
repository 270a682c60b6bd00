//! What is dropped is counted by the step and the reason, and leaves no other trace.

use analytics_domain::ConsentPolicy;
use analytics_proto::v1::{self, Verdict};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::world::{FIREFOX, GOOGLEBOT, HOME, World, at, from, noon, view};

#[tokio::test]
async fn every_event_is_counted_once_by_what_became_of_it() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let counters = recorder.handle();
    let _recorded = metrics::set_default_local_recorder(&recorder);

    let world = World::with_consent(ConsentPolicy::Drop).await;
    let web = world.site("web", "UTC").await;
    let home = |number, user_agent, time| from(HOME, user_agent, view(number, time));
    let objecting = v1::ConsentSignals { do_not_track: true, global_privacy_control: true };
    let sent = vec![
        home(0, FIREFOX, noon()),
        home(1, GOOGLEBOT, noon()),
        home(2, GOOGLEBOT, noon()),
        v1::Event { consent_signals: Some(objecting), ..home(3, GOOGLEBOT, noon()) },
        v1::Event { kind: 0, ..home(4, FIREFOX, noon()) },
        home(5, FIREFOX, at("2026-03-02T13:00:00Z")),
    ];
    world.track(&web.backend(), sent).await;
    let late = view(6, at("2026-02-01T12:00:00Z"));
    assert_eq!(world.track(&web.browser(), vec![late]).await, [Verdict::Rejected]);

    let rendered = counters.render();
    let mut told: Vec<&str> = rendered
        .lines()
        .filter_map(|line| line.strip_prefix("analytics_collector_"))
        .filter(|line| line.starts_with("events_total") || line.starts_with("dropped_total"))
        .collect();
    told.sort_unstable();
    let expected = [
        r#"dropped_total{step="agent",reason="FILTER_RULE_BOT"} 2"#,
        r#"dropped_total{step="clock",reason="ERROR_REASON_CLOCK_SKEW"} 1"#,
        r#"dropped_total{step="clock",reason="ERROR_REASON_TOO_LATE"} 1"#,
        r#"dropped_total{step="consent",reason="FILTER_RULE_CONSENT"} 1"#,
        r#"dropped_total{step="shape",reason="ERROR_REASON_INVALID_FIELD"} 1"#,
        "events_total 1",
    ];
    assert_eq!(told, expected);
}
