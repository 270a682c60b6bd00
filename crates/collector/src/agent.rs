//! What a user agent tells: whether it is a bot, and which browser, operating system and class of device.

use std::sync::Arc;

use analytics_domain::DeviceClass;
use moka::sync::Cache;
use regex::{RegexSet, RegexSetBuilder};
use ua_parser::{os, user_agent};

/// Distinct user agents whose answer is remembered. They live in memory only.
const REMEMBERED_AGENTS: u64 = 10_000;

/// What a user agent tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AgentFacts {
    pub(crate) bot: bool,
    pub(crate) browser: Option<String>,
    pub(crate) os: Option<String>,
    pub(crate) device: Option<DeviceClass>,
}

/// Reads user agents by lists that are compiled in (see `data/README.md`).
pub(crate) struct Agents {
    bots: RegexSet,
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    remembered: Cache<String, Arc<AgentFacts>>,
}

#[derive(serde::Deserialize)]
struct AgentPatterns {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

impl Agents {
    pub(crate) fn new() -> Self {
        let bots: Vec<String> = serde_json::from_str(include_str!("../data/crawler-user-agents.json"))
            .expect("the list of bots is compiled in, and a test reads it");
        let patterns: AgentPatterns = serde_json::from_str(include_str!("../data/uap-core.json"))
            .expect("the list of agents is compiled in, and a test reads it");
        let tested = "every pattern of the list is compiled in a test";
        let browsers = user_agent::Builder::new().push_all(patterns.user_agent_parsers).expect(tested);
        let systems = os::Builder::new().push_all(patterns.os_parsers).expect(tested);
        Self {
            bots: RegexSetBuilder::new(bots).size_limit(64 << 20).build().expect(tested),
            browsers: browsers.build().expect(tested),
            systems: systems.build().expect(tested),
            remembered: Cache::new(REMEMBERED_AGENTS),
        }
    }

    /// What this user agent tells; an empty one tells nothing and is no bot.
    pub(crate) fn facts(&self, user_agent: &str) -> Arc<AgentFacts> {
        if user_agent.is_empty() {
            return Arc::default();
        }
        self.remembered
            .optionally_get_with_by_ref(user_agent, || Some(Arc::new(self.read(user_agent))))
            .unwrap_or_default()
    }

    fn read(&self, user_agent: &str) -> AgentFacts {
        let family = |name: &str| (name != "Other").then(|| name.to_owned());
        let browser = self.browsers.extract(user_agent).and_then(|browser| family(&browser.family));
        let os = self.systems.extract(user_agent).and_then(|os| family(&os.os));
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
