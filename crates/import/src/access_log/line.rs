//! One line of the common or combined log format.

use std::net::IpAddr;

use jiff::Timestamp;

use super::date;

/// A line taken apart. Texts are as the log writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogLine<'a> {
    /// The client's address; none when the server logged a host name.
    pub(super) address: Option<IpAddr>,
    /// The line's own instant.
    pub(super) time: Timestamp,
    pub(super) method: &'a [u8],
    /// The request's target: mostly a path with its query. Empty when the request has none.
    pub(super) target: &'a [u8],
    pub(super) status: u16,
    /// The `Referer` header; empty when there was none.
    pub(super) referrer: &'a [u8],
    /// The `User-Agent` header; empty when there was none.
    pub(super) user_agent: &'a [u8],
}

/// Why a line is no line of an access log. The line itself may be personal and is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("does not begin with client, identity and user")]
    Client,
    #[error("has no time of the form [17/May/2015:10:05:03 +0000], or one that does not exist")]
    Time,
    #[error("has no request in quotes that end")]
    Request,
    #[error("has no status of three digits")]
    Status,
    #[error("has no size")]
    Size,
    #[error("has no referrer and user agent in quotes that end")]
    Headers,
}

impl<'a> LogLine<'a> {
    /// Takes a line apart: `client identity user [time] "request" status size`, and in the combined format `"referrer" "user agent"`.
    /// What follows after these, as in logs with fields of their own, is ignored.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, Malformed> {
        let mut rest = Rest(line);
        let client = rest.word().ok_or(Malformed::Client)?;
        let _identity = rest.word().ok_or(Malformed::Client)?;
        let _user = rest.word().ok_or(Malformed::Client)?;
        let time = rest.bracketed().and_then(date::parse).ok_or(Malformed::Time)?;
        let request = rest.quoted().ok_or(Malformed::Request)?;
        let status = rest.word().and_then(status_of).ok_or(Malformed::Status)?;
        rest.word().filter(|size| is_size(size)).ok_or(Malformed::Size)?;
        let (referrer, user_agent) = if rest.0.is_empty() {
            (b"".as_slice(), b"".as_slice())
        } else {
            let headers = rest.quoted().and_then(|referrer| Some((referrer, rest.quoted()?)));
            headers.ok_or(Malformed::Headers)?
        };
        let (method, target) = taken_apart(request);
        let address = std::str::from_utf8(client).ok().and_then(|client| client.parse().ok());
        Ok(Self { address, time, method, target, status, referrer: present(referrer), user_agent: present(user_agent) })
    }
}

/// What is left of a line. Fields are divided by one space.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    /// A field without spaces.
    fn word(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| *byte == b' ').unwrap_or(self.0.len());
        self.take(end, end).filter(|word| !word.is_empty())
    }

    fn bracketed(&mut self) -> Option<&'a [u8]> {
        let content = self.0.strip_prefix(b"[")?;
        let end = content.iter().position(|byte| *byte == b']')?;
        self.0 = content;
        self.take(end, end + 1)
    }

    /// A field in quotes; in it a backslash makes the next byte a part of the text.
    fn quoted(&mut self) -> Option<&'a [u8]> {
        let content = self.0.strip_prefix(b"\"")?;
        let mut end = 0;
        while *content.get(end)? != b'"' {
            end += if content[end] == b'\\' { 2 } else { 1 };
        }
        self.0 = content;
        self.take(end, end + 1)
    }

    /// Takes `length` bytes and goes on after `used` ones, where a space or the end must be.
    fn take(&mut self, length: usize, used: usize) -> Option<&'a [u8]> {
        let (field, rest) = (&self.0[..length], &self.0[used..]);
        self.0 = match rest.split_first() {
            None => rest,
            Some((b' ', rest)) => rest,
            Some(_) => return None,
        };
        Some(field)
    }
}

fn status_of(word: &[u8]) -> Option<u16> {
    let is_status = word.len() == 3 && word.iter().all(u8::is_ascii_digit);
    is_status.then(|| word.iter().fold(0, |status, digit| status * 10 + u16::from(digit - b'0')))
}

fn is_size(word: &[u8]) -> bool {
    word == b"-" || word.iter().all(u8::is_ascii_digit)
}

/// Method and target of a request. The version behind them is left out by the oldest clients; targets may hold spaces.
fn taken_apart(request: &[u8]) -> (&[u8], &[u8]) {
    let Some(space) = request.iter().position(|byte| *byte == b' ') else {
        return (request, b"");
    };
    let (method, rest) = (&request[..space], &request[space + 1..]);
    let last = rest.iter().rposition(|byte| *byte == b' ').map_or(rest, |space| &rest[space + 1..]);
    if !last.starts_with(b"HTTP/") {
        return (method, rest);
    }
    // The space before the version, if there is a target at all.
    (method, &rest[..(rest.len() - last.len()).saturating_sub(1)])
}

fn present(header: &[u8]) -> &[u8] {
    if header == b"-" { b"" } else { header }
}

#[cfg(test)]
#[path = "line_test.rs"]
mod tests;
