//! Salts, running sessions and running imports in a Redis of their own that writes nothing to a disk.
//!
//! Keys of a project share a hash tag and each call is one script over one tag, so that collectors decide one after the other for
//! each visitor. What is due is out of use by the caller's clock; a sweep destroys it, and if no collector lives Redis does by itself.
//!
//! When this Redis is wiped, restarted or replaced, each process brings back the nonces and imports that it used, of which it holds copies
//! in memory for as long as they last; a visitor of the day is counted again only when no process that knew its nonce is left. Sessions
//! that ran are split where they cross midnight: nobody holds copies of those. It holds nothing that was acknowledged.
//!
//! Copies of a nonce in the driver's and the server's buffers are freed, not wiped.

mod batch;
mod copies;
mod encoding;
mod keys;
mod recovery;
mod scripts;
mod sweep;

use std::{fmt, sync::Arc, time::Duration};

use analytics_domain::{
    Clock, Day, DurationMs, Millis, ProjectId,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use async_trait::async_trait;
use redis::{Cmd, FromRedisValue, Script};
use zeroize::Zeroizing;

use self::{
    batch::{Batch, MAX_PROBES},
    copies::{Copies, LiveCopy, NonceCopy},
    encoding::{day_field, new_nonce, read_import, read_nonce, unavailable, write_import, write_nonce},
    keys::Unit,
};
use super::{RedisError, SharedConnection};

/// Redis keeps nothing longer by itself, so that no sum overflows.
const MAX_LIFETIME_MS: i64 = 1 << 46;

/// How a [`RedisEphemeralStore`] works.
#[derive(Debug, Clone, Copy)]
pub struct RedisEphemeralOptions {
    /// While a store is newer than this, a process makes no nonce and opens no import without waiting: other processes may have copies of
    /// what it lost. Longer than the time between two calls of [`RedisEphemeralStore::check`], by which they notice.
    pub wipe_grace: Duration,
}

impl Default for RedisEphemeralOptions {
    fn default() -> Self {
        Self { wipe_grace: Duration::from_secs(3) }
    }
}

/// An ephemeral store for many processes. Clones share their connection and their copies.
///
/// Whether its Redis is fit for that is for [`check_ephemeral`](super::check_ephemeral) to say. Each process that has one calls `sweep`
/// about every minute, and `check` every few seconds.
#[derive(Clone)]
pub struct RedisEphemeralStore {
    connection: SharedConnection,
    prefix: Arc<str>,
    options: RedisEphemeralOptions,
    clock: Arc<dyn Clock>,
    copies: Copies,
}

impl fmt::Debug for RedisEphemeralStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisEphemeralStore").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl RedisEphemeralStore {
    /// A store whose keys begin with `prefix`; processes with the same one share it. Nothing is connected yet.
    pub fn new(
        connection: SharedConnection,
        prefix: &str,
        options: RedisEphemeralOptions,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { connection, prefix: prefix.into(), options, clock, copies: Copies::default() }
    }

    /// Whether the store could be used now: its server answers, has memory left and takes writes. When it was emptied since, what this
    /// process knew of it is brought back.
    ///
    /// # Errors
    /// When it could not.
    pub async fn check(&self) -> Result<(), RedisError> {
        let probe = |command: &mut Cmd| {
            command.arg(0);
        };
        self.connection.eval::<()>(&scripts::PROBE, probe).await?;
        self.follow().await.map(drop)
    }

    fn now(&self) -> Millis {
        self.clock.now().to_millis()
    }

    /// How long Redis keeps by itself what ends at an instant. At least a moment: it refuses less.
    fn lifetime_ms(&self, end: Millis) -> i64 {
        end.since(self.now()).0.clamp(1, MAX_LIFETIME_MS)
    }

    /// Runs a script on these keys; the caller's clock is its first argument.
    async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[String],
        arguments: impl Fn(&mut Cmd),
    ) -> Result<T, EphemeralError> {
        let now = self.now();
        let call = |command: &mut Cmd| {
            command.arg(keys.len()).arg(keys).arg(now.0);
            arguments(command);
        };
        self.connection.eval(script, call).await.map_err(unavailable)
    }

    /// The nonce that the store has, or that there is a copy of: then the store has it again.
    async fn existing_live_nonce(&self, project: ProjectId, day: Day) -> Result<Option<LiveCopy>, RedisError> {
        let copy = self.copies.live(project, day, self.now());
        self.live_nonce_or(project, day, copy).await
    }

    /// The nonce that the store has, else this one.
    async fn live_nonce_or(
        &self,
        project: ProjectId,
        day: Day,
        other: Option<LiveCopy>,
    ) -> Result<Option<LiveCopy>, RedisError> {
        let now = self.now();
        let keys = Unit::LiveDay(project, day).keys(&self.prefix);
        let other =
            other.map(|copy| (write_nonce(copy.destroy_at, copy.nonce.bytes()), self.lifetime_ms(copy.destroy_at)));
        let arguments = |command: &mut Cmd| {
            command.arg(keys.len()).arg(&keys).arg(now.0);
            if let Some((kept, lifetime_ms)) = &other {
                command.arg(kept.as_slice()).arg(lifetime_ms);
            }
        };
        let kept: Option<Vec<u8>> = self.connection.eval(&scripts::NONCE_LIVE, arguments).await?;
        let Some(kept) = kept else { return Ok(None) };
        let address = self.connection.server().address();
        let not_ours =
            |error: EphemeralError| RedisError::Refused { address: address.to_owned(), reason: error.to_string() };
        let (destroy_at, nonce) = read_nonce(kept).map_err(not_ours)?;
        self.copies.keep_live(project, day, destroy_at, nonce);
        Ok(self.copies.live(project, day, now))
    }

    async fn live_nonce(
        &self,
        project: ProjectId,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let mut found = self.existing_live_nonce(project, day).await.map_err(unavailable)?;
        // Past its instant it was destroyed already, or never was: a late event must not bring it back.
        if let (None, NoncePolicy::CreateUntil(destroy_at)) = (&found, policy)
            && destroy_at > self.now()
        {
            self.settle().await?;
            let new = LiveCopy { destroy_at, nonce: NonceCopy::new(new_nonce()?) };
            found = self.live_nonce_or(project, day, Some(new)).await.map_err(unavailable)?;
        }
        Ok(found.map(|copy| VisitorDayNonce(*copy.nonce.bytes())))
    }

    async fn import_nonce(
        &self,
        key: &ImportKey,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let copy = self.copies.import_nonce(key, day, self.now());
        let mut found = self.import_nonce_or(key, day, copy).await?;
        if let (None, NoncePolicy::CreateUntil(_)) = (&found, policy) {
            self.settle().await?;
            found = self.import_nonce_or(key, day, Some(NonceCopy::new(new_nonce()?))).await?;
        }
        Ok(found)
    }

    /// The nonce that the import has, else this one.
    async fn import_nonce_or(
        &self,
        key: &ImportKey,
        day: Day,
        other: Option<NonceCopy>,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let other = other.as_ref().map(import_nonce_kept);
        let arguments = |command: &mut Cmd| {
            command.arg(day_field(day).as_slice());
            if let Some(nonce) = &other {
                command.arg(nonce.as_slice());
            }
        };
        let kept: Vec<u8> = self.run_of_import(key, &scripts::NONCE_IMPORT, arguments).await?;
        if kept.is_empty() {
            return Ok(None);
        }
        let (_, nonce) = read_nonce(kept)?;
        self.copies.keep_import_nonce(key, day, nonce);
        Ok(Some(nonce))
    }

    /// Runs a script on the keys of an import that runs. One that the store lost is brought back first.
    async fn run_of_import<T: FromRedisValue>(
        &self,
        key: &ImportKey,
        script: &Script,
        arguments: impl Fn(&mut Cmd),
    ) -> Result<T, EphemeralError> {
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let mut answer: Option<T> = self.run(script, &keys, &arguments).await?;
        if answer.is_none() && self.copies.import(key, self.now()).is_some() {
            self.follow().await.map_err(unavailable)?;
            answer = self.run(script, &keys, &arguments).await?;
        }
        if answer.is_none() {
            self.copies.forget_import(key);
        }
        answer.ok_or_else(|| EphemeralError::ImportNotRunning(key.clone()))
    }

    async fn assign(
        &self,
        scope: &SaltScope,
        probes: &[VisitorProbe],
        timeout: DurationMs,
    ) -> Result<Vec<usize>, EphemeralError> {
        let batch = Batch::of(scope, probes);
        let keys = keys::of_days(&self.prefix, scope, &batch.days);
        let days: Vec<[u8; 4]> = batch.days.iter().map(|day| day_field(*day)).collect();
        let arguments = |command: &mut Cmd| {
            command.arg(timeout.0).arg(&batch.probes).arg(&batch.fields_of_days);
            if let SaltScope::Import(_) = scope {
                days.iter().for_each(|day| append(command, day));
            }
            batch.fields.iter().for_each(|field| append(command, field));
        };
        match scope {
            SaltScope::Live(_) => self.run(&scripts::ASSIGN_LIVE, &keys, arguments).await,
            SaltScope::Import(key) => self.run_of_import(key, &scripts::ASSIGN_IMPORT, arguments).await,
        }
    }
}

