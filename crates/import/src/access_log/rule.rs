//! Which lines are events.

use super::line::LogLine;

/// Files that belong to pages, and what programs rather than people ask for.
const ASSETS: &[&str] = &[
    "css", "js", "mjs", "map", "json", "xml", "txt", "ico", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "woff",
    "woff2", "ttf", "eot", "mp4", "webm", "mp3",
];
const DOWNLOADS: &[&str] = &["pdf", "zip", "gz", "tar", "dmg", "exe", "deb", "rpm"];

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    View,
    Download,
    Skipped(Skip),
}

/// Why a line is no event. The first reason that holds is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// The method is not GET.
    Method,
    /// The answer was neither a success nor "not modified".
    Status,
    /// The file belongs to a page.
    Asset,
}

impl Skip {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Status => "status",
            Self::Asset => "asset",
        }
    }
}

/// Decides what a line is.
pub(super) fn decide(line: &LogLine<'_>) -> Decision {
    if line.method != b"GET" {
        return Decision::Skipped(Skip::Method);
    }
    if !matches!(line.status, 200..=299 | 304) {
        return Decision::Skipped(Skip::Status);
    }
    let extension = extension_of(path_of(line.target));
    let is_one_of = |list: &[&str]| list.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()));
    if is_one_of(ASSETS) {
        Decision::Skipped(Skip::Asset)
    } else if is_one_of(DOWNLOADS) {
        Decision::Download
    } else {
        Decision::View
    }
}

/// The target up to its query, or up to a fragment, which no request should have.
fn path_of(target: &[u8]) -> &[u8] {
    target.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default()
}

/// What stands behind the last point of the last segment; empty without a point.
fn extension_of(path: &[u8]) -> &[u8] {
    let segment = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    segment.iter().rposition(|byte| *byte == b'.').map_or(b"", |point| &segment[point + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(request: &str, status: u16) -> Decision {
        let line = format!("192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"{request}\" {status} 5");
        decide(&LogLine::parse(line.as_bytes()).unwrap())
    }

    #[test]
    fn pages_downloads_and_the_rest_are_told_apart() {
        let asset = Decision::Skipped(Skip::Asset);
        for (target, expected) in [
            ("/", Decision::View),
            ("", Decision::View),
            ("/blog/geekery/ssl-latency.html?utm_source=x.css", Decision::View),
            ("/js", Decision::View),
            ("/css/", Decision::View),
            ("/v1.2", Decision::View),
            ("/report.pdfx", Decision::View),
            ("/a.css/b", Decision::View),
            ("/style.css", asset),
            ("/STYLE.CSS?v=2", asset),
            ("/.json", asset),
            ("/favicon.ico", asset),
            ("/robots.txt", asset),
            ("/font.woff2", asset),
            ("/app.js#top", asset),
            ("/files/logstash-1.3.2.tar.gz", Decision::Download),
            ("/files/Paper.PDF?download=1", Decision::Download),
            ("/setup.exe", Decision::Download),
        ] {
            assert_eq!(decided(&format!("GET {target} HTTP/1.1"), 200), expected, "{target}");
        }
    }

    #[test]
    fn every_extension_of_the_rule_counts() {
        for extension in ASSETS {
            assert_eq!(decided(&format!("GET /a.{extension} HTTP/1.1"), 200), Decision::Skipped(Skip::Asset));
        }
        for extension in DOWNLOADS {
            assert_eq!(decided(&format!("GET /a.{extension} HTTP/1.1"), 200), Decision::Download);
        }
    }

    #[test]
    fn method_comes_before_status_and_status_before_asset() {
        for (request, status, expected) in [
            ("POST /a.css HTTP/1.1", 500, Decision::Skipped(Skip::Method)),
            ("HEAD / HTTP/1.1", 200, Decision::Skipped(Skip::Method)),
            ("get / HTTP/1.1", 200, Decision::Skipped(Skip::Method)),
            ("-", 408, Decision::Skipped(Skip::Method)),
            ("GET /a.css HTTP/1.1", 404, Decision::Skipped(Skip::Status)),
            ("GET / HTTP/1.1", 199, Decision::Skipped(Skip::Status)),
            ("GET / HTTP/1.1", 200, Decision::View),
            ("GET / HTTP/1.1", 206, Decision::View),
            ("GET / HTTP/1.1", 299, Decision::View),
            ("GET / HTTP/1.1", 300, Decision::Skipped(Skip::Status)),
            ("GET / HTTP/1.1", 301, Decision::Skipped(Skip::Status)),
            ("GET / HTTP/1.1", 304, Decision::View),
            ("GET /a.css HTTP/1.1", 304, Decision::Skipped(Skip::Asset)),
        ] {
            assert_eq!(decided(request, status), expected, "{request} {status}");
        }
    }
}
