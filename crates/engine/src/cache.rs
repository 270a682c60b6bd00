use std::sync::Arc;

use analytics_domain::{Day, DurationMs, Generation, ProjectId, Version, ports::SegmentKey};
use analytics_segment::Column;

use crate::{sessions::Sessions, source::Source};

/// One day in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DayKey {
    pub(crate) project: ProjectId,
    pub(crate) day: Day,
    pub(crate) generation: Generation,
    pub(crate) version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Source(DayKey),
    /// The version read last of a day under a generation.
    LastRead(ProjectId, Day, Generation),
    Sessions(DayKey, DurationMs),
    SegmentColumn(SegmentKey, Box<str>),
    DayColumn(DayKey, Origin, Box<str>),
}

/// How a column of a day was made. Where a segment was found to be of no use, what was merged with it must not be met again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    Merged,
    Truth,
}

#[derive(Clone)]
enum Entry {
    Source(Arc<Source>),
    LastRead(Version),
    Sessions(Arc<Sessions>),
    /// None when no event of the day has the column.
    Column(Option<Arc<Column>>),
}

/// What was read and derived, within a bound on its bytes. A day that changed has another key: nothing in here is ever wrong,
/// only unused.
#[derive(Clone)]
pub(crate) struct Cache(moka::sync::Cache<Key, Entry>);

/// What an entry costs beside its content.
const ENTRY_BYTES: usize = 200;

impl Cache {
    pub(crate) fn new(bytes: u64) -> Self {
        let weigh = |_: &Key, entry: &Entry| {
            let content = match entry {
                Entry::Source(source) => source.memory_bytes(),
                Entry::LastRead(_) => 0,
                Entry::Sessions(sessions) => sessions.memory_bytes(),
                Entry::Column(column) => column.as_ref().map_or(0, |column| column.memory_bytes()),
            };
            u32::try_from(content + ENTRY_BYTES).unwrap_or(u32::MAX)
        };
        Self(moka::sync::Cache::builder().max_capacity(bytes).weigher(weigh).build())
    }

    pub(crate) fn source(&self, day: DayKey) -> Option<Arc<Source>> {
        match self.0.get(&Key::Source(day))? {
            Entry::Source(source) => Some(source),
            _ => None,
        }
    }

    pub(crate) fn put_source(&self, day: DayKey, source: Arc<Source>) {
        self.0.insert(Key::Source(day), Entry::Source(source));
        self.0.insert(Key::LastRead(day.project, day.day, day.generation), Entry::LastRead(day.version));
    }

    /// The source of an older state of the day: the one read last, if it is older.
    pub(crate) fn older_source(&self, day: DayKey) -> Option<(Version, Arc<Source>)> {
        match self.0.get(&Key::LastRead(day.project, day.day, day.generation))? {
            Entry::LastRead(version) if version < day.version => {
                Some((version, self.source(DayKey { version, ..day })?))
            }
            _ => None,
        }
    }

    pub(crate) fn remove_source(&self, day: DayKey) {
        self.0.invalidate(&Key::Source(day));
    }

    pub(crate) fn sessions(&self, day: DayKey, timeout: DurationMs) -> Option<Arc<Sessions>> {
        match self.0.get(&Key::Sessions(day, timeout))? {
            Entry::Sessions(sessions) => Some(sessions),
            _ => None,
        }
    }

    pub(crate) fn put_sessions(&self, day: DayKey, timeout: DurationMs, sessions: Arc<Sessions>) {
        self.0.insert(Key::Sessions(day, timeout), Entry::Sessions(sessions));
    }

    pub(crate) fn segment_column(&self, segment: SegmentKey, name: &str) -> Option<Option<Arc<Column>>> {
        self.column(Key::SegmentColumn(segment, name.into()))
    }

    pub(crate) fn put_segment_column(&self, segment: SegmentKey, name: &str, column: Option<Arc<Column>>) {
        self.0.insert(Key::SegmentColumn(segment, name.into()), Entry::Column(column));
    }

    pub(crate) fn day_column(&self, day: DayKey, origin: Origin, name: &str) -> Option<Option<Arc<Column>>> {
        self.column(Key::DayColumn(day, origin, name.into()))
    }

    pub(crate) fn put_day_column(&self, day: DayKey, origin: Origin, name: &str, column: Option<Arc<Column>>) {
        self.0.insert(Key::DayColumn(day, origin, name.into()), Entry::Column(column));
    }

    fn column(&self, key: Key) -> Option<Option<Arc<Column>>> {
        match self.0.get(&key)? {
            Entry::Column(column) => Some(column),
            _ => None,
        }
    }
}
