//! Nothing at rest tells who sent an event: neither the data directory nor what the ephemeral store writes.

use std::{collections::BTreeSet, fs, path::Path};

use analytics_proto::v1::{self, Verdict};
use analytics_testkit::Traces;

use crate::world::{FIREFOX, IncludeBots, World, from, noon, view};

const ADDRESSES: [&str; 4] =
    ["198.51.100.213", "2001:db8:feed:beef:1357:2468:ace0:bdf1", "198.51.100.214", "198.51.100.215"];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0; marker-of-a-browser) Gecko/20100101 Firefox/140.0",
    "marker-of-an-app/3.1 CFNetwork/1410.0.3 Darwin/22.6.0",
    "Mozilla/5.0 (compatible; MarkerOfABot/2.1; Googlebot/2.1)",
];
const USER: &str = "marker-of-a-user@example.com";

/// Every file below a directory, as one.
pub(crate) fn bytes_below(directory: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        bytes.extend(if path.is_dir() { bytes_below(&path) } else { fs::read(&path).expect("a file") });
    }
    bytes
}

/// What must not be found. Of the agents their own words only; what a pattern of the list spells out, such as `Firefox`, is kept.
fn traces() -> Traces {
    let mut traces = Traces::new();
    for text in ["marker-of-a-browser", "marker-of-an-app", "MarkerOfABot", USER, "marker-of-a-user", "feed:beef"] {
        traces.add_text(text, text);
    }
    for text in ADDRESSES {
        traces.add_address(text.parse().expect("an address"));
    }
    traces
}

async fn assert_nothing_at_rest(world: &World) {
    let mut known = Traces::new();
    known.add_text("a page", "/kept-page");
    known.add_text("an import", "an-import");
    for directory in [&world.data_dir, &world.ephemeral_dir] {
        let bytes = bytes_below(directory.path());
        assert!(!known.find(&bytes).is_empty(), "the search finds what is there");
        assert_eq!(traces().find(&bytes), BTreeSet::new(), "in {}", directory.path().display());
    }
}

#[tokio::test]
async fn no_address_agent_or_user_id_is_written_anywhere() {
    let world = World::new().await;
    let web = world.site("web", "Europe/Berlin").await;
    let marked = |number| v1::Event {
        url: "https://shop.example/kept-page?session=marker-of-a-user".to_owned(),
        referrer: format!("https://mail.example/inbox?of={USER}"),
        user_id: USER.to_owned(),
        ..view(number, noon())
    };

    for (number, (address, user_agent)) in ADDRESSES[..2].iter().zip(AGENTS).enumerate() {
        let browser = web.browser().at(address).with("user-agent", user_agent);
        assert_eq!(world.track(&browser, vec![marked(number)]).await, [Verdict::Stored]);
    }
    let bot = web.browser().at(ADDRESSES[2]).with("user-agent", AGENTS[2]);
    assert_eq!(world.track(&bot, vec![marked(2)]).await, [Verdict::Filtered]);
    let bad = v1::Event { kind: 0, ..from(ADDRESSES[2], AGENTS[0], marked(3)) };
    let ported = from(&format!("{}:80", ADDRESSES[2]), AGENTS[0], marked(4));
    let objecting = v1::ConsentSignals { do_not_track: true, global_privacy_control: false };
    let objected = v1::Event { consent_signals: Some(objecting), ..from(ADDRESSES[3], AGENTS[1], marked(5)) };
    let sent = vec![bad, ported, objected, from(ADDRESSES[3], AGENTS[0], marked(6))];
    let expected = [Verdict::Rejected, Verdict::Rejected, Verdict::Stored, Verdict::Stored];
    assert_eq!(world.track(&web.backend(), sent).await, expected);
    let (import, _) = world.open_import(&web, "an-import", IncludeBots::Yes).await.expect("opened");
    let sent = AGENTS.iter().enumerate().map(|(index, agent)| from(ADDRESSES[index], agent, marked(7 + index)));
    assert_eq!(world.import(&web, &import, sent.collect()).await, [Verdict::Stored; 3]);
    let plain = vec![from(ADDRESSES[0], FIREFOX, marked(10))];
    assert_eq!(world.import(&web, &import, plain).await, [Verdict::Stored]);

    let stored = world.stored(&web).await;
    assert_eq!(stored.iter().filter(|event| event.actor.visitor.is_some() && event.actor.user.is_some()).count(), 7);
    assert_nothing_at_rest(&world).await;
    world.store.close().await.expect("the log is folded into the database");
    assert_nothing_at_rest(&world).await;
}
