//! Answers questions over visitor days: totals, trends and breakdowns, from day segments and the newer events beside them.

mod engine;
mod error;

pub use engine::{Engine, EngineOptions};
pub use error::EngineError;
