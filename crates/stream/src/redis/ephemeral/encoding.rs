//! Nonces and imports as they stand in Redis. What the scripts read comes first: the instant at which it ends.

use std::fmt;

use analytics_domain::{
    Day, Millis,
    ports::{EphemeralError, RunningImport, VisitorDayNonce},
};
use rand::{TryRng, rngs::SysRng};
use zeroize::Zeroizing;

/// Redis remembers slow commands, those of scripts too, for anybody to read: of each argument the first 128 bytes. A nonce comes after
/// as many, so that nothing holds it once it is destroyed.
const SLOW_LOG_BYTES: usize = 128;

const NONCE_BYTES: usize = 32;

/// What a day is called among an import's nonces.
pub(super) fn day_field(day: Day) -> [u8; 4] {
    day.0.to_be_bytes()
}

/// A nonce that nobody has.
pub(super) fn new_nonce() -> Result<VisitorDayNonce, EphemeralError> {
    let mut nonce = VisitorDayNonce([0; NONCE_BYTES]);
    SysRng.try_fill_bytes(&mut nonce.0).map_err(unavailable)?;
    Ok(nonce)
}

/// What to keep as a nonce: when it is destroyed (0 when its import knows that), then the nonce out of the slow log's sight.
pub(super) fn write_nonce(destroy_at: Millis, nonce: &[u8; NONCE_BYTES]) -> Zeroizing<Vec<u8>> {
    let mut kept = Zeroizing::new(vec![0; SLOW_LOG_BYTES + NONCE_BYTES]);
    let (head, tail) = kept.split_at_mut(SLOW_LOG_BYTES);
    head[..8].copy_from_slice(&destroy_at.0.to_be_bytes());
    tail.copy_from_slice(nonce);
    kept
}

/// When a nonce is destroyed, and the nonce.
pub(super) fn read_nonce(kept: Vec<u8>) -> Result<(Millis, VisitorDayNonce), EphemeralError> {
    let kept = Zeroizing::new(kept);
    let destroy_at = kept.first_chunk::<8>().map(|head| Millis(i64::from_be_bytes(*head))).ok_or_else(not_ours)?;
    let nonce = kept.get(SLOW_LOG_BYTES..).and_then(|nonce| nonce.try_into().ok());
    Ok((destroy_at, nonce.map(VisitorDayNonce).ok_or_else(not_ours)?))
}

pub(super) fn write_import(import: RunningImport) -> Vec<u8> {
    let times = [import.expire_time, import.create_time].map(|time| time.0.to_be_bytes());
    [times.as_flattened(), &[u8::from(import.include_bots)]].concat()
}

pub(super) fn read_import(kept: &[u8]) -> Result<RunningImport, EphemeralError> {
    let (expire_time, rest) = kept.split_first_chunk::<8>().ok_or_else(not_ours)?;
    let (create_time, rest) = rest.split_first_chunk::<8>().ok_or_else(not_ours)?;
    let include_bots = *rest.first().ok_or_else(not_ours)? != 0;
    let [expire_time, create_time] = [expire_time, create_time].map(|bytes| Millis(i64::from_be_bytes(*bytes)));
    Ok(RunningImport { include_bots, create_time, expire_time })
}

pub(super) fn unavailable(error: impl fmt::Display) -> EphemeralError {
    EphemeralError::Unavailable(error.to_string())
}

fn not_ours() -> EphemeralError {
    EphemeralError::Unavailable("a key of the ephemeral Redis was written by something else".to_owned())
}