#[async_trait]
impl EphemeralStore for RedisEphemeralStore {
    async fn nonce(
        &self,
        scope: &SaltScope,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        match scope {
            SaltScope::Live(project) => self.live_nonce(*project, day, policy).await,
            SaltScope::Import(key) => self.import_nonce(key, day, policy).await,
        }
    }

    async fn assign_visitor_days(
        &self,
        scope: &SaltScope,
        probes: &[VisitorProbe],
        timeout: DurationMs,
    ) -> Result<Vec<usize>, EphemeralError> {
        if probes.len() <= MAX_PROBES {
            return self.assign(scope, probes, timeout).await;
        }
        // When a later part fails, the earlier ones are kept; repeated, they are decided the same.
        let mut candidates = Vec::with_capacity(probes.len());
        for part in probes.chunks(MAX_PROBES) {
            candidates.extend(self.assign(scope, part, timeout).await?);
        }
        Ok(candidates)
    }

    async fn open_import(
        &self,
        key: &ImportKey,
        import: RunningImport,
    ) -> Result<(RunningImport, bool), EphemeralError> {
        if self.copies.import(key, self.now()).is_none() {
            self.settle().await?;
        } else {
            self.follow().await.map_err(unavailable)?;
        }
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let (kept, lifetime_ms) = (write_import(import), self.lifetime_ms(import.expire_time));
        let arguments = |command: &mut Cmd| {
            command.arg(&kept).arg(lifetime_ms);
        };
        let running = self.run::<Option<Vec<u8>>>(&scripts::OPEN_IMPORT, &keys, arguments).await?;
        let (import, runs) = match running {
            Some(running) => (read_import(&running)?, true),
            None => {
                // Another one of this name may have ended elsewhere.
                self.copies.forget_import(key);
                (import, false)
            }
        };
        self.copies.keep_import(key, import);
        Ok((import, runs))
    }

