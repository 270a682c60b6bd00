//! The one error table: everything that a call can fail with, and the gRPC status, reason and details that it becomes.
//!
//! Messages speak to the person who has to act. The texts of stores never reach a caller: they are logged instead. Codes that
//! clients retry for ever although nothing would change (ABORTED, OUT_OF_RANGE, DATA_LOSS) are never used.

mod ports;
mod status;

use analytics_domain::{ApiKeyScope, DurationMs, ImportId, KeyId, Micros, ProjectName, QuarantineId};
use analytics_proto::validation::Violation;

pub use status::ERROR_DOMAIN;

use crate::Quota;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    /// No key was sent.
    #[error(
        "no API key: send metadata `authorization: Bearer KEY`; `analytics key create` makes one, and the first start of a server \
         writes an admin key to its data directory"
    )]
    KeyMissing,
    /// The key's checksum does not fit: it was mistyped or cut off.
    #[error(
        "the API key is mistyped or cut off: send it whole, as it was shown when it was created (`ak_` and 56 characters)"
    )]
    KeyMistyped,
    /// The key is well formed but not known here.
    #[error("this API key is not known here: it may belong to another installation; `analytics key create` makes one")]
    KeyUnknown,
    /// The key was revoked.
    #[error("API key `apiKeys/{id}` was revoked at {}: use another one, or create one with `analytics key create`", instant(*.revoke_time))]
    KeyRevoked {
        /// The key.
        id: KeyId,
        /// When.
        revoke_time: Micros,
    },
    /// The key has expired.
    #[error(
        "API key `apiKeys/{id}` expired at {}: use another one, or give it a later end with `analytics key update {id} --expires-in 90d`",
        instant(*.expire_time)
    )]
    KeyExpired {
        /// The key.
        id: KeyId,
        /// When.
        expire_time: Micros,
    },
    /// The key may not be used from this page.
    #[error(
        "the page's origin is not among those from which `apiKeys/{0}` may be used: `analytics key list` shows them, \
         `analytics key update {0} --origin ORIGIN` adds one"
    )]
    OriginNotAllowed(KeyId),
    /// The key has sent all that it may for now.
    #[error(
        "`apiKeys/{id}` has used up its quota of {per_second} {}: send the same request again in {} ms, or less in each second",
        .quota.unit(), .retry_after.0
    )]
    QuotaExceeded {
        /// The key.
        id: KeyId,
        /// Which quota.
        quota: Quota,
        /// How much it is.
        per_second: u64,
        /// When there is more; jitter is added.
        retry_after: DurationMs,
    },
    /// The key may not do this.
    #[error(
        "this call asks for a key with the scope {}, which `apiKeys/{id}` lacks: use one that has it",
        scope_names(.required, "` or `")
    )]
    ScopeMissing {
        /// The key.
        id: KeyId,
        /// Any of these would do.
        required: Vec<ApiKeyScope>,
    },
    /// The key belongs to one project, and this is about all of them.
    #[error(
        "`apiKeys/{id}` belongs to one project, and {what} takes a key with the scope `admin` that reaches all projects: use such a key"
    )]
    KeyOfOneProject {
        /// The key.
        id: KeyId,
        /// What was asked for: `creating a project`.
        what: &'static str,
    },
    /// A field is set that only keys of another scope may set.
    #[error("`{field}` may only be set by a key with the scope `{}`: leave it out, or use such a key", .required.as_str())]
    FieldNotAllowed {
        /// The path of the field.
        field: String,
        /// The scope that may set it.
        required: ApiKeyScope,
    },
    /// Fields break the rules of the contract.
    #[error("{}", violations_text(.0))]
    InvalidFields(Vec<Violation>),
    /// The request is no message of the contract.
    #[error("the request cannot be decoded: {0}")]
    Undecodable(String),
    /// The request is larger than this server takes.
    #[error("the request is larger than {limit_bytes} bytes, the most that this call takes: send smaller batches")]
    RequestTooLarge {
        /// The largest message taken.
        limit_bytes: usize,
    },
    /// The answer would be larger than this server sends.
    #[error(
        "the answer would be larger than {limit_bytes} bytes, the most that is sent at once: ask for less, or for smaller pages"
    )]
    AnswerTooLarge {
        /// The largest message sent.
        limit_bytes: usize,
    },
    /// No such project, or not for this key: a caller must not learn which.
    #[error(
        "no project `projects/{0}` exists, or the key does not reach it: `analytics project list` shows those that it reaches, \
         `analytics project create {0} --time-zone ZONE` makes one"
    )]
    ProjectNotFound(ProjectName),
    /// The key reaches several projects and the request names none.
    #[error("`{field}` is empty and the key belongs to no single project: name one, as `projects/PROJECT`")]
    ProjectRequired {
        /// The path of the field.
        field: &'static str,
    },
    /// The name is taken.
    #[error("project `projects/{0}` exists already: use it, or choose another name")]
    ProjectExists(ProjectName),
    /// The time zone is not in the database.
    #[error("`{field}`: `{given}` is no time zone of the IANA database: {}", suggestions_text(.suggestions))]
    TimeZoneUnknown {
        /// The path of the field.
        field: &'static str,
        /// What was given.
        given: String,
        /// Names that may have been meant.
        suggestions: Vec<String>,
    },
    /// No such key, or not for this caller.
    #[error(
        "no API key `apiKeys/{0}` exists, or the calling key does not reach it: `analytics key list` shows those that it reaches"
    )]
    KeyNotFound(KeyId),
    /// No such running import.
    #[error("import `{}` is not running: it was finished, or idle for more than 24 hours; create it again", .0.as_str())]
    ImportNotFound(ImportId),
    /// Nothing in quarantine has this number, or not for this caller.
    #[error(
        "no `quarantinedEvents/{}` is in quarantine, or the key does not reach it: `analytics quarantine list` shows what is",
        .0.0
    )]
    QuarantinedEventNotFound(QuarantineId),
    /// What was asked for has no meaning.
    #[error("`{field}`: {message}")]
    NotComputable {
        /// The path of the field.
        field: String,
        /// Why, and what to ask instead.
        message: String,
    },
    /// The caller's deadline passed.
    #[error("the deadline passed before the answer was there: ask for less, or allow more time")]
    DeadlineExceeded,
    /// The server cannot do it now.
    #[error("{what} not available now: send the same request again in {} ms; the server's log says why", .retry_after.0)]
    Unavailable {
        /// What is missing, with its verb: `the event store is`.
        what: &'static str,
        /// Why, for the log only.
        cause: String,
        /// How long the caller should wait at least; jitter is added.
        retry_after: DurationMs,
    },
    /// The server is at fault.
    #[error("the server failed in a way that it cannot explain; its log says more")]
    Internal {
        /// Why, for the log only.
        cause: String,
    },
}

