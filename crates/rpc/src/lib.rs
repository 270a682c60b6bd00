//! What every gRPC service shares: keys and who may do what, the one error table, validation, limits, health and drain.

mod auth;
mod catalog_cache;
mod client_address;
mod connection_ending;
mod drain;
mod edge;
mod error;
mod health;
mod key;
mod key_use;
mod limits;
pub mod names;
mod origin;
mod quota;
mod serve;
mod tls;
mod turns;
mod validate;
mod zones;

pub use auth::{Authenticator, Caller};
pub use client_address::{ClientAddress, TrustedProxies};
pub use connection_ending::ConnectionEnding;
pub use drain::{Drain, DrainTimedOut};
pub use edge::{Edge, EdgeBody, EdgeLayer, deadline_of};
pub use error::{ERROR_DOMAIN, RpcError};
pub use health::{Missing, Readiness, ReadinessCheck};
pub use key::{KeySecret, MistypedKey, new_key_id};
pub use limits::Limits;
pub use origin::{InvalidOrigin, Origin};
pub use quota::Quota;
pub use serve::{Port, serve};
pub use tls::{ClientTls, Reload, ServerTls, TlsError};
pub use validate::check;
pub use zones::zone_named;
