//! Those whose events are sent, and what must not be left of them.

use std::net::IpAddr;

use analytics_domain::{Clock as _, Millis, SystemClock, Zone, calendar};
use analytics_proto::v1::{self, Verdict, ingest_service_client::IngestServiceClient};
use analytics_testkit::Traces;
use tonic::{Code, Status, transport::Channel};

use super::{all_are_counted, id};
use crate::{
    calls::{by, channel},
    support::{Deployment, block_on},
};

pub(super) const ADDRESSES_V4: usize = 100;
const ADDRESSES_V6: usize = 50;
pub(super) const USERS: usize = 50;
const AGENTS: usize = 20;

const SENDERS: usize = ADDRESSES_V4 + ADDRESSES_V6;
/// Each with an agent of his own is a visitor; he is another one as a browser, to whose agent the client adds its own.
pub(super) const VISITORS: usize = 2 * SENDERS;
const EVENTS_PER_BROWSER: usize = 34;
const IMPORT_BATCHES: usize = 5;
const EVENTS_PER_IMPORT_BATCH: usize = 980;
/// 10,000.
pub(super) const EVENTS: usize = SENDERS * EVENTS_PER_BROWSER + IMPORT_BATCHES * EVENTS_PER_IMPORT_BATCH;

/// What is kept of every event, and found wherever events are.
pub(super) const PAGE: &str = "/a-page-that-is-kept";

/// The westernmost: its yesterday is over in every zone of the world, so that it is folded into a segment, and its salt is still there.
const ZONE: &str = "Etc/GMT+12";

/// In every agent and user id, and nowhere else.
const MARK: &str = "zq7marked";

pub(super) struct People {
    ingest_key: String,
    import_key: String,
}

fn address(number: usize) -> IpAddr {
    let number = number % SENDERS;
    let text = if number < ADDRESSES_V4 {
        format!("198.51.{}.{}", 100 + number % 7, 100 + number)
    } else {
        format!("2001:db8:{:x}:beef:1357:2468:ace0:{:x}", 0xa000 + number, 0xb000 + number)
    };
    text.parse().expect("an address")
}

/// As that of an address.
fn agent(number: usize) -> String {
    let own = format!("{MARK}-agent-{}", number % AGENTS);
    match number % 3 {
        0 => format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0; {own}) Gecko/20100101 Firefox/140.0"),
        1 => format!(
            "Mozilla/5.0 (Linux; Android 15; {own}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
        ),
        _ => format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X; {own}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
        ),
    }
}

fn user(number: usize) -> String {
    format!("{MARK}-user-{}@example.com", number % USERS)
}

/// With everything of its sender that an event may carry.
fn event(number: usize, sender: usize, time: Millis) -> v1::Event {
    let (user, address) = (user(number), address(sender));
    v1::Event {
        event_id: id(number),
        occurred_at: Some(pbjson_types::Timestamp { seconds: time.0 / 1000, nanos: 0 }),
        kind: v1::EventKind::View.into(),
        url: format!("https://shop.example{PAGE}/{user}?session={user}&ip={address}&utm_source=mail#{address}"),
        referrer: format!("https://mail.example/inbox/{user}?of={user}&from={address}"),
        user_id: user,
        ..Default::default()
    }
}

impl People {
    /// Sends the events of all: those of browsers to `browsers_to`, which believes the header of a proxy; imported ones by the gateway.
    /// Also what is refused, filtered or not allowed. Returns when everything is stored and folded into segments.
    pub(super) fn send_to(platform: &dyn Deployment, browsers_to: String) -> Self {
        platform.create_project("web", ZONE);
        let key = |scope: &str| {
            let created = platform.analytics(&["key", "create", "--project", "web", "--scope", scope, "--json"]).json();
            created["secret"].as_str().expect("shown once").to_owned()
        };
        let people = Self { ingest_key: key("ingest"), import_key: key("import") };
        let yesterday = Millis(SystemClock.now().to_millis().0 - 24 * 60 * 60 * 1000);
        block_on(people.send(&browsers_to, &platform.endpoint(), yesterday));
        let day = calendar::day_of(yesterday, &Zone::named(ZONE).expect("a zone"));
        platform.wait_for_segments(&[day.to_string()]);
        all_are_counted(platform, &day.to_string(), &day.plus_days(1).to_string());
        people
    }