impl RpcError {
    /// How long a caller waits who was not told otherwise.
    pub const DEFAULT_RETRY_AFTER: DurationMs = DurationMs(1000);

    /// One field that breaks a rule.
    pub fn invalid_field(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::InvalidFields(vec![Violation { field: field.into(), description: description.into() }])
    }

    /// The server itself is overloaded.
    pub fn overloaded(cause: impl Into<String>) -> Self {
        Self::Unavailable { what: "this server is", cause: cause.into(), retry_after: Self::DEFAULT_RETRY_AFTER }
    }

    /// The server is at fault; `cause` goes to its log only.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::Internal { cause: cause.into() }
    }
}

fn instant(time: Micros) -> String {
    jiff::Timestamp::from_microsecond(time.0).map_or_else(|_| format!("{} µs", time.0), |time| format!("{time:.0}"))
}

fn scope_names(scopes: &[ApiKeyScope], separator: &str) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    format!("`{}`", names.join(separator))
}

fn violations_text(violations: &[Violation]) -> String {
    match violations {
        [] => "the request breaks a rule of the contract".to_owned(),
        [only] => violation_text(only),
        [first, rest @ ..] => format!("{} (and {} more)", violation_text(first), rest.len()),
    }
}

fn violation_text(violation: &Violation) -> String {
    if violation.field.is_empty() {
        return violation.description.clone();
    }
    format!("`{}`: {}", violation.field, violation.description)
}

fn suggestions_text(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        return "use a name such as `Europe/Berlin` or `UTC`".to_owned();
    }
    format!("did you mean `{}`?", suggestions.join("` or `"))
}
