//! The port: each call changes memory and journal together, or neither.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use analytics_domain::{
    Clock, Day, DurationMs, Millis,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use async_trait::async_trait;
use prost::Message;
use rand::{TryRng, rngs::SysRng};

use super::{
    JournalPlacement, OpenError,
    journal::Journal,
    placement::prepare_directory,
    record::{ImportKept, Record, RecordKind, ScopeRecord},
    state::{State, nonce_record, sessions_record},
};

/// How a [`LocalEphemeralStore`] works.
#[derive(Clone)]
pub struct EphemeralOptions {
    /// Says what has expired.
    pub clock: Arc<dyn Clock>,
    /// On which file systems the journal may lie.
    pub placement: JournalPlacement,
}

impl fmt::Debug for EphemeralOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EphemeralOptions").field("placement", &self.placement).finish_non_exhaustive()
    }
}

/// An ephemeral store for one process. Clones share everything.
///
/// Its writes go to memory, so calls do not wait for a disk. Whoever serves it calls `sweep` about every minute: what is due is out of
/// use at its instant in any case, and destroyed by the sweep.
#[derive(Clone)]
pub struct LocalEphemeralStore {
    clock: Arc<dyn Clock>,
    inner: Arc<Mutex<Inner>>,
}

impl fmt::Debug for LocalEphemeralStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEphemeralStore").finish_non_exhaustive()
    }
}

struct Inner {
    state: State,
    journal: Journal,
    directory: PathBuf,
    placement: JournalPlacement,
}

impl LocalEphemeralStore {
    /// Opens the store of a directory, which is made if it is missing, and goes on where the last process stopped, however it did.
    ///
    /// # Errors
    /// When the directory is not on a file system in memory (unless that was allowed), not this user's alone, in use, or
    /// unreadable.
    pub fn open(directory: &Path, options: EphemeralOptions) -> Result<Self, OpenError> {
        prepare_directory(directory, options.placement)?;
        let mut state = State::default();
        let journal =
            Journal::open(directory, |payload| Record::decode(payload).is_ok_and(|record| state.replay(record)))?;
        state.destroy_due(options.clock.now().to_millis());
        let mut inner = Inner { state, journal, directory: directory.to_owned(), placement: options.placement };
        inner.rewrite().map_err(OpenError::io(directory))?;
        Ok(Self { clock: options.clock, inner: Arc::new(Mutex::new(inner)) })
    }

    fn now(&self) -> Millis {
        self.clock.now().to_millis()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn make_appendable(&mut self) -> Result<(), EphemeralError> {
        if self.journal.must_rewrite() { self.rewrite().map_err(unavailable) } else { Ok(()) }
    }

    fn append(&mut self, record: Record) -> Result<(), EphemeralError> {
        self.make_appendable()?;
        self.journal.append(&record.encode_wiped()).map_err(unavailable)
    }

    /// Makes the journal smaller when it is worth it. The call that asks has succeeded already, so a failure only means later.
    fn tidy(&mut self) {
        if self.journal.wants_rewrite()
            && let Err(error) = self.rewrite()
        {
            tracing::warn!(%error, "the journal of the ephemeral store could not be made smaller");
        }
    }

    /// Removes from the journal what was destroyed in memory. Until that succeeds nothing else is written.
    fn erase(&mut self) -> Result<(), EphemeralError> {
        self.journal.require_rewrite();
        self.rewrite().map_err(unavailable)
    }

    fn rewrite(&mut self) -> io::Result<()> {
        // Cleaners of temporary files may have taken the directory away: memory still holds everything.
        prepare_directory(&self.directory, self.placement).map_err(io::Error::other)?;
        self.journal.rewrite(self.state.records().map(Record::encode_wiped))
    }
}

#[async_trait]
impl EphemeralStore for LocalEphemeralStore {
    async fn nonce(
        &self,
        scope: &SaltScope,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let now = self.now();
        let mut inner = self.inner();
        if let Some(nonce) = inner.state.days(scope, now)?.nonce(day, now) {
            return Ok(Some(nonce));
        }
        let destroy_at = match (policy, scope) {
            (NoncePolicy::OnlyExisting, _) => return Ok(None),
            (NoncePolicy::CreateUntil(_), SaltScope::Import(_)) => None,
            // It was destroyed already, or never was: a late event must not bring it back.
            (NoncePolicy::CreateUntil(destroy_at), SaltScope::Live(_)) if destroy_at <= now => return Ok(None),
            (NoncePolicy::CreateUntil(destroy_at), SaltScope::Live(_)) => Some(destroy_at),
        };
        if inner.state.days(scope, now)?.is_due(day, now) {
            inner.state.destroy_due(now);
            inner.erase()?;
        }
        let mut nonce = VisitorDayNonce([0; 32]);
        SysRng.try_fill_bytes(&mut nonce.0).map_err(unavailable)?;
        inner.append(nonce_record(ScopeRecord::of(scope), day, nonce, destroy_at))?;
        inner.state.days(scope, now)?.insert(day, nonce, destroy_at);
        inner.tidy();
        Ok(Some(nonce))
    }

    async fn assign_visitor_days(
        &self,
        scope: &SaltScope,
        probes: &[VisitorProbe],
        timeout: DurationMs,
    ) -> Result<Vec<usize>, EphemeralError> {
        let now = self.now();
        let mut inner = self.inner();
        inner.make_appendable()?;
        let assignment = inner.state.days(scope, now)?.assign(probes, timeout, now);
        if !assignment.changes.is_empty() {
            if let Err(error) = inner.append(sessions_record(scope, &assignment.changes)) {
                inner.state.days(scope, now)?.undo(&assignment.changes);
                return Err(error);
            }
            inner.tidy();
        }
        Ok(assignment.candidates)
    }

    async fn open_import(
        &self,
        key: &ImportKey,
        import: RunningImport,
    ) -> Result<(RunningImport, bool), EphemeralError> {
        let now = self.now();
        let mut inner = self.inner();
        if let Ok(running) = inner.state.import(key, now) {
            return Ok((running, true));
        }
        if inner.state.destroy_import(key) {
            inner.erase()?;
        }
        inner.append(Record::new(RecordKind::ImportKept(ImportKept::of(key, import))))?;
        inner.state.keep_import(key.clone(), import);
        inner.tidy();
        Ok((import, false))
    }

    async fn touch_import(&self, key: &ImportKey, expire_time: Millis) -> Result<RunningImport, EphemeralError> {
        let mut inner = self.inner();
        let running = inner.state.import(key, self.now())?;
        let touched = RunningImport { expire_time, ..running };
        inner.append(Record::new(RecordKind::ImportKept(ImportKept::of(key, touched))))?;
        inner.state.keep_import(key.clone(), touched);
        inner.tidy();
        Ok(touched)
    }

    async fn close_import(&self, key: &ImportKey) -> Result<(), EphemeralError> {
        let mut inner = self.inner();
        // Asked again after it could not be erased, it is gone from memory but still to be erased.
        if inner.state.destroy_import(key) || inner.journal.must_rewrite() { inner.erase() } else { Ok(()) }
    }

    async fn sweep(&self, now: Millis) -> Result<(), EphemeralError> {
        let mut inner = self.inner();
        // What an earlier call could not erase from the journal is due as well, and a journal that somebody took away is written anew.
        let due = inner.state.destroy_due(now) || inner.journal.must_rewrite() || !inner.journal.is_in_place();
        if due { inner.erase() } else { Ok(()) }
    }
}

fn unavailable(error: impl fmt::Display) -> EphemeralError {
    EphemeralError::Unavailable(error.to_string())
}
