//! How much streams may hold.

use std::time::Duration;

/// How often the key of a stream is looked at, between the batches: a revocation holds within five seconds.
pub(super) const KEY_CHECK: Duration = Duration::from_secs(1);
/// A batch is answered within this: as a unary call is.
pub(super) const BATCH_TIMEOUT: Duration = Duration::from_secs(10);
/// A client that does not take an answer for so long is given up.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// How much streams may hold.
#[derive(Debug, Clone)]
pub struct StreamLimits {
    /// So many streams of one key are open at the same time; more are told to come back.
    pub of_key: usize,
    /// So many batches of one stream wait for their answer; more are not read.
    pub batches: usize,
    /// So many bytes of requests of one stream wait for their answer; more are not read. One more message may be in hand.
    pub bytes: usize,
    /// So many bytes of requests of all streams together are made ready or being appended; more wait. At least `message_bytes`.
    pub bytes_of_all: usize,
    /// The largest message, in bytes, as the service was told: what is said to who sent a larger one.
    pub message_bytes: usize,
    /// A stream over which nothing came for so long is ended.
    pub idle: Duration,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self {
            of_key: 256,
            batches: 16,
            bytes: 4 << 20,
            bytes_of_all: 32 << 20,
            message_bytes: 1 << 20,
            idle: Duration::from_secs(5 * 60),
        }
    }
}
