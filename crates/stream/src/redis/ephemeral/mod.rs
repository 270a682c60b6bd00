//! Salts, running sessions and running imports in a Redis of their own that writes nothing to a disk.
//!
//! Keys of a project share a hash tag and each call is one script over one tag, so that collectors decide one after the other for
//! each visitor. What is due is out of use by the caller's clock; a sweep destroys it, and if no collector lives Redis does by itself.
//!
//! When this Redis is wiped, restarted or replaced, what was in it is gone, and that is all: days get new nonces, so visitors of a day
//! that had begun are counted again from then on; sessions that ran are split there; running imports are no longer known, and an
//! import that is sent again then counts its visitors once more. It holds nothing that was acknowledged.
//!
//! Copies of a nonce in the driver's and the server's buffers are freed, not wiped.

mod batch;
mod keys;
mod scripts;
mod sweep;

use std::{fmt, sync::Arc};

use analytics_domain::{
    Clock, Day, DurationMs, Millis,
    ports::{
        EphemeralError, EphemeralStore, ImportKey, NoncePolicy, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe,
    },
};
use async_trait::async_trait;
use rand::{TryRng, rngs::SysRng};
use redis::{Cmd, FromRedisValue, Script};
use zeroize::Zeroizing;

use self::{
    batch::{Batch, MAX_PROBES},
    keys::Unit,
};
use super::{RedisError, SharedConnection};

/// Redis keeps nothing longer by itself, so that no sum overflows.
const MAX_LIFETIME_MS: i64 = 1 << 46;

/// Redis remembers slow commands, those of scripts too, for anybody to read: of each argument the first 128 bytes. A nonce comes after
/// as many, so that nothing holds it once it is destroyed.
const SLOW_LOG_BYTES: usize = 128;

const NONCE_BYTES: usize = 32;

/// An ephemeral store for many processes. Clones share their connection.
///
/// Whether its Redis is fit for that is for [`check_ephemeral`](super::check_ephemeral) to say. Each process that has one calls `sweep`
/// about every minute.
#[derive(Clone)]
pub struct RedisEphemeralStore {
    connection: SharedConnection,
    prefix: Arc<str>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for RedisEphemeralStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisEphemeralStore").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl RedisEphemeralStore {
    /// A store whose keys begin with `prefix`; processes with the same one share it. Nothing is connected yet.
    pub fn new(connection: SharedConnection, prefix: &str, clock: Arc<dyn Clock>) -> Self {
        Self { connection, prefix: prefix.into(), clock }
    }

    /// Whether the store could be used now: its server answers, has memory left and takes writes.
    ///
    /// # Errors
    /// When it could not.
    pub async fn check(&self) -> Result<(), RedisError> {
        self.connection
            .eval(&scripts::PROBE, |command| {
                command.arg(0);
            })
            .await
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

    async fn live_nonce(&self, unit: &Unit, policy: NoncePolicy) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let new = match policy {
            // Past its instant it was destroyed already, or never was: a late event must not bring it back.
            NoncePolicy::CreateUntil(destroy_at) if destroy_at > self.now() => {
                Some((new_nonce(destroy_at)?, self.lifetime_ms(destroy_at)))
            }
            NoncePolicy::CreateUntil(_) | NoncePolicy::OnlyExisting => None,
        };
        let arguments = |command: &mut Cmd| {
            if let Some((kept, lifetime_ms)) = &new {
                command.arg(kept.as_slice()).arg(lifetime_ms);
            }
        };
        let nonce: Option<Vec<u8>> = self.run(&scripts::NONCE_LIVE, &unit.keys(&self.prefix), arguments).await?;
        nonce.map(read_nonce).transpose()
    }

