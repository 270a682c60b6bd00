//! The event log on Redis: the suite of its port, and what only it promises.

mod delivery;
mod losses;
mod outages;
mod processors;
mod sharing;
mod suite;
mod world;
