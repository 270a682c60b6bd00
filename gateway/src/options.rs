//! What an operator can set, parsed once.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

/// How the gateway is set up. The default: the page and grpc-web at `/`, for pages of the same origin only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GatewayOptions {
    /// The origins whose pages may call from a browser, beside the gateway's own. It protects people who browse, not data: programs
    /// send what origin they like, so every call needs its key all the same.
    pub allowed_origins: Vec<Origin>,
    /// Where the page and grpc-web live when a proxy gives this gateway a part of its paths only.
    pub path_prefix: PathPrefix,
}

/// An option cannot be used as given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOption {
    /// Not an origin, or not written as browsers write it.
    #[error(
        "`{given}` is no origin: {problem}; write it as browsers send it, such as `https://stats.example.org` or `http://localhost:5173`"
    )]
    Origin {
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Not a path prefix.
    #[error("`{given}` is no path prefix: {problem}; write it such as `/stats`, or leave it empty")]
    PathPrefix {
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// The origin of a web page, as browsers send it: scheme, host and, unless it is the scheme's own, port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    pub(crate) fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl FromStr for Origin {
    type Err = InvalidOption;

    fn from_str(given: &str) -> Result<Self, InvalidOption> {
        let invalid = |problem| InvalidOption::Origin { given: given.to_owned(), problem };
        match given {
            "*" => return Err(invalid("name each origin; all of them cannot be allowed")),
            "null" => {
                return Err(invalid("`null` is the origin of sandboxed pages and local files, which anyone can make"));
            }
            _ => {}
        }
        let (scheme, authority) = given.split_once("://").ok_or_else(|| invalid("it lacks `http://` or `https://`"))?;
        let default_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(invalid("its scheme is neither `http` nor `https`")),
        };
        if authority.ends_with(default_port) {
            return Err(invalid("browsers leave the scheme's own port out"));
        }
        if authority.contains(['/', '?', '#', '@', '*']) {
            return Err(invalid("it has more than scheme, host and port, or a wildcard"));
        }
        if authority.contains(|c: char| c.is_ascii_uppercase() || !c.is_ascii()) {
            return Err(invalid("browsers send hosts in lower case, and names beyond ASCII as `xn--…`"));
        }
        let parsed: http::uri::Authority = authority.parse().map_err(|_| invalid("its host or port cannot be read"))?;
        let port_is_readable = match parsed.port_u16() {
            Some(port) => port != 0,
            None => !authority_names_port(authority),
        };
        if parsed.host().is_empty() || !port_is_readable {
            return Err(invalid("its host or port cannot be read"));
        }
        HeaderValue::from_str(given).map(Self).map_err(|_| invalid("it has characters that no header can carry"))
    }
}

/// Whether text follows the host, be it a port or not. The colons of an IPv6 address stand in brackets.
fn authority_names_port(authority: &str) -> bool {
    authority.rsplit(']').next().is_some_and(|after_address| after_address.contains(':'))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

/// The part of the path that comes before the gateway's own paths: empty, or `/` and one or more segments, without a closing `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathPrefix(String);

impl PathPrefix {
    /// What follows the prefix: empty, or a path from its `/` on. None when the path is not below the prefix.
    pub(crate) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.0.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}

impl FromStr for PathPrefix {
    type Err = InvalidOption;

    fn from_str(given: &str) -> Result<Self, InvalidOption> {
        let invalid = |problem| InvalidOption::PathPrefix { given: given.to_owned(), problem };
        let Some(segments) = given.strip_prefix('/') else {
            return if given.is_empty() { Ok(Self::default()) } else { Err(invalid("it does not start with `/`")) };
        };
        for segment in segments.split('/') {
            if segment.is_empty() {
                return Err(invalid("it ends with `/` or has an empty part"));
            }
            if matches!(segment, "." | "..")
                || !segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
            {
                return Err(invalid("its parts may have letters, digits and `-`, `_`, `.`, `~` only"));
            }
        }
        Ok(Self(given.to_owned()))
    }
}

impl fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_taken_as_browsers_send_them() {
        for good in
            ["https://stats.example.org", "http://localhost:5173", "http://[::1]:4000", "https://xn--bcher-kva.example"]
        {
            assert_eq!(good.parse::<Origin>().map(|origin| origin.to_string()).as_deref(), Ok(good));
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused_with_the_reason() {
        for (bad, problem) in [
            ("*", "cannot be allowed"),
            ("null", "anyone can make"),
            ("", "lacks"),
            ("stats.example.org", "lacks"),
            ("ftp://example.org", "neither"),
            ("https://example.org/", "more than"),
            ("https://example.org/path", "more than"),
            ("https://*.example.org", "wildcard"),
            ("https://user@example.org", "more than"),
            ("https://Example.org", "lower case"),
            ("https://bücher.example", "xn--"),
            ("https://example.org:443", "own port"),
            ("http://example.org:80", "own port"),
            ("http://example.org:", "cannot be read"),
            ("http://example.org:99999", "cannot be read"),
            ("http://example.org:0", "cannot be read"),
            ("https://", "cannot be read"),
            ("https://:8443", "cannot be read"),
            ("https://a b", "cannot be read"),
        ] {
            let refusal = bad.parse::<Origin>().expect_err(bad).to_string();
            assert!(refusal.contains(problem), "{bad}: {refusal}");
        }
    }

    #[test]
    fn a_prefix_covers_whole_segments_only() {
        let prefix: PathPrefix = "/stats/v1".parse().unwrap();
        assert_eq!(prefix.strip("/stats/v1"), Some(""));
        assert_eq!(prefix.strip("/stats/v1/"), Some("/"));
        assert_eq!(prefix.strip("/stats/v1/a/b"), Some("/a/b"));
        for outside in ["", "/", "/stats", "/stats/v1x", "/stats/v10/a", "x/stats/v1", "*"] {
            assert_eq!(prefix.strip(outside), None, "{outside}");
        }
        assert_eq!(PathPrefix::default().strip("/a"), Some("/a"));
        assert_eq!(PathPrefix::default().strip("*"), None);
    }

    #[test]
    fn prefixes_that_cannot_be_matched_are_refused() {
        for bad in ["stats", "/", "/stats/", "//stats", "/a//b", "/..", "/a/./b", "/a b", "/a?b", "/%61", "/ä"] {
            assert!(matches!(bad.parse::<PathPrefix>(), Err(InvalidOption::PathPrefix { .. })), "{bad}");
        }
    }
}
