use proptest::prelude::*;

use super::*;

const COMBINED: &str = r#"192.0.2.1 - alice [17/May/2015:10:05:03 +0000] "GET /blog?q=1 HTTP/1.1" 200 5 "https://example.com/" "Mozilla/5.0 (X11)""#;

fn parse(line: &str) -> Result<LogLine<'_>, Malformed> {
    LogLine::parse(line.as_bytes())
}

#[test]
fn the_combined_format_is_taken_apart() {
    let expected = LogLine {
        address: Some("192.0.2.1".parse().unwrap()),
        time: "2015-05-17T10:05:03Z".parse().unwrap(),
        method: b"GET",
        target: b"/blog?q=1",
        status: 200,
        referrer: b"https://example.com/",
        user_agent: b"Mozilla/5.0 (X11)",
    };
    assert_eq!(parse(COMBINED), Ok(expected.clone()));
    assert_eq!(parse(&format!("{COMBINED} 0.123 \"extra")), Ok(expected), "fields of one's own are ignored");
}

#[test]
fn the_common_format_has_no_headers() {
    let line = parse(r#"2001:db8::7 - - [17/May/2015:10:05:03 -0700] "GET / HTTP/1.0" 304 -"#).unwrap();
    assert_eq!(line.address, Some("2001:db8::7".parse().unwrap()));
    assert_eq!(line.time.to_string(), "2015-05-17T17:05:03Z");
    assert_eq!((line.status, line.referrer, line.user_agent), (304, b"".as_slice(), b"".as_slice()));
}

#[test]
fn a_dash_is_no_header_and_a_host_name_no_address() {
    let line = r#"proxy.example.com - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "-""#;
    let line = parse(line).unwrap();
    assert_eq!((line.address, line.referrer, line.user_agent), (None, b"".as_slice(), b"".as_slice()));
}

#[test]
fn requests_of_all_kinds_are_taken_apart() {
    for (request, method, target) in [
        ("GET /a HTTP/2.0", "GET", "/a"),
        ("GET /a b HTTP/1.1", "GET", "/a b"),
        ("GET /old", "GET", "/old"),
        ("GET ?q=1 HTTP/1.1", "GET", "?q=1"),
        ("GET //blog/x HTTP/1.1", "GET", "//blog/x"),
        ("GET http://example.com/x HTTP/1.1", "GET", "http://example.com/x"),
        ("GET HTTP/1.1", "GET", ""),
        ("GET  HTTP/1.1", "GET", ""),
        ("OPTIONS * HTTP/1.0", "OPTIONS", "*"),
        (r#"GET /say/\"hi\" HTTP/1.1"#, "GET", r#"/say/\"hi\""#),
        (r"\x16\x03\x01", r"\x16\x03\x01", ""),
        ("-", "-", ""),
        ("", "", ""),
    ] {
        let line = format!("192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"{request}\" 200 5");
        let line = parse(&line).unwrap();
        assert_eq!((line.method, line.target), (method.as_bytes(), target.as_bytes()), "{request}");
    }
}

#[test]
fn what_is_no_line_is_refused_with_the_reason() {
    use Malformed::{Client, Headers, Request, Size, Status, Time};
    for (line, problem) in [
        ("", Client),
        ("nonsense", Client),
        ("a b c", Time),
        (" - - [17/May/2015:10:05:03 +0000]", Client),
        (r#"192.0.2.1  - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5"#, Client),
        (r#"example.com:80 192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5"#, Time),
        (r#"192.0.2.1 - - 17/May/2015:10:05:03 "GET / HTTP/1.1" 200 5"#, Time),
        (r#"192.0.2.1 - - [31/Jun/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5"#, Time),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000]"GET / HTTP/1.1" 200 5"#, Time),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] GET / HTTP/1.1 200 5"#, Request),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1 200 5"#, Request),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1\" 200 5"#, Request),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /"x" HTTP/1.1" 200 5"#, Request),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1""#, Status),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 20 5"#, Status),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 2000 5"#, Status),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" +20 5"#, Status),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200"#, Size),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 many"#, Size),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-""#, Headers),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla"#, Headers),
        (r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 x y"#, Headers),
    ] {
        assert_eq!(parse(line), Err(problem), "{line}");
    }
}

proptest! {
    #[test]
    fn no_bytes_break_the_parser(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = LogLine::parse(&line);
    }

    /// Cuts and changes of a good line reach deeper than random bytes.
    #[test]
    fn no_damage_breaks_the_parser(end in 0..COMBINED.len(), at in 0..COMBINED.len(), byte in any::<u8>()) {
        let mut line = COMBINED.as_bytes()[..end].to_vec();
        if let Some(damaged) = line.get_mut(at) {
            *damaged = byte;
        }
        if let Ok(line) = LogLine::parse(&line) {
            super::super::event::event_of("web", b"", &line, 0);
        }
    }
}
