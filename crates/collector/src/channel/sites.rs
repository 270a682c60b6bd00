//! What kind of site a host or the source of a campaign is.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// The kinds of sites that have channels of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Search,
    Social,
    Video,
    Mail,
    Ai,
}

/// Assistants that the list lacks.
const MORE_AI: &[&str] =
    &["chat.com", "m365.cloud.microsoft", "com.openai.chatgpt", "ai.perplexity.app.android", "poe.com"];

/// Networks that the list lacks, and their apps.
const MORE_SOCIAL: &[&str] = &[
    "com.facebook.katana",
    "com.instagram.android",
    "com.linkedin.android",
    "com.pinterest",
    "com.twitter.android",
    "com.zhiliaoapp.musically",
    "quora.com",
    "t.me",
    "wa.me",
    "whatsapp.com",
];

/// Sites whose visitors watch films there.
const VIDEO: &[&str] = &[
    "com.google.android.youtube",
    "dai.ly",
    "dailymotion.com",
    "rumble.com",
    "ted.com",
    "twitch.tv",
    "vimeo.com",
    "wistia.com",
    "youku.com",
    "youtu.be",
    "youtube-nocookie.com",
    "youtube.com",
];

/// Pages and apps in which mail is read, and the hosts through which they send whoever follows a link in one.
const MAIL: &[&str] = &[
    "app.fastmail.com",
    "com.google.android.gm",
    "com.microsoft.office.outlook",
    "com.yahoo.mobile.client.android.mail",
    "deref-gmx.com",
    "deref-gmx.net",
    "deref-mail.com",
    "deref-web-02.de",
    "deref-web.de",
    "e.mail.ru",
    "mail.163.com",
    "mail.aol.com",
    "mail.google.com",
    "mail.proton.me",
    "mail.qq.com",
    "mail.yahoo.co.jp",
    "mail.yahoo.com",
    "mail.yandex.com",
    "mail.yandex.ru",
    "mail.zoho.com",
    "outlook.cloud.microsoft",
    "outlook.live.com",
    "outlook.office.com",
    "outlook.office365.com",
];

/// What people write as the source of a campaign instead of a host.
const SOURCE_NAMES: &[(&str, Site)] = &[
    ("baidu", Site::Search),
    ("bing", Site::Search),
    ("duckduckgo", Site::Search),
    ("ecosia", Site::Search),
    ("google", Site::Search),
    ("naver", Site::Search),
    ("qwant", Site::Search),
    ("yahoo", Site::Search),
    ("yandex", Site::Search),
    ("bluesky", Site::Social),
    ("facebook", Site::Social),
    ("fb", Site::Social),
    ("ig", Site::Social),
    ("instagram", Site::Social),
    ("linkedin", Site::Social),
    ("mastodon", Site::Social),
    ("meta", Site::Social),
    ("pinterest", Site::Social),
    ("reddit", Site::Social),
    ("snapchat", Site::Social),
    ("telegram", Site::Social),
    ("threads", Site::Social),
    ("tiktok", Site::Social),
    ("twitter", Site::Social),
    ("whatsapp", Site::Social),
    ("x", Site::Social),
    ("dailymotion", Site::Video),
    ("twitch", Site::Video),
    ("vimeo", Site::Video),
    ("youtube", Site::Video),
    ("yt", Site::Video),
    ("gmail", Site::Mail),
    ("outlook", Site::Mail),
    ("chatgpt", Site::Ai),
    ("claude", Site::Ai),
    ("copilot", Site::Ai),
    ("gemini", Site::Ai),
    ("openai", Site::Ai),
    ("perplexity", Site::Ai),
];

/// Second labels under which countries give names away, as in `google.co.uk`.
const SHARED_LABELS: &[&str] = &["co", "com", "edu", "it", "net", "org"];

static SITES: LazyLock<Sites> = LazyLock::new(Sites::new);

/// Made ready once for each process.
struct Sites {
    /// Of everything but search engines: these hosts and all below them.
    trees: HashMap<String, Site>,
    /// Search engines: these hosts alone, as others of their owners are none. `{}` stands for a country.
    engines: HashMap<String, Site>,
}

/// The list as it is compiled in, see `data/README.md`.
#[derive(Deserialize)]
struct List {
    search: Vec<String>,
    social: Vec<String>,
    ai: Vec<String>,
}

impl Sites {
    fn new() -> Self {
        let list: List = serde_json::from_str(include_str!("../../data/sites.json"))
            .expect("the list is compiled in, and tests use it");
        let owned = |hosts: &[&str]| hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>();
        let mut trees = HashMap::new();
        // What is said last counts: some assistants and films stand among the networks too.
        for (site, hosts) in [
            (Site::Social, list.social),
            (Site::Social, owned(MORE_SOCIAL)),
            (Site::Video, owned(VIDEO)),
            (Site::Mail, owned(MAIL)),
            (Site::Ai, list.ai),
            (Site::Ai, owned(MORE_AI)),
        ] {
            trees.extend(hosts.into_iter().map(|host| (host, site)));
        }
        Self { trees, engines: list.search.into_iter().map(|host| (host, Site::Search)).collect() }
    }

