//! Typed properties as a JSON object: the form in which both databases keep them.

use std::collections::BTreeMap;

use analytics_domain::PropertyValue;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The text is not the JSON object that was written. Says nothing of its content, which may be anybody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("properties are not a JSON object of strings, numbers and booleans")]
pub(crate) struct UnreadableProperties;

/// Whether JSON can hold all of them: it knows no infinities.
pub(crate) fn are_finite(properties: &BTreeMap<String, PropertyValue>) -> bool {
    properties.values().all(|value| !matches!(value, PropertyValue::Number(number) if !number.is_finite()))
}

/// The object as text; none without properties. Numbers keep every bit: the workspace switches on `serde_json/float_roundtrip`.
pub(crate) fn to_json(properties: &BTreeMap<String, PropertyValue>) -> Option<String> {
    // Keys are text, and a string takes all that is written to it: serializing cannot fail.
    if properties.is_empty() { None } else { serde_json::to_string(&Object(properties)).ok() }
}

struct Object<'a>(&'a BTreeMap<String, PropertyValue>);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Scalar(value))))
    }
}

struct Scalar<'a>(&'a PropertyValue);

impl Serialize for Scalar<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            PropertyValue::String(text) => serializer.serialize_str(text),
            // What is no finite number becomes null, so callers ask first.
            PropertyValue::Number(number) => serializer.serialize_f64(*number),
            PropertyValue::Bool(yes) => serializer.serialize_bool(*yes),
        }
    }
}

/// What [`to_json`] wrote.
pub(crate) fn from_json(text: &str) -> Result<BTreeMap<String, PropertyValue>, UnreadableProperties> {
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|_| UnreadableProperties)?;
    object.into_iter().map(|(name, value)| Ok((name, value_from_json(value)?))).collect()
}

fn value_from_json(value: Value) -> Result<PropertyValue, UnreadableProperties> {
    match value {
        Value::String(text) => Ok(PropertyValue::String(text)),
        Value::Number(number) => number.as_f64().map(PropertyValue::Number).ok_or(UnreadableProperties),
        Value::Bool(yes) => Ok(PropertyValue::Bool(yes)),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(UnreadableProperties),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(value: PropertyValue) -> PropertyValue {
        let text = to_json(&BTreeMap::from([("p".to_owned(), value)])).unwrap();
        from_json(&text).unwrap().remove("p").unwrap()
    }

    #[test]
    fn numbers_keep_every_bit() {
        let mut numbers =
            vec![0.0, -0.0, 1.0, 1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 9_007_199_254_740_993.0];
        // A xorshift over all bit patterns: shortest forms that a careless parser rounds wrongly are rare.
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            numbers.push(f64::from_bits(bits));
        }
        for number in numbers.into_iter().filter(|number| number.is_finite()) {
            let PropertyValue::Number(read) = round_trip(PropertyValue::Number(number)) else {
                panic!("{number:?} came back as another type");
            };
            assert_eq!(read.to_bits(), number.to_bits(), "{number:?} came back as {read:?}");
        }
    }

    #[test]
    fn types_are_kept_apart() {
        for value in ["1", "1.0", "true", "null", "", "\u{0}\"\\\u{1f600}"] {
            assert_eq!(round_trip(PropertyValue::String(value.into())), PropertyValue::String(value.into()));
        }
        assert_eq!(round_trip(PropertyValue::Bool(true)), PropertyValue::Bool(true));
        assert_eq!(round_trip(PropertyValue::Number(1.0)), PropertyValue::Number(1.0));
    }

    #[test]
    fn other_json_is_refused_without_being_quoted() {
        for text in ["[]", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":", ""] {
            assert_eq!(from_json(text), Err(UnreadableProperties), "{text}");
        }
    }
}
