//! The admin service, called through its generated client, on the embedded catalog.

mod keys;
mod projects;
mod reach;
mod world;
