//! Imports against a server that answers by a script: what is sent, in which order, and what happens when it fails.

mod resuming;
mod sending;
mod server;
