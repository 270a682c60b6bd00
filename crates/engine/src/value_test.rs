use analytics_domain::{FilterTest, PropertyValue};
use analytics_segment::ValueRef;

/// Whether a value passes a test. Values of different types are never equal, and no other comparison holds between them; an absent
/// one passes `NotEquals` and `Absent` only.
pub(crate) fn passes(test: &FilterTest, value: Option<ValueRef<'_>>) -> bool {
    let Some(value) = value else {
        return matches!(test, FilterTest::NotEquals(_) | FilterTest::Absent);
    };
    let text = |holds: &dyn Fn(&str) -> bool| matches!(value, ValueRef::Text(text) if holds(text));
    let number = |holds: &dyn Fn(f64) -> bool| matches!(value, ValueRef::Number(number) if holds(number));
    match test {
        FilterTest::Equals(other) => is(value, other),
        FilterTest::NotEquals(other) => !is(value, other),
        FilterTest::OneOf(others) => others.iter().any(|other| is(value, other)),
        FilterTest::Contains(part) => text(&|text| text.contains(part.as_str())),
        FilterTest::StartsWith(start) => text(&|text| text.starts_with(start.as_str())),
        FilterTest::MatchesWildcard(pattern) => text(&|text| matches_wildcard(pattern, text)),
        FilterTest::Exists => true,
        FilterTest::Absent => false,
        FilterTest::GreaterThan(bound) => number(&|number| number > *bound),
        FilterTest::AtLeast(bound) => number(&|number| number >= *bound),
        FilterTest::LessThan(bound) => number(&|number| number < *bound),
        FilterTest::AtMost(bound) => number(&|number| number <= *bound),
    }
}

/// Whether both are the same value.
fn is(value: ValueRef<'_>, other: &PropertyValue) -> bool {
    match (value, other) {
        (ValueRef::Text(one), PropertyValue::String(two)) => one == two,
        (ValueRef::Number(one), PropertyValue::Number(two)) => one == *two,
        (ValueRef::Bool(one), PropertyValue::Bool(two)) => one == *two,
        _ => false,
    }
}

/// Finds each part between stars at its first place after the one before: no other place can do better, so there is no going back.
fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_nothing_else_is_special() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "ab", true),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a*", "/a", true),
            ("/a*b", "/ab", true),
            ("/a*b", "/axxb", true),
            ("/a*b", "/a", false),
            ("ab*ba", "aba", false),
            ("a*bc*bc", "abcbc", true),
            ("a*bc*bc", "abc", false),
            ("*ä*", "Käse", true),
            ("*.?", "a.b", false),
            ("a*a*a", "aa", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches_wildcard(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_does_not_take_for_ever() {
        let pattern = "*a".repeat(500) + "b";
        assert!(!matches_wildcard(&pattern, &"a".repeat(1_000_000)));
    }

    #[test]
    fn values_of_different_types_are_never_equal_and_nothing_else_holds_between_them() {
        let one = ValueRef::Number(1.0);
        let text = PropertyValue::String("1".to_owned());
        assert!(!passes(&FilterTest::Equals(text.clone()), Some(one)));
        assert!(passes(&FilterTest::NotEquals(text.clone()), Some(one)));
        assert!(passes(&FilterTest::NotEquals(text), None));
        assert!(!passes(&FilterTest::AtLeast(0.0), Some(ValueRef::Text("1"))));
        assert!(passes(&FilterTest::Equals(PropertyValue::Number(-0.0)), Some(ValueRef::Number(0.0))));
    }
}
