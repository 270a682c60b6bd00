use analytics_domain::{DurationMs, Micros};
use analytics_rpc::RpcError;
use pbjson_types::{Duration, Timestamp};

/// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, as the message's own documentation says.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

pub(super) fn timestamp(time: Micros) -> Timestamp {
    let nanos = time.0.rem_euclid(1_000_000) * 1000;
    Timestamp { seconds: time.0.div_euclid(1_000_000), nanos: nanos as i32 }
}

pub(super) fn duration(length: DurationMs) -> Duration {
    Duration { seconds: length.0 / 1000, nanos: (length.0 % 1000 * 1_000_000) as i32 }
}

pub(super) fn instant_of(field: &str, timestamp: Timestamp) -> Result<Micros, RpcError> {
    let valid = SECONDS.contains(&timestamp.seconds) && (0..1_000_000_000).contains(&timestamp.nanos);
    let instant = valid.then(|| Micros(timestamp.seconds * 1_000_000 + i64::from(timestamp.nanos) / 1000));
    instant.ok_or_else(|| RpcError::invalid_field(field, "is no instant of the years 1 to 9999"))
}

/// Milliseconds are kept, what is less is cut off.
pub(super) fn length_of(field: &str, duration: Duration) -> Result<DurationMs, RpcError> {
    let valid = duration.seconds.unsigned_abs() <= 315_576_000_000
        && duration.nanos.unsigned_abs() < 1_000_000_000
        && (duration.seconds == 0 || duration.nanos == 0 || (duration.seconds < 0) == (duration.nanos < 0));
    let length = valid.then(|| DurationMs(duration.seconds * 1000 + i64::from(duration.nanos) / 1_000_000));
    length.ok_or_else(|| RpcError::invalid_field(field, "is no duration of at most 10,000 years"))
}
