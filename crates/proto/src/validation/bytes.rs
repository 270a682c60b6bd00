//! Rules on bytes.

use super::{FieldPath, Violation, report};

/// Exactly so many bytes.
pub fn len(value: &[u8], exact: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if value.len() as u64 != exact {
        report(at, violations, || format!("has {}; it needs exactly {exact}: correct it", count(value)));
    }
}

/// At least so many bytes.
pub fn min_len(value: &[u8], limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if (value.len() as u64) < limit {
        report(at, violations, || format!("has {}; it needs at least {limit}: lengthen it", count(value)));
    }
}

/// At most so many bytes.
pub fn max_len(value: &[u8], limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if value.len() as u64 > limit {
        report(at, violations, || format!("has {}; at most {limit} are allowed: shorten it", count(value)));
    }
}

fn count(value: &[u8]) -> String {
    match value.len() {
        1 => "1 byte".into(),
        bytes => format!("{bytes} bytes"),
    }
}
