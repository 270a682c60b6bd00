//! The page: the path of a URL without what could tell who looked at it.

use std::borrow::Cow;

use super::percent::decode_fully;
use crate::personal::{Surroundings, personal_data};

/// What stands in a page or campaign tag for what looked like personal data or a secret.
pub const REDACTED: &str = ":redacted";

/// A longer page is cut to this many bytes, after cleaning: a cut before it could leave the half of an address that no rule knows.
pub const MAX_PAGE_BYTES: usize = 4096;

/// Cleans a path. It stays as sent (not decoded, case and slashes kept) but for the parts that are redacted: segments, and within a
/// segment the parameters that a semicolon starts, so that `/shop;jsessionid=…` remains the page `/shop`. Empty becomes `/`.
pub(super) fn clean_path(path: &str) -> String {
    let path = without_controls(path);
    let path = path.trim();
    if path.is_empty() {
        return "/".to_owned();
    }
    let mut page = String::with_capacity(path.len().min(MAX_PAGE_BYTES));
    let mut previous_segment: Cow<'_, [u8]> = Cow::Borrowed(b"");
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            page.push('/');
        }
        for (part_index, part) in segment.split(';').enumerate() {
            if part_index > 0 {
                page.push(';');
            }
            let decoded = decode_fully(part);
            match personal_data(&decoded, Surroundings::PathAfter(&previous_segment)) {
                Some(_) => page.push_str(REDACTED),
                None => page.push_str(part),
            }
        }
        previous_segment = decode_fully(segment);
        if page.len() > MAX_PAGE_BYTES {
            break;
        }
    }
    cut(&mut page);
    page
}

/// Cuts a page that is too long, within no character and no `%XX`.
pub(super) fn cut(page: &mut String) {
    page.truncate(floor_escape(page, floor_boundary(page, MAX_PAGE_BYTES)));
}

/// Browsers remove line breaks and tabs from URLs; no store needs the others.
pub(super) fn without_controls(path: &str) -> Cow<'_, str> {
    if path.chars().any(char::is_control) {
        Cow::Owned(path.chars().filter(|character| !character.is_control()).collect())
    } else {
        Cow::Borrowed(path)
    }
}

/// The largest length up to `max_bytes` that splits no character.
pub(super) fn floor_boundary(text: &str, max_bytes: usize) -> usize {
    (0..=max_bytes.min(text.len())).rev().find(|length| text.is_char_boundary(*length)).unwrap_or(0)
}

/// The largest length up to `length` that splits no `%XX`, if the text is longer.
fn floor_escape(text: &str, length: usize) -> usize {
    if length == text.len() {
        return length;
    }
    let tail_start = length.saturating_sub(2);
    text.as_bytes()[tail_start..length]
        .iter()
        .position(|byte| *byte == b'%')
        .map_or(length, |offset| tail_start + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_redacted_apart_from_their_segment() {
        assert_eq!(clean_path("/shop/list.do;jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9"), "/shop/list.do;:redacted");
        assert_eq!(clean_path("/cars;colour=red/x"), "/cars;colour=red/x");
    }

    #[test]
    fn a_path_stays_as_sent() {
        for path in [
            "/",
            "//favicon.ico",
            "/a//b/",
            "/A%20b/%C3%BC",
            "relative/path",
            "/100%",
            "/%",
            "*",
            "/a;b;;c/",
            "/ü/日本語",
        ] {
            assert_eq!(clean_path(path), path);
        }
        assert_eq!(clean_path(""), "/");
        assert_eq!(clean_path("/a\n\tb\0"), "/ab");
        assert_eq!(clean_path("/a \n"), "/a");
    }

    #[test]
    fn a_long_path_is_cut_after_it_was_cleaned() {
        let words = "/word".repeat(2000);
        assert_eq!(clean_path(&words), &words[..MAX_PAGE_BYTES]);
        let address_over_the_edge = format!("/{}/alice@example.com/x", "word/".repeat(817) + "wor");
        assert_eq!(address_over_the_edge.find('@'), Some(MAX_PAGE_BYTES - 1));
        assert!(!clean_path(&address_over_the_edge).contains("alice"));
        let escape_over_the_edge = format!("/{}abc%C3%BC", "word/".repeat(818));
        assert_eq!(clean_path(&escape_over_the_edge), escape_over_the_edge[..MAX_PAGE_BYTES - 2]);
        let umlaut_over_the_edge = format!("/{}abü", "word/".repeat(818));
        assert_eq!(clean_path(&umlaut_over_the_edge), umlaut_over_the_edge);
    }
}
