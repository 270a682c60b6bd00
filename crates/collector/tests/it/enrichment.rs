//! What is kept of an event.

use analytics_domain::{Channel, DeviceClass, Event, EventKind, Money, PropertyValue, ScreenClass};
use analytics_proto::v1::{self, Verdict, property_value::Value};

use crate::world::{World, noon, view};

#[tokio::test]
async fn an_event_is_stored_with_what_may_be_known_of_it() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let property = |name: &str, value: Value| (name.to_owned(), v1::PropertyValue { value: Some(value) });
    let sent = v1::Event {
        kind: v1::EventKind::Conversion.into(),
        name: "order".to_owned(),
        url: "https://Shop.Example:8443/a/b?utm_source=News&session=1#top".to_owned(),
        referrer: "https://www.search.example/?q=secret".to_owned(),
        properties: [
            property("plan", Value::StringValue("pro".to_owned())),
            property("seats", Value::NumberValue(3.0)),
            property("trial", Value::BoolValue(false)),
            property("password", Value::StringValue("hunter2".to_owned())),
            ("absent".to_owned(), v1::PropertyValue { value: None }),
        ]
        .into(),
        value: Some(v1::Money { currency_code: "EUR".to_owned(), amount_micros: 12_500_000 }),
        sequence: Some(4),
        language: "de-CH".to_owned(),
        screen_width_px: Some(1000),
        ..view(0, noon())
    };
    assert_eq!(world.track(&web.browser(), vec![sent]).await, [Verdict::Stored]);
    let stored = world.stored(&web).await.remove(0);
    let some = |text: &str| Some(text.to_owned());
    assert!(stored.actor.visitor.is_some());
    let expected = Event {
        event_id: stored.event_id,
        occurred_at: noon(),
        time: noon().to_millis(),
        visitor_day: stored.visitor_day,
        kind: EventKind::Conversion,
        name: "order".to_owned(),
        actor: stored.actor,
        interactive: true,
        sequence: Some(4),
        host: some("shop.example"),
        page: some("/a/b"),
        referrer: some("search.example"),
        utm_source: some("News"),
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        click_id: None,
        channel: Some(Channel::OtherCampaign),
        country: None,
        region: None,
        city: None,
        browser: some("Firefox"),
        os: some("Linux"),
        device: Some(DeviceClass::Desktop),
        language: some("de-CH"),
        screen_class: Some(ScreenClass::Laptop),
        value: Some(Money { currency_code: "EUR".to_owned(), amount_micros: 12_500_000 }),
        properties: [
            ("plan".to_owned(), PropertyValue::String("pro".to_owned())),
            ("seats".to_owned(), PropertyValue::Number(3.0)),
            ("trial".to_owned(), PropertyValue::Bool(false)),
        ]
        .into(),
    };
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn kinds_have_names_and_decide_what_is_interactive() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let kinds = [v1::EventKind::View, v1::EventKind::Click, v1::EventKind::Conversion, v1::EventKind::FunnelStep];
    let of_kind = |(number, kind): (usize, v1::EventKind)| v1::Event { kind: kind.into(), ..view(number, noon()) };
    let mut events: Vec<v1::Event> = kinds.into_iter().enumerate().map(of_kind).collect();
    let heartbeat = v1::Event { name: "heartbeat".to_owned(), interactive: Some(false), ..view(4, noon()) };
    events.push(v1::Event { kind: v1::EventKind::Custom.into(), ..heartbeat });
    events.push(v1::Event { name: "screen".to_owned(), interactive: Some(true), ..view(5, noon()) });
    assert_eq!(world.track(&web.browser(), events).await, [Verdict::Stored; 6]);
    let stored = world.stored(&web).await;
    let told: Vec<(&str, bool)> = stored.iter().map(|event| (event.name.as_str(), event.interactive)).collect();
    let expected = [
        ("view", false),
        ("click", true),
        ("conversion", true),
        ("funnel_step", true),
        ("heartbeat", false),
        ("screen", true),
    ];
    assert_eq!(told, expected);
}
