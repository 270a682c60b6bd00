//! What a user agent tells: whether it is a bot, and which browser, operating system and class of device.

mod patterns;

use std::sync::{Arc, LazyLock};

use analytics_domain::DeviceClass;
use moka::sync::Cache;
use regex::{RegexSet, RegexSetBuilder};
use ua_parser::{os, user_agent};

use self::patterns::{AgentPatterns, OTHER};

/// The answers of so many bytes of user agents are remembered: bytes, because anyone may send long ones. They live in memory only.
const REMEMBERED_BYTES: u64 = 4 << 20;
/// About what an answer takes beside the text of its user agent.
const ANSWER_BYTES: usize = 256;

/// What a user agent tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AgentFacts {
    pub(crate) bot: bool,
    pub(crate) browser: Option<String>,
    pub(crate) os: Option<String>,
    pub(crate) device: Option<DeviceClass>,
}

/// Reads user agents.
pub(crate) struct Agents {
    lists: &'static Lists,
    remembered: Cache<String, Arc<AgentFacts>>,
}

/// The lists that are compiled in (see `data/README.md`), made ready once for each process: about 14 MB.
static LISTS: LazyLock<Lists> = LazyLock::new(Lists::new);

struct Lists {
    bots: RegexSet,
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
}

impl Agents {
    /// Nothing is remembered yet. Makes the lists ready if no one has, so that no event has to wait for it.
    pub(crate) fn new() -> Self {
        let remembered = Cache::builder()
            .weigher(|user_agent: &String, _| u32::try_from(user_agent.len() + ANSWER_BYTES).unwrap_or(u32::MAX))
            .max_capacity(REMEMBERED_BYTES)
            .build();
        Self { lists: LazyLock::force(&LISTS), remembered }
    }

    /// What this user agent tells; an empty one tells nothing.
    pub(crate) fn facts(&self, user_agent: &str) -> Arc<AgentFacts> {
        self.remembered.get_with_by_ref(user_agent, || Arc::new(self.lists.read(user_agent)))
    }
}

impl Lists {
    fn new() -> Self {
        let tested = "the lists are compiled in, and tests use all of each";
        let bots: Vec<String> = serde_json::from_str(include_str!("../data/crawler-user-agents.json")).expect(tested);
        let mut patterns = AgentPatterns::read(include_str!("../data/uap-core.json")).expect(tested);
        Self {
            bots: RegexSetBuilder::new(bots).size_limit(64 << 20).build().expect(tested),
            browsers: patterns.browsers().expect(tested),
            systems: patterns.systems().expect(tested),
        }
    }

    fn read(&self, user_agent: &str) -> AgentFacts {
        let named = |name: &str| (name != OTHER).then(|| name.to_owned());
        let browser = self.browsers.extract(user_agent).and_then(|browser| named(&browser.family));
        let os = self.systems.extract(user_agent).and_then(|os| named(&os.os));
        let device = os.as_deref().map(|os| device_class(os, user_agent));
        AgentFacts { bot: self.bots.is_match(user_agent), browser, os, device }
    }
}

/// The class of the device follows from its operating system; Android and iOS run on phones and tablets.
fn device_class(os: &str, user_agent: &str) -> DeviceClass {
    let says = |word: &str| user_agent.contains(word);
    match os {
        "iOS" if says("iPad") => DeviceClass::Tablet,
        "iOS" => DeviceClass::Mobile,
        // Android browsers of phones say "Mobile"; those of televisions name themselves.
        "Android" if says("TV") || says("AFT") => DeviceClass::Other,
        "Android" | "KaiOS" | "Firefox OS" | "Tizen" if says("Mobile") => DeviceClass::Mobile,
        "Android" => DeviceClass::Tablet,
        "Windows Phone" | "BlackBerry OS" | "Symbian OS" | "KaiOS" => DeviceClass::Mobile,
        "Windows" | "Mac OS X" | "Linux" | "Ubuntu" | "Fedora" | "Debian" | "Chrome OS" | "FreeBSD" | "OpenBSD"
        | "NetBSD" | "Red Hat" | "CentOS" | "SUSE" | "Gentoo" | "Arch Linux" | "Mint" | "Solaris" => {
            DeviceClass::Desktop
        }
        _ => DeviceClass::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_systems_and_devices_are_told_apart() {
        let agents = Agents::new();
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
                ("Firefox", "Windows", DeviceClass::Desktop),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                ("Safari", "Mac OS X", DeviceClass::Desktop),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                ("Mobile Safari", "iOS", DeviceClass::Mobile),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
                ("Chrome Mobile", "Android", DeviceClass::Mobile),
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
                ("Chrome", "Android", DeviceClass::Tablet),
            ),
        ];
        for (user_agent, (browser, os, device)) in cases {
            let facts = agents.facts(user_agent);
            assert_eq!(facts.browser.as_deref(), Some(browser), "{user_agent}");
            assert_eq!(facts.os.as_deref(), Some(os), "{user_agent}");
            assert_eq!(facts.device, Some(device), "{user_agent}");
            assert!(!facts.bot, "{user_agent}");
        }
    }

    #[test]
    fn no_text_of_the_sender_becomes_a_name() {
        let agents = Agents::new();
        for user_agent in [
            "alice@example.com/1.0 CFNetwork/1410 Darwin/22.6.0",
            "alice-iPhone/1.0 CFNetwork/1410 Darwin/22.6.0",
            "Mozilla/5.0 (compatible; AliceSpider/1.0)",
            "HbbTV/1.1.1 (;Alice;model;2014;)",
        ] {
            let facts = agents.facts(user_agent);
            let names = [&facts.browser, &facts.os].map(|name| name.clone().unwrap_or_default().to_lowercase());
            assert!(names.iter().all(|name| !name.contains("alice")), "{user_agent}: {names:?}");
        }
        assert_eq!(agents.facts("alice-iPhone/1.0 CFNetwork/1410 Darwin/22.6.0").os.as_deref(), Some("iOS"));
    }

    #[test]
    fn bots_are_recognised_and_a_missing_agent_is_none() {
        let agents = Agents::new();
        let bots = [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        ];
        for bot in bots {
            assert!(agents.facts(bot).bot, "{bot}");
        }
        assert_eq!(*agents.facts(""), AgentFacts::default());
        assert_eq!(*agents.facts("something unheard of"), AgentFacts::default());
    }
}
