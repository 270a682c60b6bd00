//! What the reply says of each event, and what is stored.

use analytics_proto::v1::{
    self, AckLevel, ErrorReason, EventKind, Verdict, VerdictCounts, property_value::Value::NumberValue,
    property_value::Value::StringValue,
};
use tonic::Code;

use crate::world::{World, batch, noon, plus, reason_of, timestamp, verdicts, view};

fn property(name: &str, value: v1::property_value::Value) -> (String, v1::PropertyValue) {
    (name.to_owned(), v1::PropertyValue { value: Some(value) })
}

#[tokio::test]
async fn a_bad_event_is_rejected_by_its_field_and_its_neighbours_are_stored() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let good = |number| view(number, noon());
    let text = |length| "x".repeat(length);
    let many = (0..33).map(|number| property(&format!("p{number}"), NumberValue(1.0))).collect();
    let money = v1::Money { currency_code: "eur".to_owned(), amount_micros: 1 };
    let beyond = pbjson_types::Timestamp { seconds: 253_402_300_800, nanos: 0 };
    let bad = [
        ("event_id", v1::Event { event_id: "order-17".to_owned(), ..good(99) }),
        ("occurred_at", v1::Event { occurred_at: None, ..good(99) }),
        ("occurred_at", v1::Event { occurred_at: Some(beyond), ..good(99) }),
        ("occurred_at", v1::Event { occurred_at: Some(pbjson_types::Timestamp { seconds: 0, nanos: -1 }), ..good(99) }),
        ("kind", v1::Event { kind: 0, ..good(99) }),
        ("kind", v1::Event { kind: 77, ..good(99) }),
        ("name", v1::Event { kind: EventKind::Custom.into(), ..good(99) }),
        ("name", v1::Event { name: text(65), ..good(99) }),
        ("url", v1::Event { url: text(4097), ..good(99) }),
        ("user_id", v1::Event { user_id: text(257), ..good(99) }),
        ("properties", v1::Event { properties: many, ..good(99) }),
        (
            r#"properties["plan"].string_value"#,
            v1::Event { properties: [property("plan", StringValue(text(1025)))].into(), ..good(99) },
        ),
        (
            r#"properties["n"].number_value"#,
            v1::Event { properties: [property("n", NumberValue(f64::NAN))].into(), ..good(99) },
        ),
        ("value.currency_code", v1::Event { value: Some(money), ..good(99) }),
        ("sequence", v1::Event { sequence: Some(-1), ..good(99) }),
        ("name", v1::Event { name: "a\0b".to_owned(), ..good(99) }),
        ("url", v1::Event { url: "/a\0b".to_owned(), ..good(99) }),
        ("language", v1::Event { language: "\0".to_owned(), ..good(99) }),
        ("properties", v1::Event { properties: [property("a\0", NumberValue(1.0))].into(), ..good(99) }),
        (
            r#"properties["plan"].string_value"#,
            v1::Event { properties: [property("plan", StringValue("\0".to_owned()))].into(), ..good(99) },
        ),
    ];
    let events = bad.iter().enumerate().flat_map(|(number, (_, bad))| [good(number), bad.clone()]).collect();
    let response = world.call(&web.browser(), batch(events)).await.expect("taken");

    assert_eq!(response.verdicts.len(), 2 * bad.len());
    for (pair, (field, event)) in response.verdicts.chunks(2).zip(&bad) {
        assert_eq!(pair[0], v1::EventVerdict { verdict: Verdict::Stored.into(), ..Default::default() });
        let rejected = &pair[1];
        assert_eq!((rejected.verdict(), rejected.field.as_str()), (Verdict::Rejected, *field), "{event:?}");
        assert_eq!(rejected.reason(), ErrorReason::InvalidField);
        assert!(!rejected.description.is_empty());
    }
    let count = bad.len() as i64;
    assert_eq!(response.counts, Some(VerdictCounts { stored: count, rejected: count, ..Default::default() }));
    let stored: Vec<u128> =
        world.stored(&web).await.iter().map(|event| u128::from_be_bytes(event.event_id.0)).collect();
    assert_eq!(stored, (0..bad.len() as u128).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_batch_without_a_good_event_is_no_failure() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let bad = v1::Event { kind: 0, ..view(0, noon()) };
    assert_eq!(world.track(&web.browser(), vec![bad]).await, [Verdict::Rejected]);
    assert!(world.stored(&web).await.is_empty());
}

#[tokio::test]
async fn an_identity_counts_once_and_the_first_one_stays() {
    let world = World::new().await;
    let (web, app) = (world.site("web", "UTC").await, world.site("app", "UTC").await);
    let first = view(1, noon());
    let copy = v1::Event { url: "/elsewhere".to_owned(), ..first.clone() };
    let other_time = view(1, plus(noon(), 1));
    let sent = vec![first.clone(), copy.clone(), other_time];
    assert_eq!(world.track(&web.browser(), sent).await, [Verdict::Stored, Verdict::Duplicate, Verdict::Stored]);
    assert_eq!(world.track(&web.browser(), vec![copy.clone()]).await, [Verdict::Duplicate]);
    assert_eq!(world.track(&app.browser(), vec![copy]).await, [Verdict::Stored], "another project");

    let stored = world.stored(&web).await;
    assert_eq!(stored.iter().map(|event| event.page.as_deref()).collect::<Vec<_>>(), [Some("/page"); 2]);
    assert_eq!(world.stored(&app).await.len(), 1);
}

#[tokio::test]
async fn the_embedded_log_tells_the_outcome_at_every_ack_level() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    for (number, level) in [AckLevel::Unspecified, AckLevel::Durable, AckLevel::Committed].into_iter().enumerate() {
        let request = v1::TrackRequest { ack_level: level.into(), ..batch(vec![view(number, noon())]) };
        for expected in [Verdict::Stored, Verdict::Duplicate] {
            let response = world.call(&web.browser(), request.clone()).await.expect("taken");
            assert_eq!((verdicts(&response), response.commit_unknown), (vec![expected], false), "{level:?}");
        }
    }
    let request = v1::TrackRequest { ack_level: 9, ..batch(vec![view(9, noon())]) };
    let refused = world.call(&web.browser(), request).await.expect_err("no such level");
    assert_eq!(reason_of(&refused), (Code::InvalidArgument, Some(ErrorReason::InvalidField)));
}

#[tokio::test]
async fn the_envelope_is_refused_as_a_whole() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let one = || vec![view(0, noon())];
    let too_many = (0..1001).map(|number| view(number, noon())).collect();
    let no_instant = Some(pbjson_types::Timestamp { nanos: -1, ..timestamp(noon()) });
    for (field, request) in [
        ("events", batch(vec![])),
        ("events", batch(too_many)),
        ("sent_at", v1::TrackRequest { sent_at: no_instant, ..batch(one()) }),
        ("project", v1::TrackRequest { project: "web".to_owned(), ..batch(one()) }),
    ] {
        let refused = world.call(&web.browser(), request).await.expect_err(field);
        assert_eq!(reason_of(&refused), (Code::InvalidArgument, Some(ErrorReason::InvalidField)));
        assert!(refused.message().contains(field), "{refused}");
    }
    assert!(world.stored(&web).await.is_empty());
    let whole = (0..1000).map(|number| view(number, noon())).collect();
    assert_eq!(world.track(&web.browser(), whole).await, [Verdict::Stored; 1000]);
}
