use std::sync::Arc;

use analytics_domain::{
    ProjectId, Version,
    ports::{DayState, EventPosition, EventStore, SegmentError, SegmentKey, SegmentStore, StoreError},
};
use analytics_segment::{BuildError, Built, Column, Merge, MergeError, SortKeys, decode, names};
use bytes::Bytes;

use crate::{
    cache::{Cache, DayKey},
    view::{DayView, MisfitColumn},
    workers::Workers,
};

/// How many events are read from the truth at once.
const PAGE_EVENTS: usize = 10_000;

/// Where the columns of a day in one state come from.
pub(crate) enum Source {
    /// A segment that has all its events.
    Segment(SegmentKey),
    /// All its events, as the truth has them.
    Truth(Built),
    /// A segment and the events that came after it.
    Merged { segment: SegmentKey, tail: Built, merge: Merge },
}

impl Source {
    fn segment(&self) -> Option<SegmentKey> {
        match self {
            Self::Segment(segment) | Self::Merged { segment, .. } => Some(*segment),
            Self::Truth(_) => None,
        }
    }

    /// The events that came after the segment, or all.
    fn events(&self) -> Option<&Built> {
        match self {
            Self::Segment(_) => None,
            Self::Truth(events) | Self::Merged { tail: events, .. } => Some(events),
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        /// As the builder promises.
        const BYTES_OF_EVENT: usize = 150;
        match self {
            Self::Segment(_) => 0,
            Self::Truth(built) => built.row_count() * BYTES_OF_EVENT,
            Self::Merged { tail, merge, .. } => tail.row_count() * BYTES_OF_EVENT + merge.memory_bytes(),
        }
    }
}

/// Why a day could not be read as it was tried.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The truth cannot be read.
    Store(StoreError),
    /// The day is not in the state any more in which it was to be read.
    Moved,
    /// The segment was replaced meanwhile.
    Gone,
    /// The segment is of no use.
    Segment(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<BuildError> for Trouble {
    fn from(error: BuildError) -> Self {
        Self::Store(StoreError::Corrupt(error.to_string()))
    }
}

impl From<SegmentError> for Trouble {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::Gone => Self::Gone,
            SegmentError::Unavailable(_) | SegmentError::Corrupt(_) => Self::Segment(error.to_string()),
        }
    }
}

impl From<MergeError> for Trouble {
    fn from(error: MergeError) -> Self {
        Self::Segment(error.to_string())
    }
}

impl From<MisfitColumn> for Trouble {
    fn from(error: MisfitColumn) -> Self {
        Self::Segment(error.to_string())
    }
}

/// Whether segments are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A segment is used when there is one.
    Segments,
    /// Only the truth is.
    TruthOnly,
}

/// Reads the columns of days out of segments and the truth.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) segments: Arc<dyn SegmentStore>,
    pub(crate) cache: Cache,
    pub(crate) workers: Workers,
}

impl Sources {
    /// The named columns of a day in exactly this state.
    pub(crate) async fn view(
        &self,
        project: ProjectId,
        state: &DayState,
        columns: &[String],
        trust: Trust,
    ) -> Result<DayView, Trouble> {
        let day = day_key(project, state);
        let source = match self.cache.source(day) {
            Some(source) if trust == Trust::Segments || matches!(*source, Source::Truth(_)) => source,
            _ => {
                let source = Arc::new(self.find(project, state, trust).await?);
                self.cache.put_source(day, source.clone());
                source
            }
        };
        let columns = self.columns(day, &source, columns).await?;
        let view = DayView::new(columns)?;
        let is_truth = matches!(*source, Source::Truth(_));
        if !is_truth && view.row_count() as i64 != state.event_count {
            let rows = view.row_count();
            return Err(Trouble::Segment(format!("it has {rows} events in place of {}", state.event_count)));
        }
        Ok(view)
    }

    async fn find(&self, project: ProjectId, state: &DayState, trust: Trust) -> Result<Source, Trouble> {
        let segment = match trust {
            Trust::Segments => self.segments.latest(project, state.day, state.generation).await?,
            Trust::TruthOnly => None,
        };
        match segment {
            Some(segment) if segment.version > state.version => Err(Trouble::Moved),
            Some(segment) if segment.version == state.version => Ok(Source::Segment(segment)),
            Some(segment) => {
                let tail = self.read_truth(project, state, Some(segment)).await?;
                let (tail, merge) = self.merge(segment, tail).await?;
                Ok(Source::Merged { segment, tail, merge })
            }
            None => Ok(Source::Truth(self.read_truth(project, state, None).await?)),
        }
    }