    async fn touch_import(&self, key: &ImportKey, expire_time: Millis) -> Result<RunningImport, EphemeralError> {
        let lifetime_ms = self.lifetime_ms(expire_time);
        let arguments = |command: &mut Cmd| {
            command.arg(expire_time.0.to_be_bytes().as_slice()).arg(lifetime_ms);
        };
        let running: Vec<u8> = self.run_of_import(key, &scripts::TOUCH_IMPORT, arguments).await?;
        let running = read_import(&running)?;
        self.copies.keep_import(key, running);
        Ok(running)
    }

    async fn close_import(&self, key: &ImportKey) -> Result<(), EphemeralError> {
        self.copies.forget_import(key);
        let mut unlink = redis::cmd("UNLINK");
        unlink.arg(Unit::Import(key.clone()).keys(&self.prefix));
        self.connection.query(&unlink).await.map_err(unavailable)
    }

    async fn sweep(&self, now: Millis) -> Result<(), EphemeralError> {
        self.copies.forget_due(now);
        sweep::destroy_due(&self.connection, &self.prefix, now).await.map_err(unavailable)?;
        self.follow().await.map_err(unavailable)?;
        self.look_after_imports().await.map_err(unavailable)
    }
}

fn append(command: &mut Cmd, bytes: &[u8]) {
    command.arg(bytes);
}

/// An import knows when its nonces are destroyed.
fn import_nonce_kept(nonce: &NonceCopy) -> Zeroizing<Vec<u8>> {
    write_nonce(Millis(0), nonce.bytes())
}
