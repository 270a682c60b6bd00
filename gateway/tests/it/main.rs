//! The gateway over real connections: what clients of each kind see, whatever stands behind it.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps; clippy's own exception does not reach helpers")]

mod cors;
mod hostile;
mod http1;
mod native;
mod opaque;
mod page;
mod remote;
mod setup;
mod web;
