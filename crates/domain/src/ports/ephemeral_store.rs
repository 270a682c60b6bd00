//! Salts and running sessions: what must never reach a disk or a backup.

use std::fmt;

use async_trait::async_trait;

use crate::{Day, DurationMs, ImportId, Millis, ProjectId, VisitorHash};

/// The random part of a day's salt. Whoever holds it and the configuration's secret can link visitors: it is never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VisitorDayNonce(pub [u8; 32]);

impl fmt::Debug for VisitorDayNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VisitorDayNonce(..)")
    }
}

/// Names an import.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportKey {
    /// The project.
    pub project: ProjectId,
    /// Its id within the project.
    pub import: ImportId,
}

/// Whose salts and running sessions: those of live events, or those of one import.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SaltScope {
    /// Live events of a project.
    Live(ProjectId),
    /// One import.
    Import(ImportKey),
}

/// What to do when a day has no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoncePolicy {
    /// Make one, to be destroyed at this instant with the day's running sessions. Nonces of an import go with the import instead.
    CreateUntil(Millis),
    /// Make none.
    OnlyExisting,
}

/// Asks under which visitor day an event belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorProbe {
    /// The visitor under each day whose session may still run, oldest day first, the event's own day last; not empty.
    pub candidates: Vec<(Day, VisitorHash)>,
    /// The event's time.
    pub time: Millis,
}

/// A running import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningImport {
    /// Bots are counted too.
    pub include_bots: bool,
    /// When it was created.
    pub create_time: Millis,
    /// When it ends unless it is touched again.
    pub expire_time: Millis,
}

/// Why the store could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EphemeralError {
    /// The environment fails; the same call may succeed later.
    #[error("the ephemeral store is not available: {0}")]
    Unavailable(String),
    /// The import was finished or has expired.
    #[error("import `{}` is not running", .0.import.as_str())]
    ImportNotRunning(ImportKey),
}

/// Keeps salts, running sessions and running imports, in memory only, across restarts of the process.
#[async_trait]
pub trait EphemeralStore: Send + Sync {
    /// The nonce of a day: the first one ever made wins, for every caller. None when there is none to give: none is made, or the
    /// instant at which it was to be destroyed has passed.
    async fn nonce(
        &self,
        scope: &SaltScope,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError>;
    /// For each probe, in order, the index of the candidate day it belongs to, by [`crate::running_session::decide`]; what it
    /// decided is kept before this returns. Atomic per visitor. Sessions are kept under days that have a nonce only.
    async fn assign_visitor_days(
        &self,
        scope: &SaltScope,
        probes: &[VisitorProbe],
        timeout: DurationMs,
    ) -> Result<Vec<usize>, EphemeralError>;
    /// Starts an import; the one that runs already if there is one, and true.
    async fn open_import(
        &self,
        key: &ImportKey,
        import: RunningImport,
    ) -> Result<(RunningImport, bool), EphemeralError>;
    /// The running import, which from now on ends at `expire_time`.
    async fn touch_import(&self, key: &ImportKey, expire_time: Millis) -> Result<RunningImport, EphemeralError>;
    /// Ends an import and destroys its nonces and sessions. One that does not run is no failure.
    async fn close_import(&self, key: &ImportKey) -> Result<(), EphemeralError>;
    /// Destroys whatever was due by `now`.
    async fn sweep(&self, now: Millis) -> Result<(), EphemeralError>;
}
