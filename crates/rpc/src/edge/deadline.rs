//! Until when a caller waits for its answer: the header `grpc-timeout`.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;
use tonic::metadata::MetadataMap;

const HEADER: &str = "grpc-timeout";
const WITHOUT_HEADER: Duration = Duration::from_secs(10);
/// An answer has to be encoded and sent too: a tenth of the time is kept for that, but no more than this.
const MAX_RESERVE: Duration = Duration::from_millis(100);

/// The instant by which the handler of a call that came in at `now` must have its answer, so that it reaches the caller in time.
/// Behind an edge this is never later than the server's own limit; a call in process without a deadline gets ten seconds.
pub fn deadline_of(metadata: &MetadataMap, now: Instant) -> Instant {
    let value = metadata.get(HEADER).and_then(|value| value.to_str().ok());
    let timeout = value.and_then(timeout_from).unwrap_or(WITHOUT_HEADER);
    now + timeout - (timeout / 10).min(MAX_RESERVE)
}

/// When the call ends at the latest. The header is brought down to that, so that everything behind sees one deadline.
pub(super) fn bound(headers: &mut HeaderMap, now: Instant, longest: Duration) -> Instant {
    let asked = headers.get(HEADER).and_then(|value| value.to_str().ok()).and_then(timeout_from);
    match asked {
        Some(timeout) if timeout <= longest => now + timeout,
        _ => {
            let longest_ms = longest.as_millis().min(99_999_999);
            let value =
                HeaderValue::try_from(format!("{longest_ms}m")).expect("digits and a letter are a header value");
            headers.insert(HEADER, value);
            now + longest
        }
    }
}

/// Reads a `grpc-timeout`: at most eight digits and a unit.
fn timeout_from(text: &str) -> Option<Duration> {
    let unit = text.bytes().last()?;
    let digits = text.get(..text.len() - 1)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    Some(match unit {
        b'H' => Duration::from_secs(amount * 3600),
        b'M' => Duration::from_secs(amount * 60),
        b'S' => Duration::from_secs(amount),
        b'm' => Duration::from_millis(amount),
        b'u' => Duration::from_micros(amount),
        b'n' => Duration::from_nanos(amount),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_read_as_the_protocol_writes_them() {
        for (text, timeout) in [
            ("1H", Some(Duration::from_secs(3600))),
            ("2M", Some(Duration::from_secs(120))),
            ("3S", Some(Duration::from_secs(3))),
            ("4m", Some(Duration::from_millis(4))),
            ("5u", Some(Duration::from_micros(5))),
            ("99999999n", Some(Duration::from_nanos(99_999_999))),
            ("999999999n", None),
            ("S", None),
            ("", None),
            ("-1S", None),
            ("1x", None),
        ] {
            assert_eq!(timeout_from(text), timeout, "{text}");
        }
    }

    #[test]
    fn the_servers_limit_bounds_what_a_caller_allows() {
        let now = Instant::now();
        let longest = Duration::from_secs(10);
        for (sent, kept) in [("2S", "2S"), ("1H", "10000m"), ("nonsense", "10000m")] {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, sent.parse().expect("a value"));
            let end = bound(&mut headers, now, longest);
            assert_eq!(headers[HEADER], kept);
            assert_eq!(end, now + timeout_from(kept).expect("a timeout"));
        }
    }

    #[test]
    fn a_handler_has_to_finish_before_its_caller_gives_up() {
        let now = Instant::now();
        let mut metadata = MetadataMap::new();
        assert_eq!(deadline_of(&metadata, now), now + Duration::from_millis(9_900));
        metadata.insert(HEADER, "100m".parse().expect("a value"));
        assert_eq!(deadline_of(&metadata, now), now + Duration::from_millis(90));
    }
}
