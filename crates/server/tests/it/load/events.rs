//! The batches of clients.

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1;

/// Clients send to so many projects: enough that every processor has some of them.
const PROJECTS: u64 = 24;
/// Each batch names this many days.
const DAYS: u64 = 30;
const DAY_SECONDS: i64 = 24 * 60 * 60;
pub(crate) const EVENTS_PER_BATCH: u64 = 60;
const PAGES: u64 = 40;
/// The first events of each batch: one that a server refuses, and one that it does not count.
pub(crate) const FLAWED_EVENTS: usize = 2;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// The names of the projects that clients send to. `prefix` tells the runs over one platform apart.
pub(crate) fn projects(prefix: &str) -> impl Iterator<Item = String> {
    (0..PROJECTS).map(move |number| format!("{prefix}-{number}"))
}

/// Views of many days of one project, after [`FLAWED_EVENTS`].
pub(crate) fn request_of(prefix: &str, client: u64, batch: u64) -> v1::TrackRequest {
    let now = SystemClock.now();
    let event = |number: u64| {
        let spread = (client * 7919 + batch * 104_729 + number) * 2_654_435_761;
        let days_ago = (number % DAYS) as i64;
        let micros = now.0 - days_ago * DAY_SECONDS * 1_000_000 - (spread % 3_600_000_000) as i64;
        let kind = if number == 0 { v1::EventKind::Unspecified } else { v1::EventKind::View };
        v1::Event {
            event_id: uuid::Uuid::from_u128(rand::random()).to_string(),
            occurred_at: Some(pbjson_types::Timestamp {
                seconds: micros.div_euclid(1_000_000),
                nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32,
            }),
            kind: kind.into(),
            url: format!("https://example.com/page-{}", spread % PAGES),
            client: Some(v1::ClientContext {
                ip_address: format!("192.0.2.{}", spread % 200),
                user_agent: if number == 1 { BOT } else { BROWSER }.to_owned(),
            }),
            ..v1::Event::default()
        }
    };
    v1::TrackRequest {
        project: format!("projects/{prefix}-{}", (client * 7 + batch) % PROJECTS),
        events: (0..EVENTS_PER_BATCH).map(event).collect(),
        ..v1::TrackRequest::default()
    }
}
