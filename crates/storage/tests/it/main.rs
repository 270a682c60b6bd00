//! The stores behave as their ports say, survive what may happen to them, and refuse what they cannot work with.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers included")]

mod crash;
mod full_disk;
mod migration;
mod model;
mod opening;
mod poison;
mod port_suites;
mod segment_damage;
mod support;
mod timescale;