    /// The events after a segment, or all, up to the version of the state. Those that were read for an older state are not read again.
    async fn read_truth(
        &self,
        project: ProjectId,
        state: &DayState,
        after: Option<SegmentKey>,
    ) -> Result<Built, Trouble> {
        let known = self.cache.older_source(day_key(project, state));
        let known = known.filter(|(_, source)| source.segment() == after && source.events().is_some());
        let from = known.as_ref().map(|(version, _)| *version).or(after.map(|segment| segment.version));
        let mut position = EventPosition::after_version(from.unwrap_or(Version(i64::MIN)));
        let reopen = move || known.and_then(|(_, source)| source.events().map(Built::to_builder)).unwrap_or_default();
        let mut builder = self.workers.run(reopen).await;
        loop {
            let page = self.events.read_day(project, state.day, position, state.version, PAGE_EVENTS).await?;
            let Some(last) = page.last() else { break };
            position = last.position;
            builder = self
                .workers
                .run(move || {
                    builder.extend(page.iter().map(|stored| &stored.event));
                    builder
                })
                .await;
        }
        self.ensure_unmoved(project, state).await?;
        Ok(self.workers.run(move || builder.build()).await?)
    }

    /// What was read in pages is of one state only when the past did not change meanwhile.
    async fn ensure_unmoved(&self, project: ProjectId, state: &DayState) -> Result<(), Trouble> {
        match self.events.day(project, state.day).await? {
            Some(now) if now.generation == state.generation => Ok(()),
            _ => Err(Trouble::Moved),
        }
    }

    async fn merge(&self, segment: SegmentKey, tail: Built) -> Result<(Built, Merge), Trouble> {
        let keys = [names::VISITOR, names::VISITOR_HASH, names::TIME, names::SEQUENCE].map(str::to_owned);
        let columns = Arc::new(self.segment_columns(segment, &keys).await?);
        let tail = Arc::new(tail);
        let mut merged = self.merge_by(&columns, None, &tail).await;
        if matches!(merged, Err(MergeError::EventIdsNeeded)) {
            // Sixteen bytes an event that nothing else needs: not kept.
            let ids = self.segments.read_columns(segment, &[names::EVENT_ID.to_owned()]).await?;
            let ids = ids.into_iter().next().flatten().ok_or_else(|| missing(names::EVENT_ID))?;
            merged = self.merge_by(&columns, Some(ids), &tail).await;
        }
        let merge = merged?;
        let tail = Arc::into_inner(tail).ok_or_else(|| Trouble::Segment("its tail is still in use".to_owned()))?;
        Ok((tail, merge))
    }

    async fn merge_by(
        &self,
        segment: &Arc<Vec<Option<Arc<Column>>>>,
        ids: Option<Bytes>,
        tail: &Arc<Built>,
    ) -> Result<Merge, MergeError> {
        let (segment, tail) = (segment.clone(), tail.clone());
        let job = move || {
            let ids = match ids.map(|bytes| decode(&bytes)).transpose() {
                Ok(ids) => ids,
                Err(_) => return Err(MergeError::Mismatch("the event ids are damaged")),
            };
            let tail_ids = ids.as_ref().and_then(|_| tail.column(names::EVENT_ID));
            let of_tail =
                [names::VISITOR, names::VISITOR_HASH, names::TIME, names::SEQUENCE].map(|name| tail.column(name));
            let of_segment: Vec<Option<&Column>> = segment.iter().map(Option::as_deref).collect();
            let of_tail: Vec<Option<&Column>> = of_tail.iter().map(Option::as_ref).collect();
            Merge::new(sort_keys(&of_segment, ids.as_ref())?, sort_keys(&of_tail, tail_ids.as_ref())?)
        };
        self.workers.run(job).await
    }
}

impl Source {
    /// A column of a day that is not just a segment; `of_segment` is what the segment has of it.
    pub(crate) fn column(&self, name: &str, of_segment: Option<&Column>) -> Result<Option<Column>, MergeError> {
        match self {
            Self::Segment(_) => Ok(None),
            Self::Truth(built) => Ok(built.column(name)),
            Self::Merged { merge, .. } if name == names::VISITOR => {
                Ok(Some(Column::Visitors(merge.visitors().clone())))
            }
            Self::Merged { tail, merge, .. } => merge.column(of_segment, tail.column(name).as_ref()),
        }
    }
}

fn missing(name: &str) -> Trouble {
    Trouble::Segment(format!("the column `{name}` is missing"))
}

fn sort_keys<'a>(columns: &[Option<&'a Column>], ids: Option<&'a Column>) -> Result<SortKeys<'a>, MergeError> {
    let sequence = match columns[3] {
        Some(Column::Integers(sequence)) => Some(sequence),
        None => None,
        Some(_) => return Err(MergeError::Mismatch("the sequence numbers are none")),
    };
    let event_ids = match ids {
        Some(Column::EventIds(ids)) => Some(ids.as_slice()),
        None => None,
        Some(_) => return Err(MergeError::Mismatch("the event ids are none")),
    };
    match (columns[0], columns[1], columns[2]) {
        (Some(Column::Visitors(visitors)), Some(Column::VisitorHashes(visitor_hashes)), Some(Column::Times(times))) => {
            Ok(SortKeys { visitors, visitor_hashes, times, sequence, event_ids })
        }
        _ => Err(MergeError::Mismatch("a sort key is missing")),
    }
}

pub(crate) fn day_key(project: ProjectId, state: &DayState) -> DayKey {
    DayKey { project, day: state.day, generation: state.generation, version: state.version }
}
