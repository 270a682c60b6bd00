//! Rules on maps.

use std::collections::BTreeMap;

use super::{FieldPath, Violation, report};

/// At least so many entries.
pub fn min_pairs<K, V>(map: &BTreeMap<K, V>, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if (map.len() as u64) < limit {
        report(at, violations, || format!("has {}; it needs at least {limit}: send more", count(map)));
    }
}

/// At most so many entries.
pub fn max_pairs<K, V>(map: &BTreeMap<K, V>, limit: u64, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if map.len() as u64 > limit {
        report(at, violations, || format!("has {}; at most {limit} are allowed: send fewer", count(map)));
    }
}

fn count<K, V>(map: &BTreeMap<K, V>) -> String {
    match map.len() {
        1 => "1 entry".into(),
        entries => format!("{entries} entries"),
    }
}
