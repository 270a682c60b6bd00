//! The embedded stores behave as their ports say, survive what may happen to them, and refuse what they cannot work with.

mod crash;
mod full_disk;
mod model;
mod opening;
mod port_suites;
mod segment_damage;
mod support;
