//! Who visits: people without an account, users who come back over weeks, and bots.

use analytics_proto::v1;

use super::{
    agents::{self, Agent},
    random::Random,
};

/// Somebody, with everything that a browser tells.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) client: v1::ClientContext,
    pub(super) language: &'static str,
    pub(super) width_px: Option<u32>,
    pub(super) signals: Option<v1::ConsentSignals>,
    /// Empty for people who are not signed in.
    pub(super) user_id: String,
    /// Dollars instead of euros.
    pub(super) pays_in_dollars: bool,
}

const LANGUAGES: &[(u32, &str)] = &[
    (34, "de-DE"),
    (24, "en-US"),
    (10, "en-GB"),
    (8, "fr-FR"),
    (6, "es-ES"),
    (5, "nl-NL"),
    (4, "it-IT"),
    (3, "pl-PL"),
    (3, "de-AT"),
    (2, "de-CH"),
    (1, "pt-BR"),
];

/// Of all people, so many visit from a phone or tablet.
const MOBILE_SHARE: f64 = 0.52;
const IPV6_SHARE: f64 = 0.3;
const GPC_SHARE: f64 = 0.035;
const DNT_SHARE: f64 = 0.02;
/// Users of one week, at scale 1.
pub(super) const USERS_OF_A_WEEK: f64 = 160.0;

/// What streams of random numbers are for, so that none is used twice.
const ANONYMOUS: u64 = 1;
const USER: u64 = 2;

impl Person {
    /// Somebody without an account; `number` counts the people of one day.
    pub(super) fn anonymous(seed: u64, day: i64, number: u64) -> Self {
        let mut random = Random::of(&[seed, ANONYMOUS, day as u64, number]);
        let mobile = random.chance(MOBILE_SHARE);
        Self::new(&mut random, mobile)
    }

    /// A user who signed up in a week, counted from 1970. `visit` decides which of their two devices they use.
    pub(super) fn user(seed: u64, week: i64, number: u64, visit: &mut Random) -> Self {
        let mobile = visit.chance(0.3);
        let mut random = Random::of(&[seed, USER, week as u64, number, u64::from(mobile)]);
        // Language and signals are the person's, not the device's.
        let mut own = Random::of(&[seed, USER, week as u64, number]);
        let person = Self::new(&mut own, false);
        let device = Self::new(&mut random, mobile);
        Self { client: device.client, width_px: device.width_px, user_id: format!("user-{week}-{number}"), ..person }
    }

    /// A bot.
    pub(super) fn bot(random: &mut Random) -> Self {
        let user_agent = (*random.by_share(agents::BOTS)).to_owned();
        let ip_address = format!("192.0.2.{}", random.below(64) + 1);
        Self {
            client: v1::ClientContext { ip_address, user_agent },
            language: "",
            width_px: None,
            signals: None,
            user_id: String::new(),
            pays_in_dollars: false,
        }
    }

    fn new(random: &mut Random, mobile: bool) -> Self {
        let browsers = if mobile { agents::MOBILE_BROWSERS } else { agents::DESKTOP_BROWSERS };
        let Agent { user_agent, widths_px } = *random.by_share(browsers);
        let language = *random.by_share(LANGUAGES);
        let signals = v1::ConsentSignals {
            global_privacy_control: random.chance(GPC_SHARE),
            do_not_track: random.chance(DNT_SHARE),
        };
        Self {
            client: v1::ClientContext { ip_address: address(random), user_agent: user_agent.to_owned() },
            language,
            width_px: Some(*random.pick(widths_px)),
            signals: (signals != v1::ConsentSignals::default()).then_some(signals),
            user_id: String::new(),
            pays_in_dollars: language == "en-US",
        }
    }
}

/// An address that belongs to nobody: of the ranges for documents, and of private ones where those are too small.
fn address(random: &mut Random) -> String {
    if random.chance(IPV6_SHARE) {
        let network = random.next();
        let [a, b] = [network & 0xffff, (network >> 16) & 0xffff];
        return format!("2001:db8:{a:x}:{b:x}::{:x}", random.below(0xffff) + 1);
    }
    let bytes = random.next().to_be_bytes();
    match random.below(10) {
        0 => format!("198.51.100.{}", bytes[0]),
        1 => format!("203.0.113.{}", bytes[0]),
        2..=4 => format!("100.{}.{}.{}", 64 + bytes[0] % 64, bytes[1], bytes[2]),
        _ => format!("10.{}.{}.{}", bytes[0], bytes[1], bytes[2]),
    }
}
