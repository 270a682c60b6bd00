//! What is kept of a referrer: where from, never which page.

use crate::url::host::{UrlParts, canonical_host, without_www};

/// Apps name themselves in the place of a host: `android-app://com.google.android.gm/`.
const APP_SCHEMES: &[&str] = &["android-app", "ios-app"];

/// What is kept of a referrer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// There is none, or it is no place on the web: a file, an extension, `about:blank`, `-`.
    None,
    /// The event's own host, `www.`, port and case aside.
    Own,
    /// Another host without `www.`, or the name of an app.
    Other(String),
}

impl Referrer {
    /// The host of another site, or the name of an app.
    pub fn into_host(self) -> Option<String> {
        match self {
            Self::None | Self::Own => None,
            Self::Other(host) => Some(host),
        }
    }
}

/// Cuts a referrer to its host. Takes any input.
pub fn clean_referrer(referrer: &str, own_host: Option<&str>) -> Referrer {
    let Some(parts) = UrlParts::split(referrer.trim()) else { return Referrer::None };
    let is_app = APP_SCHEMES.iter().any(|scheme| parts.scheme.eq_ignore_ascii_case(scheme));
    if !parts.is_http() && !is_app {
        return Referrer::None;
    }
    let Some(host) = parts.host() else { return Referrer::None };
    let host = without_www(&host);
    let own_host = own_host.and_then(canonical_host);
    if own_host.is_some_and(|own_host| without_www(&own_host) == host) {
        return Referrer::Own;
    }
    Referrer::Other(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referrer_is_its_host() {
        for (referrer, host) in [
            ("https://www.Google.com/search?q=secret", Some("google.com")),
            ("http://news.example.org:8080/a/b", Some("news.example.org")),
            ("https://alice@mail.example/inbox", Some("mail.example")),
            (" https://t.co/abc ", Some("t.co")),
            ("android-app://com.google.android.gm/", Some("com.google.android.gm")),
            ("-", None),
            ("", None),
            ("about:blank", None),
            ("file:///home/alice/x.html", None),
            ("chrome-extension://abcdefgh/x.html", None),
            ("google.com", None),
            ("https://", None),
            ("https:///x", None),
        ] {
            for own_host in [Some("shop.example"), None] {
                assert_eq!(clean_referrer(referrer, own_host).into_host().as_deref(), host, "{referrer}");
                assert_ne!(clean_referrer(referrer, own_host), Referrer::Own, "{referrer}");
            }
        }
    }

    #[test]
    fn the_events_own_host_is_told_apart() {
        for (referrer, own_host) in [
            ("https://example.com/a", "example.com"),
            ("https://www.example.com/a", "example.com"),
            ("https://example.com/a", "www.example.com"),
            ("http://EXAMPLE.com:8080/a", "Example.com."),
            ("http://localhost:3000/", "localhost:5000"),
        ] {
            assert_eq!(clean_referrer(referrer, Some(own_host)), Referrer::Own, "{referrer} {own_host}");
        }
        let other = Referrer::Other("blog.example.com".to_owned());
        assert_eq!(clean_referrer("https://blog.example.com/a", Some("example.com")), other);
    }
}
