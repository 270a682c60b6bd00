//! The oracle against numbers worked out by hand, and the generator against what it promises to contain.

mod generator;
mod lines;
mod pages;
mod sessions;
mod zones;

use analytics_oracle::{Count, Rules, count, zone};

const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/129.0.0.0";

/// A line as one would write it by hand: `at` as in `17/May/2015:10:00:00`, in UTC.
fn line(client: &str, at: &str, request: &str, status: u16, agent: &str) -> String {
    format!("{client} - - [{at} +0000] \"{request}\" {status} 123 \"-\" \"{agent}\"\n")
}

/// A view by one fixed agent on 17 May 2015.
fn view(client: &str, time: &str, path: &str) -> String {
    line(client, &format!("17/May/2015:{time}"), &format!("GET {path} HTTP/1.1"), 200, CHROME)
}

fn count_in(zone_name: &str, log: &str) -> Count {
    count(log.as_bytes(), &Rules::of(zone(zone_name).expect("a zone of the tests")))
}
