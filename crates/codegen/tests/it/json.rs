//! The proto3 JSON of generated messages.

use serde_json::json;

use crate::v1::{Child, Color, Everything, Presence};

#[test]
fn messages_are_written_as_proto3_json_writes_them() {
    let message = Everything {
        int64_between: -5,
        digest: vec![0xfb, 0xff].into(),
        color: Color::Blue.into(),
        int32_between: 3,
        by_number: [(7, Child { name: "x".into() })].into(),
        ..Everything::default()
    };
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({
            "int64Between": "-5",
            "digest": "+/8=",
            "color": "COLOR_BLUE",
            "int32Between": 3,
            "byNumber": {"7": {"name": "x"}},
        })
    );
}

#[test]
fn the_forms_that_proto3_json_allows_are_read() {
    let message: Everything = serde_json::from_value(json!({
        "int64Between": 4,
        "int32_between": "3",
        "digest": "-_8",
        "color": 2,
        "palette": ["COLOR_RED"],
        "uint64Below": "18446744073709551614",
        "doubleFinite": "Infinity",
    }))
    .unwrap();
    let expected = Everything {
        int64_between: 4,
        int32_between: 3,
        digest: vec![0xfb, 0xff].into(),
        color: 2,
        palette: vec![1],
        uint64_below: 18_446_744_073_709_551_614,
        double_finite: f64::INFINITY,
        ..Everything::default()
    };
    assert_eq!(message, expected);
}

// The written offset is `+00:00`, not the usual `Z`; readers of proto3 JSON take both.
#[test]
fn times_are_written_in_rfc_3339() {
    let message: Presence = serde_json::from_value(json!({"requiredMessage": "2015-05-17T10:05:03.25+02:00"})).unwrap();
    let time = message.required_message.as_ref().unwrap();
    assert_eq!((time.seconds, time.nanos), (1_431_849_903, 250_000_000));
    assert_eq!(serde_json::to_value(&message).unwrap(), json!({"requiredMessage": "2015-05-17T08:05:03.250+00:00"}));
}

#[test]
fn unknown_fields_and_values_are_refused_with_their_names() {
    let read = |value| serde_json::from_value::<Everything>(value).unwrap_err().to_string();
    assert!(read(json!({"nope": 1})).contains("unknown field `nope`"));
    assert!(read(json!({"color": "COLOR_GREEN"})).contains("unknown variant `COLOR_GREEN`"));
    assert!(read(json!({"uuid": 1})).contains("expected a string"));
    assert!(serde_json::from_value::<Everything>(json!({"int32Between": 4_000_000_000_u32})).is_err());
}
