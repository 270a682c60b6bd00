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
}

/// A key to create: it is not revoked yet.
pub type NewApiKey = ApiKey;
