//! Rules on whether something is there at all.

use super::{FieldPath, Violation, report};

/// Reports a required field that is not there.
pub fn missing(at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    report(at, violations, || "is required: set it".into());
}

/// Reports a required oneof of which no member is set.
pub fn missing_oneof(members: &[&str], at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    report(at, violations, || format!("is required: set one of {}", members.join(", ")));
}
