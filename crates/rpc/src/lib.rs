//! What every gRPC service shares: keys and who may do what, the one error table, validation, limits, health and drain.

mod auth;
mod catalog_cache;
mod error;
mod key;
pub mod names;
mod validate;
mod zones;

pub use auth::{Authenticator, Caller};
pub use error::{ERROR_DOMAIN, RpcError};
pub use key::{KeySecret, MistypedKey, new_key_id};
pub use validate::check;
pub use zones::zone_named;
