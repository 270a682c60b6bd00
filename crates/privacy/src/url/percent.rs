//! Percent-decoding, for looking into a URL.

use std::borrow::Cow;

/// Redirects encode URLs within URLs. Deeper nesting than this does not occur by itself.
const MAX_DEPTH: usize = 4;

/// Decodes until nothing changes, so that `%2540` is found to be an at sign. What is no valid escape stays as it is.
pub(crate) fn decode_fully(text: &str) -> Cow<'_, [u8]> {
    let mut decoded = Cow::Borrowed(text.as_bytes());
    for _ in 0..MAX_DEPTH {
        match decode_once(&decoded) {
            Some(next) => decoded = Cow::Owned(next),
            None => break,
        }
    }
    decoded
}

/// Decodes every escape once; None when there is none.
pub(crate) fn decode_once(bytes: &[u8]) -> Option<Vec<u8>> {
    let first = bytes.windows(3).position(|window| escaped_byte(window).is_some())?;
    let mut decoded = Vec::with_capacity(bytes.len());
    decoded.extend_from_slice(&bytes[..first]);
    let mut rest = &bytes[first..];
    while let Some(byte) = rest.first() {
        let (byte, length) = match escaped_byte(rest) {
            Some(escaped) => (escaped, 3),
            None => (*byte, 1),
        };
        decoded.push(byte);
        rest = &rest[length..];
    }
    Some(decoded)
}

/// The byte that `%XX` at the start stands for.
fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(*high)? * 16 + value(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_escapes_are_decoded() {
        assert_eq!(*decode_fully("alice%40example.com"), *b"alice@example.com");
        assert_eq!(*decode_fully("alice%252540example.com"), *b"alice@example.com");
        assert_eq!(*decode_fully("%e2%82%ac"), *"€".as_bytes());
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in ["", "%", "100%", "%4", "%zz", "%%", "a%2", "plain"] {
            assert_eq!(*decode_fully(text), *text.as_bytes(), "{text}");
            assert!(matches!(decode_fully(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
