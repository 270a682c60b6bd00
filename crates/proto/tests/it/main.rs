//! The rules of the contract where a service leans on them.

use analytics_proto::v1::{self, Event, PropertyValue, TrackRequest, filter, property_value};
use analytics_proto::validation::Validate;

fn event() -> Event {
    Event {
        event_id: "0197e2a8-5c00-7000-8000-000000000001".into(),
        occurred_at: Some(pbjson_types::Timestamp::default()),
        kind: v1::EventKind::View.into(),
        ..Event::default()
    }
}

fn fields(message: &impl Validate) -> Vec<String> {
    message.validate().into_iter().map(|violation| violation.field).collect()
}

#[test]
fn a_batch_is_checked_apart_from_its_events() {
    let bad = Event { event_id: "1".into(), ..event() };
    let request = TrackRequest { events: vec![event(), bad.clone()], ..TrackRequest::default() };
    assert_eq!(fields(&request), [""; 0]);
    assert_eq!(fields(&event()), [""; 0]);
    assert_eq!(fields(&bad), ["event_id"]);

    let empty = TrackRequest { project: "web".into(), ..TrackRequest::default() };
    assert_eq!(fields(&empty), ["project", "events"]);
    let too_many = TrackRequest { events: vec![event(); 1001], ..TrackRequest::default() };
    assert_eq!(fields(&too_many), ["events"]);
}

#[test]
fn a_property_is_named_by_its_key() {
    let value = property_value::Value::StringValue("x".repeat(1025));
    let property = PropertyValue { value: Some(value) };
    let event = Event { properties: [("plan".into(), property)].into(), ..event() };
    assert_eq!(fields(&event), [r#"properties["plan"].string_value"#]);
}

#[test]
fn a_filter_tree_is_checked_to_its_leaves() {
    let empty = v1::Filter { node: None };
    let list = v1::FilterList { filters: vec![empty] };
    let not = v1::Filter { node: Some(filter::Node::All(list)) };
    let tree = v1::Filter { node: Some(filter::Node::Not(Box::new(not))) };
    assert_eq!(fields(&tree), ["not.all.filters[0].node"]);
}
