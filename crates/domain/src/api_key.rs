//! API keys as they are stored: the secret only as a hash.

use crate::{KeyId, Micros, ProjectId};

/// Something that a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ApiKeyScope {
    /// Send events as oneself.
    Ingest,
    /// Ask queries.
    Query,
    /// Send history and events on behalf of others.
    Import,
    /// Manage projects and keys.
    Admin,
}

impl ApiKeyScope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ingest, Self::Query, Self::Import, Self::Admin];

    /// The name that the command line, stores and documents use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Query => "query",
            Self::Import => "import",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// The SHA-256 of a key's secret: all that is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApiKeySecretHash(pub [u8; 32]);

/// A key.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// Its public id.
    pub id: KeyId,
    /// The hash of its secret.
    pub secret_hash: ApiKeySecretHash,
    /// The project that it belongs to; none when it reaches all.
    pub project: Option<ProjectId>,
    /// What it may do, ascending.
    pub scopes: Vec<ApiKeyScope>,
    /// What it is for.
    pub display_name: String,
    /// The last four characters of the secret.
    pub last_four: String,
    /// When it was created.
    pub create_time: Micros,
    /// When it was revoked.
    pub revoke_time: Option<Micros>,
    /// From where it may be used, until when, and how much it may send.
    pub limits: ApiKeyLimits,
    /// When it was last used, to about a minute.
    pub last_use_time: Option<Micros>,
}

/// What limits a key. The default limits nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiKeyLimits {
    /// The origins of the pages from which it may be used, as browsers send them; empty for all.
    pub origins: Vec<String>,
    /// When it stops working.
    pub expire_time: Option<Micros>,
    /// The most events in a second, on average.
    pub events_per_second: Option<u32>,
    /// The most bytes of messages in a second, on average.
    pub bytes_per_second: Option<u64>,
}

/// What can be changed of a key later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeySettings {
    /// What it is for.
    pub display_name: String,
    /// What limits it.
    pub limits: ApiKeyLimits,
}

/// A key to create: it is not revoked yet.
pub type NewApiKey = ApiKey;
