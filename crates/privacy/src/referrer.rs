//! What is kept of a referrer: where from, never which page.

use crate::url::host::{UrlParts, canonical_host, without_www};

/// Apps name themselves in the place of a host: `android-app://com.google.android.gm/`.
const APP_SCHEMES: &[&str] = &["android-app", "ios-app"];

/// The host of a referrer without `www.`, or the app's name for an app's. Absent when it is the event's own host (`www.`, port and
/// case aside), when there is none, and for everything that is no place on the web: files, extensions, `about:blank`, `-`.
pub fn referrer_host(referrer: &str, own_host: Option<&str>) -> Option<String> {
    let parts = UrlParts::split(referrer.trim())?;
    let is_app = APP_SCHEMES.iter().any(|scheme| parts.scheme.eq_ignore_ascii_case(scheme));
    if !parts.is_http() && !is_app {
        return None;
    }
    let host = parts.host()?;
    let host = without_www(&host);
    let own_host = own_host.and_then(canonical_host);
    let is_own = own_host.is_some_and(|own_host| without_www(&own_host) == host);
    (!is_own).then(|| host.to_owned())
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
            assert_eq!(referrer_host(referrer, Some("shop.example")).as_deref(), host, "{referrer}");
            assert_eq!(referrer_host(referrer, None).as_deref(), host, "{referrer}");
        }
    }

    #[test]
    fn the_events_own_host_is_none() {
        for (referrer, own_host) in [
            ("https://example.com/a", "example.com"),
            ("https://www.example.com/a", "example.com"),
            ("https://example.com/a", "www.example.com"),
            ("http://EXAMPLE.com:8080/a", "Example.com."),
            ("http://localhost:3000/", "localhost:5000"),
        ] {
            assert_eq!(referrer_host(referrer, Some(own_host)), None, "{referrer} {own_host}");
        }
        assert_eq!(
            referrer_host("https://blog.example.com/a", Some("example.com")).as_deref(),
            Some("blog.example.com")
        );
    }
}
