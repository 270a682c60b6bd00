//! UUIDs and long hexadecimal numbers: session ids, object ids, digests.

/// Shorter runs are common in clean paths: abbreviated commits, colours, numbers of articles.
const SHORTEST_HEX_DIGITS: usize = 16;

/// Whether a UUID in its usual form stands anywhere in the text. Without hyphens it is a long hexadecimal number.
pub(super) fn contains_uuid(text: &[u8]) -> bool {
    text.windows(36).any(|window| {
        window.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => matches!(byte, b'-' | b'_'),
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Whether 16 or more hexadecimal digits follow each other, a letter among them. Numbers without one are told apart as numbers.
pub(super) fn contains_long_hex(text: &[u8]) -> bool {
    text.split(|byte| !byte.is_ascii_hexdigit())
        .any(|run| run.len() >= SHORTEST_HEX_DIGITS && !run.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_found() {
        for text in [
            "550e8400-e29b-41d4-a716-446655440000",
            "urn:uuid:550E8400-E29B-41D4-A716-446655440000",
            "order-{550e8400-e29b-41d4-a716-446655440000}.pdf",
            "550e8400_e29b_41d4_a716_446655440000",
        ] {
            assert!(contains_uuid(text.as_bytes()), "{text}");
        }
        assert!(!contains_uuid(b"550e8400-e29b-41d4-a716-44665544000"));
        assert!(!contains_uuid(b"550e8400-e29b-41d4-a716-44665544000g"));
    }

    #[test]
    fn hexadecimal_numbers_are_found_from_16_digits_on() {
        assert!(contains_long_hex(b"9f86d081884c7d65"));
        assert!(contains_long_hex(b"x-9F86D081884C7D659A2FEAA0C55AD015.pdf"));
        assert!(contains_long_hex(b"0x71C7656EC7ab88b098defB751B7401B5f6d8976F"));
        assert!(!contains_long_hex(b"9f86d081884c7d6"));
        assert!(!contains_long_hex(b"1234567890123456"));
        assert!(!contains_long_hex(b"9f86d081-884c7d65"));
    }
}
