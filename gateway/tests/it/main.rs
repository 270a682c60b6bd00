//! The gateway over real connections: what clients of each kind see, whatever stands behind it.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps; clippy's own exception does not reach helpers")]

#[path = "../../../crates/rpc/tests/it/certificates.rs"]
mod certificates;
mod cors;
mod early;
mod hostile;
mod http1;
mod ingest;
mod native;
mod opaque;
mod page;
mod remote;
mod setup;
mod streams;
mod tls;
mod track;
mod web;
