//! The candidates.

/// Indexes of the events.
pub(crate) struct Variant {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// The columns of the unique constraint, which the table has in any case.
    identity: &'static str,
    /// What follows `ON events USING` in the definition of the index for versions.
    index: Option<&'static str>,
    /// What the ids of the rows are.
    pub(crate) ids: IdKind,
}

/// Whether the order of event ids is that of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdKind {
    /// UUIDv7, as SDKs make them.
    ByTime,
    /// As other clients and imports may make them.
    Random,
}

const TIME_FIRST: &str = "project_id, occurred_at, event_id";
const ID_FIRST: &str = "project_id, event_id, occurred_at";

const fn indexed(name: &'static str, index: Option<&'static str>) -> Variant {
    Variant { name, identity: TIME_FIRST, index, ids: IdKind::ByTime }
}

/// The first is what the others are compared with.
pub(crate) const VARIANTS: [Variant; 8] = [
    indexed("identity only", None),
    indexed("btree, 4 columns", Some("btree (project_id, visitor_day, version, ordinal)")),
    indexed("btree, 3 columns", Some("btree (project_id, visitor_day, version)")),
    indexed("BRIN, 128 pages", Some("brin (project_id, visitor_day, version) WITH (autosummarize = on)")),
    indexed(
        "BRIN, 8 pages",
        Some("brin (project_id, visitor_day, version) WITH (autosummarize = on, pages_per_range = 8)"),
    ),
    Variant { name: "identity by id", identity: ID_FIRST, index: None, ids: IdKind::ByTime },
    Variant { name: "identity, random ids", identity: TIME_FIRST, index: None, ids: IdKind::Random },
    Variant { name: "identity by id, random ids", identity: ID_FIRST, index: None, ids: IdKind::Random },
];

impl Variant {
    pub(crate) fn identity_sql(&self) -> String {
        format!("ALTER TABLE events ADD CONSTRAINT events_identity UNIQUE ({})", self.identity)
    }

    pub(crate) fn index_sql(&self) -> Option<String> {
        self.index.map(|index| format!("CREATE INDEX events_version ON events USING {index}"))
    }
}

impl IdKind {
    /// The columns of `events.sql`, out of the rows.
    pub(crate) fn columns(self) -> String {
        let event_id = match self {
            Self::ByTime => "event_id",
            Self::Random => "md5(event_id::text)::uuid",
        };
        format!(
            "project_id, visitor_day, version, ordinal, entry_id, {event_id}, occurred_at, time, kind, name, visitor_hash, interactive, \
             host, page, referrer, browser, os, device, language, properties"
        )
    }
}
