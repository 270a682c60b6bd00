//! Tests over the public functions: published vectors, corpora of paths, and properties that hold for any input.

#![allow(clippy::unwrap_used, reason = "a test may panic; clippy.toml exempts test functions only, not their helpers")]

mod clean_values;
mod corpus;
mod dice;
mod generated;
mod personal_values;
mod properties;
mod vectors;
