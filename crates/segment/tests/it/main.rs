//! Tests of the columnar day through its public interface.

mod events;
mod format;
mod merging;
