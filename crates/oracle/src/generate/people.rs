//! Who visits, and what.

use crate::prng::Prng;

/// Common browsers and one with quotes in its name, as Apache escapes them. `-` is a missing agent.
pub(super) const AGENTS: [&str; 12] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
    "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/115.0.0.0",
    r#"Mozilla/5.0 (X11; Linux x86_64; rv:115.0; \"special build\") Gecko/20100101 Firefox/115.0"#,
    "-",
];

/// Of the kind that every well-kept list of crawlers has.
pub(super) const BOTS: [&str; 7] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
];

pub(super) const REFERRERS: [&str; 8] = [
    "-",
    "-",
    "https://www.example.com/",
    "https://www.example.com/blog/",
    "https://www.google.com/",
    "https://duckduckgo.com/",
    "https://news.ycombinator.com/item?id=4711",
    "http://example.com/pricing?plan=team",
];

/// Paths of views, the popular ones first. Among them: the same but for the case or a slash, escapes that must not be
/// decoded, dots and double slashes that must not be tidied, and names that only look like an asset or a download.
/// None holds what could be taken for personal data (long numbers, addresses), for that the product replaces.
pub(super) const PAGES: [&str; 40] = [
    "/",
    "/pricing",
    "/blog/",
    "/blog/first-post",
    "/docs/",
    "/docs/start",
    "/about",
    "/contact",
    "/features",
    "/blog/second-post",
    "/index.html",
    "/docs/install.html",
    "/signup",
    "/login",
    "/checkout",
    "/checkout/done",
    "/blog",
    "/Pricing",
    "/pricing/",
    "/caf%C3%A9",
    "/caf%c3%a9",
    "/tags/c%2B%2B",
    "/tags/c++",
    "/search",
    "/~anna/",
    "/it's",
    "/(draft)",
    "/semi;v=1",
    "/a,b",
    "/a=b",
    "/docs/../about",
    "//blog/first-post",
    "/docs//start",
    "/über-uns",
    "/style.css/",
    "/js",
    "/notes.pdf.html",
    "/zip",
    "/my%20page",
    "/files/.hidden",
];

pub(super) const QUERIES: [&str; 6] =
    ["?utm_source=news&utm_medium=mail&utm_campaign=autumn", "?q=shoes", "?page=2", "?", "?next=/a.css", "?file=x.pdf"];

pub(super) const ASSETS: [&str; 14] = [
    "/app.css",
    "/app.js",
    "/logo.png",
    "/photo.JPG",
    "/favicon.ico",
    "/fonts/text.woff2",
    "/app.js?v=3",
    "/data.json",
    "/robots.txt",
    "/feed.xml",
    "/film.mp4",
    "/module.mjs",
    "/app.js.map",
    "/hero.AVIF",
];

pub(super) const DOWNLOADS: [&str; 8] = [
    "/files/report.pdf",
    "/files/Report.PDF",
    "/files/all.zip",
    "/files/src.tar.gz",
    "/files/setup.exe",
    "/files/app.dmg",
    "/files/tool.deb",
    "/files/report.pdf?lang=de",
];

/// An address, in the different spellings in which one visitor's network may appear.
pub(super) fn network(random: &mut Prng) -> Vec<String> {
    match random.below(20) {
        0..12 => vec![ipv4(random)],
        12..14 => {
            let address = ipv4(random);
            vec![format!("::ffff:{address}"), address]
        }
        _ => {
            // Hosts of one /64, the last written at full length.
            let (high, low) = (random.below(0xffff), random.below(0xffff));
            vec![
                format!("2001:db8:{high:x}:{low:x}::1"),
                format!("2001:db8:{high:x}:{low:x}:abcd:0:12:f00d"),
                format!("2001:0DB8:{high:04X}:{low:04X}:0000:0000:0000:0BEE"),
            ]
        }
    }
}

fn ipv4(random: &mut Prng) -> String {
    format!("{}.{}.{}.{}", random.between(60, 95), random.below(256), random.below(256), random.between(1, 254))
}