    fn of_host(&self, host: &str) -> Option<Site> {
        let in_tree = |host: &str| self.trees.get(host).copied();
        let engine = || {
            let patterns = std::iter::once(host.to_owned()).chain(country_patterns(host));
            patterns.into_iter().find_map(|pattern| self.engines.get(&pattern).copied())
        };
        let mut parents = std::iter::successors(host.split_once('.'), |(_, rest)| rest.split_once('.'));
        in_tree(host).or_else(engine).or_else(|| parents.find_map(|(_, parent)| in_tree(parent)))
    }
}

/// The host with `{}` where it may name a country: `www2.google.co.uk`, `de.search.yahoo.com`.
fn country_patterns(host: &str) -> impl Iterator<Item = String> {
    let is_country = |label: &str| label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase());
    let end = host.rsplit_once('.').filter(|(_, top)| is_country(top)).map(|(name, _)| {
        let shared = name.rsplit_once('.').filter(|(_, second)| SHARED_LABELS.contains(second));
        format!("{}.{{}}", shared.map_or(name, |(name, _)| name))
    });
    let start = host.split_once('.').filter(|(first, _)| is_country(first)).map(|(_, rest)| format!("{{}}.{rest}"));
    // `images.de.ask.com`: the country stands in the middle.
    let middle = host.split_once('.').and_then(|(first, rest)| {
        let (_, rest) = rest.split_once('.').filter(|(second, _)| is_country(second))?;
        Some(format!("{first}.{{}}.{rest}"))
    });
    [end, start, middle].into_iter().flatten()
}

/// What kind of site a host without `www.` or an app is, if it is one of these.
pub(super) fn site_of_host(host: &str) -> Option<Site> {
    SITES.of_host(host)
}

/// What kind of site the source of a campaign, in lower case, names: by its name or by its host.
pub(super) fn site_of_source(source: &str) -> Option<Site> {
    let named = SOURCE_NAMES.iter().find(|(name, _)| *name == source).map(|(_, site)| *site);
    named.or_else(|| SITES.of_host(source.strip_prefix("www.").unwrap_or(source)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_with_their_countries_and_below_them() {
        for (host, expected) in [
            ("google.com", Some(Site::Search)),
            ("google.de", Some(Site::Search)),
            ("google.co.uk", Some(Site::Search)),
            ("google.com.br", Some(Site::Search)),
            ("com.google.android.googlequicksearchbox", Some(Site::Search)),
            ("bing.com", Some(Site::Search)),
            ("duckduckgo.com", Some(Site::Search)),
            ("de.search.yahoo.com", Some(Site::Search)),
            ("images.de.ask.com", Some(Site::Search)),
            ("yandex.ru", Some(Site::Search)),
            ("kagi.com", Some(Site::Search)),
            ("docs.google.com", None),
            ("google.com.evil.example", None),
            ("notgoogle.com", None),
            ("google.example", None),
            ("facebook.com", Some(Site::Social)),
            ("l.facebook.com", Some(Site::Social)),
            ("de-de.facebook.com", Some(Site::Social)),
            ("old.reddit.com", Some(Site::Social)),
            ("t.co", Some(Site::Social)),
            ("lnkd.in", Some(Site::Social)),
            ("com.linkedin.android", Some(Site::Social)),
            ("news.ycombinator.com", Some(Site::Social)),
            ("ycombinator.com", None),
            ("youtube.com", Some(Site::Video)),
            ("m.youtube.com", Some(Site::Video)),
            ("player.vimeo.com", Some(Site::Video)),
            ("mail.google.com", Some(Site::Mail)),
            ("com.google.android.gm", Some(Site::Mail)),
            ("chatgpt.com", Some(Site::Ai)),
            ("gemini.google.com", Some(Site::Ai)),
            ("perplexity.ai", Some(Site::Ai)),
            ("claude.ai", Some(Site::Ai)),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(site_of_host(host), expected, "{host}");
        }
    }

    #[test]
    fn sources_are_names_or_hosts() {
        for (source, expected) in [
            ("google", Some(Site::Search)),
            ("www.google.de", Some(Site::Search)),
            ("chatgpt.com", Some(Site::Ai)),
            ("ig", Some(Site::Social)),
            ("newsletter", None),
            ("googleads", None),
        ] {
            assert_eq!(site_of_source(source), expected, "{source}");
        }
    }
}
