//! What is dropped is counted by the step and the reason, and leaves no other trace.

use analytics_domain::{ConsentPolicy, IngestSettings};
use analytics_proto::v1::{self, Verdict};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::world::{FIREFOX, GOOGLEBOT, HOME, World, at, from, noon, view};

#[tokio::test]
async fn every_event_is_counted_once_by_what_became_of_it() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let counters = recorder.handle();
    let _recorded = metrics::set_default_local_recorder(&recorder);

    let world = World::new().await;
    let ingest = IngestSettings {
        consent: ConsentPolicy::Drop,
        own_networks: vec!["198.51.100.0/24".parse().expect("a network")],
        blocked_pages: vec!["/intern/*".to_owned()],
        ..Default::default()
    };
    let web = world.site_with("web", "UTC", ingest).await;
    let home = |number, user_agent, time| from(HOME, user_agent, view(number, time));
    let objecting = v1::ConsentSignals { do_not_track: true, global_privacy_control: true };
    let sent = vec![
        home(0, FIREFOX, noon()),
        home(1, GOOGLEBOT, noon()),
        home(2, GOOGLEBOT, noon()),
        v1::Event { consent_signals: Some(objecting), ..home(3, GOOGLEBOT, noon()) },
        v1::Event { kind: 0, ..home(4, FIREFOX, noon()) },
        home(5, FIREFOX, at("2026-03-02T13:00:00Z")),
        from("198.51.100.8", FIREFOX, view(7, noon())),
        v1::Event { url: "https://shop.example/intern/a".to_owned(), ..home(8, FIREFOX, noon()) },
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
        r#"dropped_total{step="bots",reason="FILTER_RULE_BOT"} 2"#,
        r#"dropped_total{step="clock",reason="ERROR_REASON_CLOCK_SKEW"} 1"#,
        r#"dropped_total{step="clock",reason="ERROR_REASON_TOO_LATE"} 1"#,
        r#"dropped_total{step="consent",reason="FILTER_RULE_CONSENT"} 1"#,
        r#"dropped_total{step="rules",reason="FILTER_RULE_BLOCKED"} 1"#,
        r#"dropped_total{step="rules",reason="FILTER_RULE_OWN_TRAFFIC"} 1"#,
        r#"dropped_total{step="shape",reason="ERROR_REASON_INVALID_FIELD"} 1"#,
        "events_total 1",
    ];
    assert_eq!(told, expected);
    let steps = ["shape", "consent", "bots", "clock", "url", "channel", "agent", "geo", "rules", "visitor", "forget"];
    for step in steps {
        let timed = format!("analytics_collector_step_duration_seconds_count{{step=\"{step}\"}} 2");
        assert!(rendered.contains(&timed), "{timed}: {rendered}");
    }
}
