//! One line of an access log in common or combined format, as Apache and nginx write it.
//!
//! A line is parsable when the whole of it has the shape below, its time exists, and the request reads
//! `METHOD target` or `METHOD target HTTP/x`. Everything else is unparsable, also: a quote that is not closed, a
//! field after the agent, a request of `-` (the connection timed out) or of bytes that are no HTTP.

use std::{net::IpAddr, sync::LazyLock};

use jiff::{civil::DateTime, tz::Offset};
use regex::Regex;

static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) ^
        (?<client>\S+) \x20 \S+ \x20 (?:\S+|"") \x20
        \[ (?<day>\d\d) / (?<month>[A-Z][a-z][a-z]) / (?<year>\d{4})
           : (?<hour>\d\d) : (?<minute>\d\d) : (?<second>\d\d)
           \x20 (?<sign>[+-]) (?<offset_hours>\d\d) (?<offset_minutes>\d\d) \] \x20
        " (?<method>[A-Z]+) \x20 (?<target>(?:[^"\\\x20]|\\.)+) (?:\x20HTTP/[0-9.]+)? " \x20
        (?<status>\d{3}) \x20 (?:\d+|-)
        (?: \x20 " (?:[^"\\]|\\.)* " \x20 " (?<agent>(?:[^"\\]|\\.)*) " )?
        $"#,
    )
    .expect("a constant that every test uses")
});

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(crate) struct Line {
    /// Seconds since 1970 in UTC: access logs know no fractions.
    pub(crate) time_s: i64,
    /// What the visitor is told apart by, besides the agent; absent when the client is a name and not an address.
    pub(crate) network: Option<String>,
    /// Empty when the log has none.
    pub(crate) agent: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
}

pub(crate) fn parse(text: &str) -> Option<Line> {
    let fields = LINE.captures(text)?;
    let number = |name: &str| fields[name].parse::<i64>().ok();

    let month = MONTHS.iter().position(|month| *month == &fields["month"])? + 1;
    let local = DateTime::new(
        number("year")? as i16,
        month as i8,
        number("day")? as i8,
        number("hour")? as i8,
        number("minute")? as i8,
        number("second")? as i8,
        0,
    )
    .ok()?;
    let offset_s = number("offset_hours")? * 3600 + number("offset_minutes")? * 60;
    let utc_s = Offset::UTC.to_timestamp(local).ok()?.as_second();
    let time_s = if &fields["sign"] == "+" { utc_s - offset_s } else { utc_s + offset_s };

    let agent = fields.name("agent").map_or("", |agent| agent.as_str());
    let target = &fields["target"];
    let path = target.split('?').next().unwrap_or_default();
    Some(Line {
        time_s,
        network: network_of(&fields["client"]),
        agent: if agent == "-" { String::new() } else { agent.to_owned() },
        method: fields["method"].to_owned(),
        path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
        status: number("status")? as u16,
    })
}

/// The IPv4 address, or the first half of the IPv6 one; an IPv4 address mapped into IPv6 is the IPv4 address.
fn network_of(client: &str) -> Option<String> {
    match client.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => Some(match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => format!("{:016x}/64", u128::from(address) >> 64),
        }),
    }
}
