//! Imports against a server that answers by a script: what is sent, in which order, and what happens when it fails.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps; clippy's own exception does not reach helpers")]

mod resuming;
mod sending;
mod server;
