//! The columnar form of one visitor day: built from events, stored column by column, merged with the events that came later. Pure.

mod bitmap;
mod builder;
mod built;
mod codes;
mod column;
mod decode;
mod dictionary;
mod encode;
#[cfg(test)]
mod golden;
mod merge;
pub mod names;
mod runs;
mod wire;

pub use bitmap::Bitmap;
pub use builder::{BuildError, Builder};
pub use built::Built;
pub use codes::Codes;
pub use column::{Column, DictionaryColumn, Integers, Times, UserColumn, Visitors};
pub use decode::{DecodeError, decode};
pub use dictionary::{Dictionary, ValueRef};
pub use encode::encode;
pub use merge::{Merge, MergeError, SortKeys};
pub use runs::{BLOCK_ROWS, Runs};
