//! Keys on the embedded catalog, and the edge around a service, in process and over sockets.

mod authentication;
mod edge;
mod errors;
mod probe;
mod serving;
