//! Rules on lists.

use std::collections::HashMap;
use std::hash::Hash;

use super::{FieldPath, Violation, report};

/// At least so many items.
pub fn min_items<T>(items: &[T], limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if (items.len() as u64) < limit {
        report(at, violations, || format!("has {}; it needs at least {limit}: send more", count(items)));
    }
}

/// At most so many items.
pub fn max_items<T>(items: &[T], limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if items.len() as u64 > limit {
        report(at, violations, || format!("has {}; at most {limit} are allowed: send fewer", count(items)));
    }
}

/// No two equal items.
pub fn unique<T: Eq + Hash>(items: &[T], at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    let mut positions = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Some(earlier) = positions.insert(item, index) {
            report(at, violations, || format!("has equal items at {earlier} and {index}: send each once"));
            return;
        }
    }
}

fn count<T>(items: &[T]) -> String {
    match items.len() {
        1 => "1 item".into(),
        items => format!("{items} items"),
    }
}
