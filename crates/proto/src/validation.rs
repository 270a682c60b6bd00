//! The vocabulary of the generated checks: what they find, where they look, and the tests that rules are made of.
//!
//! Rules mean what [protovalidate](https://protovalidate.com) says: the rules of a field that tracks presence (`optional`, messages,
//! members of a oneof) are skipped while it is unset, unless it is `required`; other fields are always checked.
//! No description repeats a text of the message, which may be personal.

pub mod bytes;
pub mod enumeration;
pub mod map;
pub mod number;
mod path;
pub mod presence;
pub mod repeated;
pub mod string;

pub use path::{FieldPath, MapKey};

/// So many violations of one message are told. More would only cost memory: a hostile message can hold a million.
pub const MAX_VIOLATIONS: usize = 100;

/// A message whose contract states rules for its fields.
pub trait Validate {
    /// The first [`MAX_VIOLATIONS`] fields that break a rule, in the order of the contract; none when the message keeps all rules.
    fn validate(&self) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.validate_at(&FieldPath::Root, &mut violations);
        violations
    }

    /// Like [`validate`](Self::validate), for a message that stands at `path` in a larger one.
    fn validate_at(&self, path: &FieldPath<'_>, violations: &mut Vec<Violation>);
}

/// A field that breaks a rule of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field in proto names, such as `events[3].properties["plan"].string_value`.
    pub field: String,
    /// What is wrong, the limit, and what to do about it.
    pub description: String,
}

fn report(at: &FieldPath<'_>, violations: &mut Vec<Violation>, description: impl FnOnce() -> String) {
    if violations.len() < MAX_VIOLATIONS {
        let subject = if at.is_map_key() { "the key " } else { "" };
        violations.push(Violation { field: at.to_string(), description: format!("{subject}{}", description()) });
    }
}