    async fn send(&self, browsers_to: &str, gateway: &str, time: Millis) {
        for sender in 0..SENDERS {
            let numbers = sender * EVENTS_PER_BROWSER..(sender + 1) * EVENTS_PER_BROWSER;
            let events: Vec<_> = numbers.map(|number| event(number, sender, time)).collect();
            let taken = self.track_as_browser(browsers_to, sender, agent(sender), events).await;
            stored(taken.expect("taken"));
        }
        // What is not stored must not be written down either: a bot, an event without a kind, one whose sender is told by nobody.
        let bot = format!("Mozilla/5.0 (compatible; {MARK}-agent-0; Googlebot/2.1; +http://www.google.com/bot.html)");
        let filtered = self.track_as_browser(browsers_to, 1, bot, vec![event(EVENTS, 1, time)]).await.expect("taken");
        assert_eq!(filtered.verdicts[0].verdict(), Verdict::Filtered);
        let flawed = v1::Event { kind: 0, ..event(EVENTS + 1, 2, time) };
        let refused = self.track_as_browser(browsers_to, 2, agent(2), vec![flawed]).await.expect("taken");
        assert_eq!(refused.verdicts[0].verdict(), Verdict::Rejected);
        let stranger = Self { ingest_key: format!("{}{MARK}", self.ingest_key), import_key: String::new() };
        let sent = stranger.track_as_browser(browsers_to, 3, agent(3), vec![event(EVENTS + 2, 3, time)]).await;
        assert_eq!(sent.expect_err("no such key").code(), Code::Unauthenticated);

        let mut client = IngestServiceClient::new(channel(gateway).await);
        for batch in 0..IMPORT_BATCHES {
            let first = SENDERS * EVENTS_PER_BROWSER + batch * EVENTS_PER_IMPORT_BATCH;
            let behalf = |number: usize| {
                let client = v1::ClientContext { ip_address: address(number).to_string(), user_agent: agent(number) };
                v1::Event { client: Some(client), ..event(number, number, time) }
            };
            // The same visitors: their numbers begin anew where those of addresses and agents both do.
            let events = (first..first + EVENTS_PER_IMPORT_BATCH).map(|number| {
                let sender = number % SENDERS;
                v1::Event { event_id: id(number), ..behalf(sender) }
            });
            let mut request = by(&self.import_key, committed(events.collect()));
            request.metadata_mut().insert("x-forwarded-for", address(batch).to_string().parse().expect("a header"));
            stored(client.track(request).await.expect("taken").into_inner());
        }
    }

    /// Over a connection of its own, which has the agent.
    async fn track_as_browser(
        &self,
        endpoint: &str,
        sender: usize,
        agent: String,
        events: Vec<v1::Event>,
    ) -> Result<v1::TrackResponse, Status> {
        let endpoint = Channel::from_shared(endpoint.to_owned()).expect("a URL").user_agent(agent).expect("a header");
        let mut request = by(&self.ingest_key, committed(events));
        let address = address(sender).to_string().parse().expect("a header");
        request.metadata_mut().insert("x-forwarded-for", address);
        let channel = endpoint.connect().await.expect("it listens");
        Ok(IngestServiceClient::new(channel).track(request).await?.into_inner())
    }

    /// What must not be left.
    pub(super) fn traces(&self) -> Traces {
        let mut traces = Traces::new();
        traces.add_text("an agent or a user id", MARK);
        for number in 0..SENDERS {
            traces.add_address(address(number));
        }
        for secret in [&self.ingest_key, &self.import_key] {
            // Without its prefix and checksum, which others share or logs may show.
            traces.add_text("a key", &secret[8..secret.len() - 8]);
        }
        traces
    }
}

fn committed(events: Vec<v1::Event>) -> v1::TrackRequest {
    v1::TrackRequest { events, ack_level: v1::AckLevel::Committed.into(), ..Default::default() }
}

#[track_caller]
fn stored(response: v1::TrackResponse) {
    let other = response.verdicts.iter().find(|verdict| verdict.verdict() != Verdict::Stored);
    assert!(other.is_none(), "{other:?}");
}

const PLANTED_ADDRESS: &str = "203.0.113.77";

/// An address as it is, and in base64.
pub(super) fn planted() -> &'static [u8] {
    b"203.0.113.77, or MjAzLjAuMTEzLjc3"
}

pub(super) fn planted_traces() -> Traces {
    let mut traces = Traces::new();
    traces.add_address(PLANTED_ADDRESS.parse().expect("an address"));
    traces
}
