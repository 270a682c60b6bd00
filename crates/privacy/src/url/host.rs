//! The host of a URL, in the one form in which hosts are compared.

/// No host name is longer (RFC 1035).
const MAX_HOST_BYTES: usize = 253;

/// A URL taken apart as far as hosts go. Nothing is decoded.
pub(crate) struct UrlParts<'a> {
    /// The scheme, as sent.
    pub(crate) scheme: &'a str,
    /// What stands between `//` and the path: user, host, port.
    authority: &'a str,
    /// Path, query and fragment.
    pub(crate) rest: &'a str,
}

impl<'a> UrlParts<'a> {
    /// Splits `scheme://authority/rest`. None for anything else; `//host/path` is no URL but a path, which is how logs write it.
    pub(crate) fn split(url: &'a str) -> Option<Self> {
        let (scheme, behind) = url.split_once("://")?;
        let mut bytes = scheme.bytes();
        let is_scheme = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !is_scheme {
            return None;
        }
        let end = behind.find(['/', '?', '#', '\\']).unwrap_or(behind.len());
        let (authority, rest) = behind.split_at(end);
        Some(Self { scheme, authority, rest })
    }

    /// Whether it came over the web.
    pub(crate) fn is_http(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("http") || self.scheme.eq_ignore_ascii_case("https")
    }

    /// The host, in canonical form.
    pub(crate) fn host(&self) -> Option<String> {
        let host_and_port = match self.authority.rsplit_once('@') {
            Some((_user, host_and_port)) => host_and_port,
            None => self.authority,
        };
        canonical_host(host_and_port)
    }
}

/// Lower case, without port and trailing dot. None when nothing is left or it cannot be a host.
pub(crate) fn canonical_host(host_and_port: &str) -> Option<String> {
    let (host, is_ipv6) = match host_and_port.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _port)) => (address, true),
        None => (host_and_port.split(':').next().unwrap_or_default(), false),
    };
    let host = host.trim_end_matches('.');
    let is_host = !host.is_empty()
        && host.len() <= MAX_HOST_BYTES
        && host.chars().all(|character| match character {
            ':' => is_ipv6,
            '-' | '.' | '_' => true,
            _ => character.is_alphanumeric(),
        });
    if !is_host {
        return None;
    }
    let host = host.to_lowercase();
    Some(if is_ipv6 { format!("[{host}]") } else { host })
}

/// The host without `www.`, unless nothing like a domain would remain.
pub(crate) fn without_www(host: &str) -> &str {
    match host.strip_prefix("www.") {
        Some(rest) if rest.contains('.') => rest,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_lower_case_without_port_and_trailing_dot() {
        for (given, host) in [
            ("Example.COM:8080", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("[2001:DB8::1]:443", Some("[2001:db8::1]")),
            ("127.0.0.1:3000", Some("127.0.0.1")),
            ("Bücher.example", Some("bücher.example")),
            ("my_host", Some("my_host")),
            ("", None),
            (":80", None),
            (".", None),
            ("exa mple.com", None),
            ("a<script>", None),
            ("[]", None),
        ] {
            assert_eq!(canonical_host(given).as_deref(), host, "{given}");
        }
        assert_eq!(canonical_host(&"a".repeat(254)), None);
    }

    #[test]
    fn the_user_of_a_url_is_not_its_host() {
        let parts = UrlParts::split("https://alice:secret@example.com@Real.example:8443/x").unwrap();
        assert_eq!(parts.host().as_deref(), Some("real.example"));
        assert_eq!(parts.rest, "/x");
        assert!(UrlParts::split("/redirect?to=http://example.com").is_none());
        assert!(UrlParts::split("//example.com/x").is_none());
    }

    #[test]
    fn www_is_cut_only_before_a_domain() {
        assert_eq!(without_www("www.example.com"), "example.com");
        assert_eq!(without_www("www.localhost"), "www.localhost");
        assert_eq!(without_www("wwwexample.com"), "wwwexample.com");
    }
}
