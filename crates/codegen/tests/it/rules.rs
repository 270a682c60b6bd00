//! Each rule kind, kept and broken.

use crate::assert_violations;
use crate::v1::{Child, Color, Everything};

fn valid() -> Everything {
    Everything {
        uuid: "01234567-89ab-7def-8123-456789ABCDEF".into(),
        chars: "äöüß".into(),
        octets: "äö".into(),
        pattern: "ABC".into(),
        size: "M".into(),
        digest: vec![0; 4].into(),
        token: vec![0; 3].into(),
        int32_between: 9,
        int64_between: -5,
        uint32_at_most: 7,
        uint64_below: u64::MAX - 1,
        double_between: 1.0,
        double_finite: f64::MAX,
        color: Color::Blue.into(),
        warm: Color::Red.into(),
        tags: vec!["a".into(), "b".into(), "c".into()],
        palette: vec![Color::Red.into(), Color::Blue.into()],
        limits: [("a".into(), 0), ("k".repeat(70), 1)].into(),
        by_number: [(-1, Child { name: "x".into() })].into(),
        only_keys: [("a".into(), false)].into(),
        off: "no uuid".into(),
    }
}

type Change = fn(&mut Everything);

#[test]
fn a_message_that_keeps_every_rule_has_no_violations() {
    assert_violations(&valid(), &[]);
}

#[test]
fn each_broken_rule_is_told_with_its_limit_and_what_to_do() {
    let uuid = "is not a UUID: send one as 01234567-89ab-7def-8123-456789abcdef";
    let cases: &[(Change, &str, &str)] = &[
        (|m| m.uuid = String::new(), "uuid", uuid),
        (|m| m.uuid = "0123456789ab7def8123456789abcdef".into(), "uuid", uuid),
        (|m| m.uuid = "01234567-89ab-7def-8123-456789abcdeg".into(), "uuid", uuid),
        (|m| m.uuid = "01234567089ab-7def-8123-456789abcdef".into(), "uuid", uuid),
        (|m| m.chars = String::new(), "chars", "is empty; it needs at least 2 characters: set it"),
        (|m| m.chars = "ä".into(), "chars", "has 1 character; it needs at least 2: lengthen it"),
        (|m| m.chars = "äöüßä".into(), "chars", "has 5 characters; at most 4 are allowed: shorten it"),
        (|m| m.octets = "a".into(), "octets", "has 1 byte; it needs at least 2: lengthen it"),
        (|m| m.octets = "äöü".into(), "octets", "has 6 bytes; at most 4 are allowed: shorten it"),
        (|m| m.pattern = "ABC\n".into(), "pattern", "does not match the pattern ^[A-Z]{3}$: correct it"),
        (|m| m.size = "L".into(), "size", "is not an allowed value: send one of S, M"),
        (|m| m.digest = vec![0; 3].into(), "digest", "has 3 bytes; it needs exactly 4: correct it"),
        (|m| m.digest = vec![0; 5].into(), "digest", "has 5 bytes; it needs exactly 4: correct it"),
        (|m| m.token = vec![].into(), "token", "has 0 bytes; it needs at least 1: lengthen it"),
        (|m| m.token = vec![0; 4].into(), "token", "has 4 bytes; at most 3 are allowed: shorten it"),
        (|m| m.int32_between = 0, "int32_between", "is 0: send a number that is greater than 0"),
        (|m| m.int32_between = 10, "int32_between", "is 10: send a number that is less than 10"),
        (|m| m.int64_between = -6, "int64_between", "is -6: send a number that is at least -5"),
        (|m| m.int64_between = 6, "int64_between", "is 6: send a number that is at most 5"),
        (|m| m.uint32_at_most = 8, "uint32_at_most", "is 8: send a number that is at most 7"),
        (
            |m| m.uint64_below = u64::MAX,
            "uint64_below",
            "is 18446744073709551615: send a number that is less than 18446744073709551615",
        ),
        (|m| m.double_between = 0.5, "double_between", "is 0.5: send a number that is greater than 0.5"),
        (|m| m.double_between = 1.5, "double_between", "is 1.5: send a number that is at most 1"),
        (|m| m.double_finite = f64::INFINITY, "double_finite", "is inf: send a finite number, or leave it unset"),
        (|m| m.double_finite = f64::NAN, "double_finite", "is NaN: send a finite number, or leave it unset"),
        (|m| m.color = 0, "color", "is COLOR_UNSPECIFIED, which is not allowed here: send another value"),
        (|m| m.color = 9, "color", "is 9, which this server does not know: send a value of the contract"),
        (|m| m.warm = 2, "warm", "is not an allowed value: send one of COLOR_UNSPECIFIED, COLOR_RED"),
        (|m| m.tags = vec![], "tags", "has 0 items; it needs at least 1: send more"),
        (
            |m| m.tags = ["a", "b", "c", "d"].map(String::from).to_vec(),
            "tags",
            "has 4 items; at most 3 are allowed: send fewer",
        ),
        (|m| m.tags[2] = "a".into(), "tags", "has equal items at 0 and 2: send each once"),
        (|m| m.tags[1] = String::new(), "tags[1]", "is empty; it needs at least 1 character: set it"),
        (|m| m.palette[1] = 1, "palette", "has equal items at 0 and 1: send each once"),
        (|m| m.palette[1] = 9, "palette[1]", "is 9, which this server does not know: send a value of the contract"),
        (|m| m.limits.clear(), "limits", "has 0 entries; it needs at least 1: send more"),
        (|m| m.limits.extend([("b".into(), 1)]), "limits", "has 3 entries; at most 2 are allowed: send fewer"),
        (|m| m.limits = [("q\"".into(), -1)].into(), r#"limits["q\""]"#, "is -1: send a number that is at least 0"),
        (
            |m| m.limits = [(String::new(), 1)].into(),
            r#"limits[""]"#,
            "the key is empty; it needs at least 1 character: set it",
        ),
        (
            |m| m.limits = [("k".repeat(71), 1)].into(),
            r#"limits["kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…"]"#,
            "the key has 71 characters; at most 70 are allowed: shorten it",
        ),
        (
            |m| m.by_number = [(-7, Child::default())].into(),
            "by_number[-7].name",
            "is empty; it needs at least 1 character: set it",
        ),
        (
            |m| m.only_keys = [(String::new(), true)].into(),
            r#"only_keys[""]"#,
            "the key is empty; it needs at least 1 character: set it",
        ),
    ];
    for (change, field, description) in cases {
        let mut message = valid();
        change(&mut message);
        assert_violations(&message, &[(field, description)]);
    }
}

#[test]
fn what_is_not_a_number_breaks_every_bound() {
    let mut message = valid();
    message.double_between = f64::NAN;
    assert_violations(
        &message,
        &[
            ("double_between", "is NaN: send a number that is at most 1"),
            ("double_between", "is NaN: send a number that is greater than 0.5"),
        ],
    );
}
