//! Keys on the embedded catalog, and the edge around a service, in process and over sockets.

mod authentication;
mod certificates;
mod edge;
mod errors;
mod key_limits;
mod limits;
mod probe;
mod serving;
mod tls;
mod world;
