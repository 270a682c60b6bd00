//! The event log on Redis: the suite of its port, and what only it promises.

mod suite;
mod world;
