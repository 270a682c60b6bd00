//! What one version writes, the next and the one before can read.

mod golden;
mod refusals;
mod round_trip;
