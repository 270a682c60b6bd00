//! What becomes of each line, by the import rule for access logs.

use serde::Serialize;

use crate::{
    count::{Bots, Rules},
    line::{self, Line},
};

const ASSETS: [&str; 22] = [
    "css", "js", "mjs", "map", "json", "xml", "txt", "ico", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "woff",
    "woff2", "ttf", "eot", "mp4", "webm", "mp3",
];
const DOWNLOADS: [&str; 8] = ["pdf", "zip", "gz", "tar", "dmg", "exe", "deb", "rpm"];

/// What became of the lines. Each line is in exactly one of these, and the first that fits in this order takes it:
/// unparsable, method, status, asset, bot, and only then view or download. (A bot that fetches a picture is a
/// skipped asset, not a filtered bot.)
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LineCounts {
    /// All lines.
    pub read: u64,
    /// Lines that became a view.
    pub views: u64,
    /// Lines that became a `file_download`.
    pub downloads: u64,
    /// Lines that would have become an event, were their agent not a bot's.
    pub filtered_bots: u64,
    /// Lines that are no event.
    pub skipped: Skipped,
    /// Numbers of the lines that could not be read, from 1, ascending.
    pub unparsable: Vec<u64>,
}

/// Lines that are no event, by the first reason that fits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Skipped {
    /// The method is not GET.
    pub method: u64,
    /// The status is neither 200 to 299 nor 304. Holds for downloads as for views.
    pub status: u64,
    /// The path ends in the extension of a page's part. Upper and lower case are the same.
    pub asset: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    View,
    Download,
}

/// An event that the import would store. Equal lines are separate events: the occurrence number is part of their id.
pub(crate) struct Event {
    pub(crate) time_s: i64,
    pub(crate) kind: Kind,
    pub(crate) page: String,
    /// (network, agent); absent without an address.
    pub(crate) client: Option<(String, String)>,
}

enum Fate {
    View,
    Download,
    Bot,
    WrongMethod,
    WrongStatus,
    Asset,
}

/// Reads every line, and gives the events in the order of the log.
pub(crate) fn classify(log: &[u8], rules: &Rules<'_>) -> (LineCounts, Vec<Event>) {
    let mut counts = LineCounts::default();
    let mut events = Vec::new();

    for raw in log.strip_suffix(b"\n").unwrap_or(log).split(|byte| *byte == b'\n') {
        if log.is_empty() {
            break;
        }
        counts.read += 1;
        let text = String::from_utf8_lossy(raw.strip_suffix(b"\r").unwrap_or(raw));
        let Some(line) = line::parse(&text) else {
            counts.unparsable.push(counts.read);
            continue;
        };
        let kind = match fate_of(&line, rules) {
            Fate::WrongMethod => {
                counts.skipped.method += 1;
                continue;
            }
            Fate::WrongStatus => {
                counts.skipped.status += 1;
                continue;
            }
            Fate::Asset => {
                counts.skipped.asset += 1;
                continue;
            }
            Fate::Bot => {
                counts.filtered_bots += 1;
                continue;
            }
            Fate::Download => {
                counts.downloads += 1;
                Kind::Download
            }
            Fate::View => {
                counts.views += 1;
                Kind::View
            }
        };
        let agent = line.agent;
        events.push(Event {
            time_s: line.time_s,
            kind,
            page: (rules.page_rewrite)(&line.path),
            client: line.network.map(|network| (network, agent)),
        });
    }
    (counts, events)
}

fn fate_of(line: &Line, rules: &Rules<'_>) -> Fate {
    if line.method != "GET" {
        return Fate::WrongMethod;
    }
    if !(200..=299).contains(&line.status) && line.status != 304 {
        return Fate::WrongStatus;
    }
    let path = line.path.to_ascii_lowercase();
    let ends_in = |extension: &&str| path.ends_with(&format!(".{extension}"));
    if ASSETS.iter().any(ends_in) {
        return Fate::Asset;
    }
    if rules.bots == Bots::Filter && (rules.is_bot)(&line.agent) {
        return Fate::Bot;
    }
    if DOWNLOADS.iter().any(ends_in) {
        return Fate::Download;
    }
    Fate::View
}
