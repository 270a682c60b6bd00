//! Rules on numbers. A value that is not a number (NaN) breaks every one of them.

use std::fmt::Display;

use super::{FieldPath, Violation, report};

/// Greater than the limit.
pub fn gt<N: PartialOrd + Display>(value: N, limit: N, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    check(value > limit, value, "greater than", limit, at, violations);
}

/// The limit or greater.
pub fn gte<N: PartialOrd + Display>(value: N, limit: N, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    check(value >= limit, value, "at least", limit, at, violations);
}

/// Less than the limit.
pub fn lt<N: PartialOrd + Display>(value: N, limit: N, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    check(value < limit, value, "less than", limit, at, violations);
}

/// The limit or less.
pub fn lte<N: PartialOrd + Display>(value: N, limit: N, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    check(value <= limit, value, "at most", limit, at, violations);
}

/// Neither infinite nor NaN.
pub fn finite(value: f64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if !value.is_finite() {
        report(at, violations, || format!("is {value}: send a finite number, or leave it unset"));
    }
}

fn check<N: Display>(
    is_kept: bool,
    value: N,
    relation: &str,
    limit: N,
    at: &FieldPath<'_>,
    violations: &mut Vec<Violation>,
) {
    if !is_kept {
        report(at, violations, || format!("is {value}: send a number that is {relation} {limit}"));
    }
}
