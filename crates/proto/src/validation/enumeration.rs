//! Rules on enums. Values come with their names, which is how JSON writes them.

use super::{FieldPath, Violation, report};

/// A value that this version of the contract has a name for.
pub fn defined_only(value: i32, is_defined: fn(i32) -> bool, at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if !is_defined(value) {
        report(at, violations, || format!("is {value}, which this server does not know: send a value of the contract"));
    }
}

/// One of these values.
pub fn one_of(value: i32, allowed: &[(i32, &str)], at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if !allowed.iter().any(|(number, _)| *number == value) {
        let names: Vec<_> = allowed.iter().map(|(_, name)| *name).collect();
        report(at, violations, || format!("is not an allowed value: send one of {}", names.join(", ")));
    }
}

/// None of these values.
pub fn none_of(value: i32, refused: &[(i32, &str)], at: &FieldPath<'_>, violations: &mut Vec<Violation>) {
    if let Some((_, name)) = refused.iter().find(|(number, _)| *number == value) {
        report(at, violations, || format!("is {name}, which is not allowed here: send another value"));
    }
}
