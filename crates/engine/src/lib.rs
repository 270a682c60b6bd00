//! Answers questions over visitor days: totals, trends and breakdowns, from day segments and the newer events beside them.
//!
//! The visitors of two days are never the same, so every day is summed alone, in parallel, by one pass ([`kernel`]) that all
//! reports share: a filter makes a mask of rows, groups are numbers, and rows sorted by visitor make a distinct count a comparison
//! with the last one seen.

mod block;
mod breakdown;
mod buckets;
mod cache;
mod columns;
mod combinations;
mod dimension;
mod engine;
mod error;
mod filter;
mod groups;
mod kernel;
mod merger;
mod plan;
mod rows;
mod run;
mod sessions;
mod source;
mod stop;
mod sums;
mod tally;
#[cfg(test)]
mod test_events;
mod users;
mod value_test;
mod view;
mod window;
mod workers;

pub use engine::{Engine, EngineOptions};
pub use error::EngineError;
