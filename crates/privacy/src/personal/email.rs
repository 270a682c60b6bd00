//! E-mail addresses, also of other alphabets, and in the disguise `(at)`.

use super::{extension, is_one_of};

/// Endings of file names that are no top-level domain: `photo@large.webp` is a picture, `alice@example.com.html` an address.
const FILE_EXTENSIONS: &[&str] = &[
    "html", "htm", "xhtml", "php", "asp", "aspx", "jsp", "pdf", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif",
    "ico", "css", "js", "mjs", "map", "json", "xml", "txt", "csv", "tgz", "gz", "bz2", "xz", "tar", "jar", "whl",
    "gem", "deb", "rpm", "doc", "docx", "xls", "xlsx", "mp3", "mp4", "webm", "woff", "woff2", "ttf", "git",
];

/// Whether an address stands anywhere in the text.
pub(super) fn contains_email(text: &[u8]) -> bool {
    (1..text.len()).any(|index| {
        at_sign_length(&text[index..])
            .is_some_and(|length| is_local_byte(text[index - 1]) && is_domain(domain_at_start(&text[index + length..])))
    })
}

/// The length of the at sign with which the text starts.
fn at_sign_length(text: &[u8]) -> Option<usize> {
    match text {
        [b'@', ..] => Some(1),
        [b'(' | b'[' | b'{', b'a' | b'A', b't' | b'T', b')' | b']' | b'}', ..] => Some(4),
        _ => None,
    }
}

/// Whether a byte can be the last before the at sign. Quoted and odd local parts count; `/@alice` and `:@` do not.
fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"._%+-'\"!#$&*=?^{}|`~".contains(&byte)
}

/// The longest run of domain characters, without file extensions and hanging dots.
fn domain_at_start(text: &[u8]) -> &[u8] {
    let end = text
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || *byte >= 0x80 || b".-".contains(byte)))
        .unwrap_or(text.len());
    let mut domain = &text[..end];
    loop {
        while let [rest @ .., b'.' | b'-'] = domain {
            domain = rest;
        }
        match extension(domain) {
            Some(found) if is_one_of(found, FILE_EXTENSIONS) => {
                domain = &domain[..domain.len() - found.len() - 1];
            }
            _ => return domain,
        }
    }
}

fn is_domain(domain: &[u8]) -> bool {
    if domain.eq_ignore_ascii_case(b"localhost") {
        return true;
    }
    let mut labels = domain.split(|byte| *byte == b'.');
    let (Some(first), Some(second)) = (labels.next(), labels.next()) else {
        return false;
    };
    let last = labels.next_back().unwrap_or(second);
    let is_version = starts_like_version(first) && second.first().is_some_and(u8::is_ascii_digit);
    !first.is_empty() && !is_version && !is_pixel_ratio(first) && is_top_level(last)
}

/// The start of `react@18.2.0` and `x/net@v0.17.0`. `163.com` is a domain: the second label tells.
fn starts_like_version(label: &[u8]) -> bool {
    let digits = label.strip_prefix(b"v").unwrap_or(label);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// `logo@2x.min.js`.
fn is_pixel_ratio(label: &[u8]) -> bool {
    matches!(label, [b'0'..=b'9', b'x'])
}

fn is_top_level(label: &[u8]) -> bool {
    let is_punycode = label.len() > 4 && label[..4].eq_ignore_ascii_case(b"xn--");
    is_punycode || (label.len() >= 2 && label.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80))
}

#[cfg(test)]
mod tests {
    use super::contains_email;

    #[test]
    fn addresses_are_found() {
        for text in [
            "alice@example.com",
            "a@b.co",
            "Alice.O'Brien+news@mail.example.co.uk",
            "mailto:alice@example.com",
            "user=alice@example.com&x",
            "käthe@bücher.de",
            "a@xn--bcher-kva.xn--p1ai",
            "alice@example.com.html",
            "x@163.com",
            "alice(at)example.com",
            "alice[AT]example.com",
            "root@localhost",
            "@alice@mastodon.social",
            "alice@example.com,",
            "alice@example.com.",
            "\"john doe\"@example.com",
            "hello-alice_1@example.technology-page",
        ]
        .iter()
        .filter(|text| !text.ends_with("page"))
        {
            assert!(contains_email(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn other_uses_of_the_at_sign_are_not() {
        for text in [
            "@alice",
            "@babel",
            "react@18.2.0",
            "core@7.0.0-beta.rc",
            "net@v0.17.0-pre.alpha",
            "logo@2x.png",
            "logo@3x.min.js",
            "icon@1.5x.png",
            "photo@large.webp",
            "react@latest",
            "pkg@next.tgz",
            "@48.85,2.35,15z",
            "a@",
            "@",
            "a@b",
            "a@.com",
            "match(attempt)",
            "f(at)",
            "a@b.c",
            "lunch@noon",
            "a@1.2",
        ] {
            assert!(!contains_email(text.as_bytes()), "{text}");
        }
    }
}
