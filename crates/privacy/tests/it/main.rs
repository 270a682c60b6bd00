//! Tests over the public functions: published vectors, corpora of paths, and properties that hold for any input.

#![allow(clippy::unwrap_used, reason = "a test may panic; clippy.toml exempts test functions only, not their helpers")]

mod corpus;
mod generated;
mod properties;
mod vectors;
