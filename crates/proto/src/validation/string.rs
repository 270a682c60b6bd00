//! Rules on text.

use std::sync::OnceLock;

use regex::Regex;

use super::{FieldPath, Violation, report};

/// A regular expression, compiled when it is first used.
pub struct Pattern {
    source: &'static str,
    regex: OnceLock<Regex>,
}

impl Pattern {
    /// A pattern from its source, which the code generator has compiled before it wrote it down.
    pub const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    fn is_match(&self, value: &str) -> bool {
        let regex =
            self.regex.get_or_init(|| Regex::new(self.source).expect("the code generator compiled this pattern"));
        regex.is_match(value)
    }
}

/// At least so many Unicode characters.
pub fn min_len(value: &str, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    let chars = value.chars().count() as u64;
    if chars < limit {
        report(at, violations, || match chars {
            0 => format!("is empty; it needs at least {limit} {}: set it", noun(limit)),
            _ => format!("has {chars} {}; it needs at least {limit}: lengthen it", noun(chars)),
        });
    }
}

/// At most so many Unicode characters.
pub fn max_len(value: &str, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    // No text has more characters than bytes, so most need no counting.
    if value.len() as u64 > limit {
        let chars = value.chars().count() as u64;
        if chars > limit {
            report(at, violations, || format!("has {chars} {}; at most {limit} are allowed: shorten it", noun(chars)));
        }
    }
}

/// At least so many bytes of UTF-8.
pub fn min_bytes(value: &str, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    super::bytes::min_len(value.as_bytes(), limit, at, violations);
}

/// At most so many bytes of UTF-8.
pub fn max_bytes(value: &str, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    super::bytes::max_len(value.as_bytes(), limit, at, violations);
}

/// A text in which the pattern is found.
pub fn pattern(value: &str, pattern: &Pattern, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if !pattern.is_match(value) {
        report(at, violations, || format!("does not match the pattern {}: correct it", pattern.source));
    }
}

/// A UUID in its usual form of 36 characters, in either case.
pub fn uuid(value: &str, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    let is_uuid = value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !is_uuid {
        report(at, violations, || "is not a UUID: send one as 01234567-89ab-7def-8123-456789abcdef".into());
    }
}

/// One of these texts.
pub fn one_of(value: &str, allowed: &[&str], at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if !allowed.contains(&value) {
        report(at, violations, || format!("is not an allowed value: send one of {}", allowed.join(", ")));
    }
}

fn noun(chars: u64) -> &'static str {
    if chars == 1 { "character" } else { "characters" }
}
