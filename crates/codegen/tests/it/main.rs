//! The generator against `fixture/v1/rules.proto`, which holds every rule kind once: what the generated checks find, and what the
//! generator refuses.

#![allow(clippy::unwrap_used)]

mod freshness;
mod json;
mod nesting;
mod presence;
mod reflection;
mod refusals;
mod rules;

// The names that generated code expects at the root of its crate.
use analytics_proto::validation;

#[allow(missing_docs, unreachable_pub, clippy::all)]
mod v1 {
    include!("gen/fixture.v1.rs");
    include!("gen/fixture.v1.serde.rs");
}

#[allow(clippy::all)]
mod generated_checks {
    include!("gen/validate.rs");
}

/// Asserts which fields of a message break a rule, in their order, and with which words.
fn assert_violations(message: &impl validation::Validate, expected: &[(&str, &str)]) {
    let found = message.validate();
    let found: Vec<_> =
        found.iter().map(|violation| (violation.field.as_str(), violation.description.as_str())).collect();
    assert_eq!(found, expected);
}