    async fn import_nonce(
        &self,
        key: &ImportKey,
        day: Day,
        policy: NoncePolicy,
    ) -> Result<Option<VisitorDayNonce>, EphemeralError> {
        let new = match policy {
            NoncePolicy::CreateUntil(_) => Some(new_nonce(Millis(0))?),
            NoncePolicy::OnlyExisting => None,
        };
        let arguments = |command: &mut Cmd| {
            command.arg(day_field(day).as_slice());
            if let Some(nonce) = &new {
                command.arg(nonce.as_slice());
            }
        };
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let nonce: Option<Vec<u8>> = self.run(&scripts::NONCE_IMPORT, &keys, arguments).await?;
        let nonce = nonce.ok_or_else(|| EphemeralError::ImportNotRunning(key.clone()))?;
        if nonce.is_empty() { Ok(None) } else { read_nonce(nonce).map(Some) }
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
            SaltScope::Import(key) => {
                let candidates: Option<Vec<usize>> = self.run(&scripts::ASSIGN_IMPORT, &keys, arguments).await?;
                candidates.ok_or_else(|| EphemeralError::ImportNotRunning(key.clone()))
            }
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
            SaltScope::Live(project) => self.live_nonce(&Unit::LiveDay(*project, day), policy).await,
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
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let (kept, lifetime_ms) = (write_import(import), self.lifetime_ms(import.expire_time));
        let arguments = |command: &mut Cmd| {
            command.arg(&kept).arg(lifetime_ms);
        };
        match self.run::<Option<Vec<u8>>>(&scripts::OPEN_IMPORT, &keys, arguments).await? {
            Some(running) => Ok((read_import(&running)?, true)),
            None => Ok((import, false)),
        }
    }

    async fn touch_import(&self, key: &ImportKey, expire_time: Millis) -> Result<RunningImport, EphemeralError> {
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let lifetime_ms = self.lifetime_ms(expire_time);
        let arguments = |command: &mut Cmd| {
            command.arg(expire_time.0.to_be_bytes().as_slice()).arg(lifetime_ms);
        };
        let running: Option<Vec<u8>> = self.run(&scripts::TOUCH_IMPORT, &keys, arguments).await?;
        read_import(&running.ok_or_else(|| EphemeralError::ImportNotRunning(key.clone()))?)
    }

    async fn close_import(&self, key: &ImportKey) -> Result<(), EphemeralError> {
        let mut unlink = redis::cmd("UNLINK");
        unlink.arg(Unit::Import(key.clone()).keys(&self.prefix));
        self.connection.query(&unlink).await.map_err(unavailable)
    }

    async fn sweep(&self, now: Millis) -> Result<(), EphemeralError> {
        sweep::destroy_due(&self.connection, &self.prefix, now).await.map_err(unavailable)
    }
}

fn append(command: &mut Cmd, bytes: &[u8]) {
    command.arg(bytes);
}

/// What a day is called among an import's nonces.
fn day_field(day: Day) -> [u8; 4] {
    day.0.to_be_bytes()
}

/// What to keep as a nonce: when it is destroyed (0 when its import knows that), then the nonce out of the slow log's sight.
fn new_nonce(destroy_at: Millis) -> Result<Zeroizing<Vec<u8>>, EphemeralError> {
    let mut kept = Zeroizing::new(vec![0; SLOW_LOG_BYTES + NONCE_BYTES]);
    let (head, nonce) = kept.split_at_mut(SLOW_LOG_BYTES);
    head[..8].copy_from_slice(&destroy_at.0.to_be_bytes());
    SysRng.try_fill_bytes(nonce).map_err(unavailable)?;
    Ok(kept)
}

fn read_nonce(kept: Vec<u8>) -> Result<VisitorDayNonce, EphemeralError> {
    let kept = Zeroizing::new(kept);
    let nonce = kept.get(SLOW_LOG_BYTES..).and_then(|nonce| nonce.try_into().ok());
    nonce.map(VisitorDayNonce).ok_or_else(not_ours)
}

/// Its end comes first: the scripts read it.
fn write_import(import: RunningImport) -> Vec<u8> {
    let times = [import.expire_time, import.create_time].map(|time| time.0.to_be_bytes());
    [times.as_flattened(), &[u8::from(import.include_bots)]].concat()
}

fn read_import(kept: &[u8]) -> Result<RunningImport, EphemeralError> {
    let (expire_time, rest) = kept.split_first_chunk::<8>().ok_or_else(not_ours)?;
    let (create_time, rest) = rest.split_first_chunk::<8>().ok_or_else(not_ours)?;
    let include_bots = *rest.first().ok_or_else(not_ours)? != 0;
    let [expire_time, create_time] = [expire_time, create_time].map(|bytes| Millis(i64::from_be_bytes(*bytes)));
    Ok(RunningImport { include_bots, create_time, expire_time })
}

fn unavailable(error: impl fmt::Display) -> EphemeralError {
    EphemeralError::Unavailable(error.to_string())
}

fn not_ours() -> EphemeralError {
    EphemeralError::Unavailable("a key of the ephemeral Redis was written by something else".to_owned())
}
