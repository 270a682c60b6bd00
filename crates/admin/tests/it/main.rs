//! The admin service, called through its generated client, on the embedded catalog.

mod counts;
mod key_limits;
mod keys;
mod projects;
mod quarantine;
mod reach;
mod settings;
mod trace;
mod world;
