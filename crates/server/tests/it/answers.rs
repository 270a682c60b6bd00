//! Answers of `analytics query … --json`, read as plain values to compare with.

use serde_json::Value;

/// A count: proto3 JSON writes 64-bit integers as text.
pub(crate) fn count(value: &Value) -> i64 {
    value["count"].as_str().unwrap_or_else(|| panic!("{value} is no count")).parse().expect("digits")
}

/// A number, or none when it is absent.
pub(crate) fn number(value: &Value) -> Option<f64> {
    value.get("number").map(|number| number.as_f64().expect("a number"))
}

/// A dimension value that is text, or none when it is absent.
pub(crate) fn text(value: &Value) -> Option<String> {
    value.get("stringValue").map(|text| text.as_str().expect("text").to_owned())
}

/// An array, empty when it is left out as proto3 JSON does.
pub(crate) fn list<'a>(message: &'a Value, field: &str) -> &'a [Value] {
    message.get(field).map_or(&[], |list| list.as_array().expect("an array").as_slice())
}

/// Rates and means are quotients of integers: they must agree to the last digits.
pub(crate) fn assert_close(what: &str, ours: Option<f64>, theirs: Option<f64>) {
    match (ours, theirs) {
        (None, None) => {}
        (Some(ours), Some(theirs)) if (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0) => {}
        _ => panic!("{what}: {ours:?}, but the naive count says {theirs:?}"),
    }
}
