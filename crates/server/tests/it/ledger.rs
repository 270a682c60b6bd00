//! What clients know of each event, in a file that is on the disk before anybody goes on: what a crash of the test left out of it never
//! happened.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::Write as _,
};

use analytics_proto::v1;
use uuid::Uuid;

/// The ledger while clients write to it.
#[derive(Debug)]
pub(crate) struct LedgerWriter {
    file: File,
    /// How many events a server took responsibility for, each once.
    acknowledged: BTreeSet<Uuid>,
}

/// The ledger, read back.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// All events that left a client.
    pub(crate) sent: HashMap<Uuid, Sent>,
    /// Those that a server took responsibility for.
    pub(crate) acknowledged: BTreeSet<Uuid>,
    /// Those that a server refused for good, with the reason that it gave.
    pub(crate) rejected: BTreeMap<Uuid, String>,
    /// Those that a server did not count, with the rule that it gave.
    pub(crate) filtered: BTreeMap<Uuid, String>,
}

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) project: String,
    pub(crate) page: String,
}

impl LedgerWriter {
    pub(crate) fn new() -> Self {
        Self { file: tempfile::tempfile().expect("a file"), acknowledged: BTreeSet::new() }
    }

    /// Notes a batch before it leaves the client.
    pub(crate) fn sending(&mut self, batch: &v1::TrackRequest) {
        let project = batch.project.trim_start_matches("projects/");
        let line = |event: &v1::Event| {
            let page = event.url.trim_start_matches("https://example.com");
            format!("sent {} {project} {page}\n", event.event_id)
        };
        self.write(batch.events.iter().map(line).collect());
    }

    /// Notes what a server said of the events of a batch, and returns those that it asks for again.
    pub(crate) fn answered(&mut self, events: Vec<v1::Event>, answer: v1::TrackResponse) -> Vec<v1::Event> {
        assert_eq!(events.len(), answer.verdicts.len());
        let mut lines = String::new();
        let mut again = Vec::new();
        for (event, verdict) in events.into_iter().zip(answer.verdicts) {
            let id = &event.event_id;
            match verdict.verdict() {
                v1::Verdict::Accepted | v1::Verdict::Stored | v1::Verdict::Duplicate => {
                    self.acknowledged.insert(id.parse().expect("we made it"));
                    lines += &format!("acknowledged {id}\n");
                }
                v1::Verdict::Rejected => lines += &format!("rejected {id} {}\n", verdict.reason().as_str_name()),
                v1::Verdict::Filtered => lines += &format!("filtered {id} {}\n", verdict.filter_rule().as_str_name()),
                v1::Verdict::Retry => again.push(event),
                v1::Verdict::Unspecified => panic!("an event without a verdict: {verdict:?}"),
            }
        }
        self.write(lines);
        again
    }

    /// How many events a server took responsibility for, each once.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    fn write(&mut self, lines: String) {
        self.file.write_all(lines.as_bytes()).expect("writable");
        self.file.sync_data().expect("it reaches the disk");
    }

    /// Reads it back from the file.
    pub(crate) fn read(&self) -> Ledger {
        use std::os::unix::fs::FileExt as _;
        let mut text = vec![0; self.file.metadata().expect("it is open").len() as usize];
        self.file.read_exact_at(&mut text, 0).expect("readable");
        Ledger::parse(&String::from_utf8(text).expect("UTF-8"))
    }
}

impl Ledger {
    /// Both.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.sent.extend(other.sent);
        self.acknowledged.extend(other.acknowledged);
        self.rejected.extend(other.rejected);
        self.filtered.extend(other.filtered);
        self
    }

    fn parse(text: &str) -> Self {
        let mut ledger = Self::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or_else(|| panic!("half a line: {line}")).to_owned();
            let (what, id) = (word(), word().parse().expect("an id"));
            match what.as_str() {
                "sent" => drop(ledger.sent.insert(id, Sent { project: word(), page: word() })),
                "acknowledged" => drop(ledger.acknowledged.insert(id)),
                "rejected" => drop(ledger.rejected.insert(id, word())),
                "filtered" => drop(ledger.filtered.insert(id, word())),
                other => panic!("{other}?"),
            }
        }
        ledger
    }
}
