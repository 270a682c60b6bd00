//! The embedded stores behave as their ports say, survive what may happen to them, and refuse what they cannot work with.

mod port_suites;
