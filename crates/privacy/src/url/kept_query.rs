//! Parameters of a query that a project keeps as part of its pages.

use super::{
    path::{REDACTED, without_controls},
    percent::decode_fully,
};
use crate::{
    is_secret_property_name,
    personal::{Surroundings, personal_data},
};

/// Appends the kept parameters to a page, in the order in which the project lists them, whatever the order in the query: so one page has
/// one name. A parameter without a value is left out; of one that stands twice the first with a value counts. Names are those of the
/// list, values stay as sent or are `:redacted` as a whole.
pub(super) fn append_kept_parameters(page: &mut String, query: &str, kept: &[String]) {
    let mut separator = '?';
    for name in kept {
        let value_of = |pair| {
            let (key, value): (&str, &str) = str::split_once(pair, '=')?;
            (!value.is_empty() && *decode_fully(&key.replace('+', " ")) == *name.as_bytes()).then_some(value)
        };
        if let Some(value) = query.split('&').find_map(value_of) {
            page.push(separator);
            page.push_str(name);
            page.push('=');
            if is_secret_property_name(name) || is_personal(name, value) {
                page.push_str(REDACTED);
            } else {
                page.push_str(without_controls(value).trim());
            }
            separator = '&';
        }
    }
}

/// Whether the value as a whole looks personal behind this name, or a part of it behind the one before: values may be paths and queries
/// in their turn.
fn is_personal(name: &str, value: &str) -> bool {
    let spaced = without_controls(value).replace('+', " ");
    let as_sent = decode_fully(value);
    let decoded = decode_fully(&spaced);
    // A plus may be a space, or the sign of an international number.
    [as_sent, decoded].iter().any(|decoded| {
        let mut previous = name.as_bytes();
        let parts = decoded.split(|byte| b"/?&=;#".contains(byte));
        personal_data(decoded, Surroundings::PathAfter(previous)).is_some()
            || parts.into_iter().any(|part| {
                let found = personal_data(part, Surroundings::PathAfter(previous)).is_some();
                previous = part;
                found
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str, kept: &[&str]) -> String {
        let mut page = "/p".to_owned();
        let kept: Vec<String> = kept.iter().map(|&name| name.to_owned()).collect();
        append_kept_parameters(&mut page, query, &kept);
        page
    }

    #[test]
    fn kept_parameters_stand_in_the_order_of_the_list() {
        for (query, expected) in [
            ("b=2&a=1&c=3", "/p?a=1&b=2"),
            ("b=2", "/p?b=2"),
            ("a=&b&a=1&a=2", "/p?a=1"),
            ("%61=x%20y", "/p?a=x%20y"),
            ("A=1&c=3", "/p"),
            ("a=1=2", "/p?a=1=2"),
            ("", "/p"),
        ] {
            assert_eq!(page(query, &["a", "b"]), expected, "{query}");
        }
        assert_eq!(page("a=1", &[]), "/p");
    }

    #[test]
    fn values_are_cleaned_as_parts_of_a_path() {
        for (query, expected) in [
            ("q=alice%40example.com", "/p?q=:redacted"),
            ("q=%2B49+30+1234567", "/p?q=:redacted"),
            ("q=+49301234567", "/p?q=:redacted"),
            ("q=550e8400-e29b-41d4-a716-446655440000", "/p?q=:redacted"),
            ("q=/u/alice@example.com/x", "/p?q=:redacted"),
            ("q=next%3Fphone%3D2025550143", "/p?q=:redacted"),
            ("phone=2025550143", "/p?phone=:redacted"),
            ("token=1", "/p?token=:redacted"),
            ("q=blue+shoes&page=17", "/p?q=blue+shoes&page=17"),
        ] {
            assert_eq!(page(query, &["q", "page", "phone", "token"]), expected, "{query}");
        }
    }
}
