//! The origins of web pages, exactly as browsers send them.

use std::{fmt, str::FromStr};

use http::uri::Authority;

/// The origin of a web page, as browsers send it: scheme, host and, unless it is the scheme's own, port. Two origins are the same only
/// when they are byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Not an origin, or not written as browsers write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is no origin: {problem}; write it as browsers send it, such as `https://stats.example.org` or `http://localhost:5173`"
)]
pub struct InvalidOrigin {
    /// What was given.
    pub given: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Origin {
    /// The value of the header `origin`: visible ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(given: &str) -> Result<Self, InvalidOrigin> {
        let invalid = |problem| InvalidOrigin { given: given.to_owned(), problem };
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
        let parsed: Authority = authority.parse().map_err(|_| invalid("its host or port cannot be read"))?;
        let port_is_readable = match parsed.port_u16() {
            Some(port) => port != 0,
            None => !authority_names_port(authority),
        };
        if parsed.host().is_empty() || !port_is_readable {
            return Err(invalid("its host or port cannot be read"));
        }
        Ok(Self(given.to_owned()))
    }
}

/// Whether text follows the host, be it a port or not. The colons of an IPv6 address stand in brackets.
fn authority_names_port(authority: &str) -> bool {
    authority.rsplit(']').next().is_some_and(|after_address| after_address.contains(':'))
}

impl fmt::Display for Origin {
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
            assert!(http::HeaderValue::from_str(good).is_ok());
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
}
