//! The event of a line.

use std::fmt::Write as _;

use analytics_proto::v1;
use pbjson_types::Timestamp;

use super::{
    line::LogLine,
    rule::{self, Decision},
};
use crate::identity;

/// The event of a download; a click, since downloads have no page that is viewed.
const DOWNLOAD: &str = "file_download";
/// The contract's limits.
const MAX_URL_BYTES: usize = 4096;
const MAX_USER_AGENT_BYTES: usize = 2048;

/// Makes the event of a line that is one. `occurrence` tells how many equal lines came before.
pub(super) fn event_of(project: &str, raw: &[u8], line: &LogLine<'_>, occurrence: u64) -> v1::Event {
    let (kind, name) = match rule::decide(line) {
        Decision::Download => (v1::EventKind::Click, DOWNLOAD),
        Decision::View | Decision::Skipped(_) => (v1::EventKind::View, ""),
    };
    v1::Event {
        event_id: identity::log_event_id(project, raw, occurrence).to_string(),
        occurred_at: Some(Timestamp { seconds: line.time.as_second(), nanos: line.time.subsec_nanosecond() }),
        kind: kind.into(),
        name: name.to_owned(),
        url: url_of(line.target),
        referrer: cut(text_of(line.referrer), MAX_URL_BYTES),
        client: Some(v1::ClientContext {
            ip_address: line.address.map_or_else(String::new, |address| address.to_string()),
            user_agent: cut(text_of(line.user_agent), MAX_USER_AGENT_BYTES),
        }),
        ..v1::Event::default()
    }
}

/// Path and query. A log does not tell the host: that of a target in absolute form is the client's word, and left out. Of a query that
/// is too long only the campaign tags are sent, the server drops the rest anyway.
fn url_of(target: &[u8]) -> String {
    let target = text_of(without_origin(target));
    let target = if target.starts_with(['?', '#']) || target.is_empty() { format!("/{target}") } else { target };
    if target.len() <= MAX_URL_BYTES {
        return target;
    }
    let Some((path, query)) = target.split_once('?') else { return cut(target, MAX_URL_BYTES) };
    let is_tag = |pair: &&str| pair.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    let tags: Vec<&str> = query.split('&').filter(is_tag).collect();
    cut(format!("{path}?{}", tags.join("&")), MAX_URL_BYTES)
}

fn without_origin(target: &[u8]) -> &[u8] {
    let behind_scheme = [b"http://".as_slice(), b"https://"].into_iter().find_map(|scheme| {
        let start = target.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &target[scheme.len()..])
    });
    let Some(behind_scheme) = behind_scheme else { return target };
    let end = behind_scheme.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    end.map_or(b"/", |end| &behind_scheme[end..])
}

/// Bytes that are no UTF-8 cannot be sent as text: they are percent-encoded, as a browser would have done.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    text
}

fn cut(mut text: String, max_bytes: usize) -> String {
    text.truncate(text.floor_char_boundary(max_bytes));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &[u8]) -> v1::Event {
        event_of("web", line, &LogLine::parse(line).unwrap(), 0)
    }

    fn url(target: &[u8]) -> String {
        let line = [b"192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET ", target, b" HTTP/1.1\" 200 5"].concat();
        event(&line).url
    }

    #[test]
    fn a_view_carries_what_the_line_tells() {
        let line = br#"192.0.2.1 - - [17/May/2015:10:05:03 +0200] "GET /a?utm_source=x HTTP/1.1" 200 5 "http://example.com/\xe4" "Mozilla/5.0""#;
        let expected = v1::Event {
            event_id: identity::log_event_id("web", line, 0).to_string(),
            occurred_at: Some(Timestamp { seconds: 1_431_849_903, nanos: 0 }),
            kind: v1::EventKind::View.into(),
            url: "/a?utm_source=x".to_owned(),
            referrer: r"http://example.com/\xe4".to_owned(),
            client: Some(v1::ClientContext {
                ip_address: "192.0.2.1".to_owned(),
                user_agent: "Mozilla/5.0".to_owned(),
            }),
            ..v1::Event::default()
        };
        assert_eq!(event(line), expected);
    }

    #[test]
    fn a_download_is_a_click() {
        let event = event(br#"host - - [17/May/2015:10:05:03 +0000] "GET /a.pdf HTTP/1.1" 200 5 "-" "-""#);
        assert_eq!((event.kind(), event.name.as_str()), (v1::EventKind::Click, "file_download"));
        assert_eq!((event.url.as_str(), event.referrer.as_str()), ("/a.pdf", ""));
        assert_eq!(event.client, Some(v1::ClientContext::default()), "no address, and so no visitor");
    }

    #[test]
    fn odd_targets_become_paths() {
        for (target, expected) in [
            (b"/".as_slice(), "/"),
            (b"", "/"),
            (b"?q=1", "/?q=1"),
            (b"//blog/x", "//blog/x"),
            (b"/%C3%BC%C3", "/%C3%BC%C3"),
            ("/ü".as_bytes(), "/ü"),
            (b"/a\xc3/\xff\xfe", "/a%C3/%FF%FE"),
            (b"http://Example.com/x?y", "/x?y"),
            (b"HTTPS://example.com", "/"),
            (b"http://example.com?q", "/?q"),
            (b"/go/http://example.com/x", "/go/http://example.com/x"),
        ] {
            assert_eq!(url(target), expected, "{target:?}");
        }
    }

    #[test]
    fn what_is_too_long_for_the_contract_loses_what_is_not_kept_anyway() {
        let long = "x".repeat(5000);
        assert_eq!(url(format!("/a?{long}&utm_source=n&UTM_medium=m").as_bytes()), "/a?utm_source=n&UTM_medium=m");
        assert_eq!(url(format!("/{long}").as_bytes()).len(), MAX_URL_BYTES);
        assert_eq!(url(format!("/a?utm_source={long}").as_bytes()).len(), MAX_URL_BYTES);
        let line = format!(r#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "{long}" "{long}""#);
        let event = event(line.as_bytes());
        assert_eq!(event.referrer.len(), MAX_URL_BYTES);
        assert_eq!(event.client.unwrap().user_agent.len(), MAX_USER_AGENT_BYTES);
        let umlauts = "ü".repeat(3000);
        assert!(url(format!("/{umlauts}").as_bytes()).len() < MAX_URL_BYTES, "no character is split");
    }
}
