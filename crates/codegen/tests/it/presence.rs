//! When rules apply: to what is there, unless they say otherwise.

use crate::assert_violations;
use crate::v1::Presence;

const MISSING: &str = "is required: set it";
const TOO_SHORT: &str = "has 1 character; it needs at least 2: lengthen it";

fn valid() -> Presence {
    Presence {
        required_string: "ab".into(),
        required_bytes: vec![0].into(),
        required_number: -1,
        required_bool: true,
        required_double: 0.1,
        required_list: vec![String::new()],
        required_map: [(String::new(), String::new())].into(),
        required_message: Some(pbjson_types::Timestamp::default()),
        required_optional: Some(0),
        optional_string: None,
        plain_string: "ab".into(),
        zero_ignored: String::new(),
        optional_zero_ignored: None,
        empty_list_ignored: vec![],
        empty_items_ignored: vec![String::new(), "ab".into()],
        ignored: "a".into(),
    }
}

#[test]
fn unset_fields_break_no_rule_unless_required() {
    assert_violations(&valid(), &[]);
    assert_violations(
        &Presence::default(),
        &[
            ("required_string", MISSING),
            ("required_bytes", MISSING),
            ("required_number", MISSING),
            ("required_bool", MISSING),
            ("required_double", MISSING),
            ("required_list", MISSING),
            ("required_map", MISSING),
            ("required_message", MISSING),
            ("required_optional", MISSING),
            ("plain_string", "is empty; it needs at least 2 characters: set it"),
        ],
    );
}

#[test]
fn set_fields_are_checked_by_their_rules() {
    let mut message = valid();
    message.required_string = "a".into();
    message.required_optional = Some(4);
    message.optional_string = Some(String::new());
    message.zero_ignored = "a".into();
    message.optional_zero_ignored = Some(4);
    message.empty_list_ignored = vec!["a".into()];
    message.empty_items_ignored[1] = "a".into();
    assert_violations(
        &message,
        &[
            ("required_string", TOO_SHORT),
            ("required_optional", "is 4: send a number that is at most 3"),
            ("optional_string", "is empty; it needs at least 2 characters: set it"),
            ("zero_ignored", TOO_SHORT),
            ("optional_zero_ignored", "is 4: send a number that is at least 5"),
            ("empty_list_ignored", "has 1 item; it needs at least 2: send more"),
            ("empty_items_ignored[1]", TOO_SHORT),
        ],
    );
}

#[test]
fn zero_that_is_set_explicitly_is_ignored_where_zero_is() {
    let message = Presence { optional_zero_ignored: Some(0), ..valid() };
    assert_violations(&message, &[]);
}
