//! What an operator can set, parsed once.

use std::fmt;
use std::str::FromStr;

use analytics_rpc::Origin;

/// How the gateway is set up. The default: the page and grpc-web at `/`, for pages of the same origin only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GatewayOptions {
    /// The origins whose pages may call from a browser, beside the gateway's own. It protects people who browse, not data: programs
    /// send what origin they like, so every call needs its key all the same.
    pub allowed_origins: Vec<Origin>,
    /// Where the page and grpc-web live when a proxy gives this gateway a part of its paths only.
    pub path_prefix: PathPrefix,
    /// Where events are taken as JSON and by the pixel, below the prefix.
    pub track_path: TrackPath,
}

/// An option cannot be used as given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOption {
    /// Not a path prefix.
    #[error("`{given}` is no path prefix: {problem}; write it such as `/stats`, or leave it empty")]
    PathPrefix {
        /// What was given.
        given: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Not a path of its own.
    #[error(
        "`{0}` is no path of its own: write it such as `/track` or `/e/in`, of letters, digits and `-`, `_`, `.`, `~`"
    )]
    TrackPath(String),
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

/// A path: `/` and one or more segments, without a closing `/`. `/track` unless something else is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackPath(PathPrefix);

impl Default for TrackPath {
    fn default() -> Self {
        Self(PathPrefix("/track".to_owned()))
    }
}

impl FromStr for TrackPath {
    type Err = InvalidOption;

    fn from_str(given: &str) -> Result<Self, InvalidOption> {
        let path = given.parse().ok().filter(|path: &PathPrefix| !path.0.is_empty());
        path.map(Self).ok_or_else(|| InvalidOption::TrackPath(given.to_owned()))
    }
}

impl fmt::Display for TrackPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn events_are_taken_at_one_path_that_is_not_the_pages_own() {
        assert_eq!(TrackPath::default().to_string(), "/track");
        assert_eq!("/e/in".parse::<TrackPath>().unwrap().to_string(), "/e/in");
        for bad in ["", "/", "track", "/track/", "/{x}", "/*x", "/a b"] {
            assert!(matches!(bad.parse::<TrackPath>(), Err(InvalidOption::TrackPath(_))), "{bad}");
        }
    }
}
