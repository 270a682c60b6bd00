//! Derived day segments: columns as bytes, by name.

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Day, Generation, ProjectId, Version};

/// Why the store could not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// The environment fails; the same call may succeed later.
    #[error("the segment store is not available: {0}")]
    Unavailable(String),
    /// The segment is gone, replaced by a newer one: ask for the latest again.
    #[error("the segment was replaced")]
    Gone,
    /// The bytes are damaged. The segment can be built again from the truth.
    #[error("a segment is damaged: {0}")]
    Corrupt(String),
}

/// Which segment: the events of one day up to a version, under a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentKey {
    /// The project.
    pub project: ProjectId,
    /// The visitor day.
    pub day: Day,
    /// The generation that it was built under.
    pub generation: Generation,
    /// The version that it contains.
    pub version: Version,
}

/// One column, encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedColumn {
    /// Its name, unique within the segment.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Keeps derived day segments. Losing one loses nothing but time.
#[async_trait]
pub trait SegmentStore: Send + Sync {
    /// Stores a segment whole or not at all; readers of older ones are not disturbed. Storing the same key again replaces it.
    async fn put(&self, key: SegmentKey, columns: Vec<EncodedColumn>) -> Result<(), SegmentError>;
    /// The newest segment of a day under this generation.
    async fn latest(
        &self,
        project: ProjectId,
        day: Day,
        generation: Generation,
    ) -> Result<Option<SegmentKey>, SegmentError>;
    /// The names of the columns of a segment.
    async fn column_names(&self, key: SegmentKey) -> Result<Vec<String>, SegmentError>;
    /// The bytes of the named columns, in that order; none for a column that the segment lacks.
    async fn read_columns(&self, key: SegmentKey, names: &[String]) -> Result<Vec<Option<Bytes>>, SegmentError>;
    /// Removes the day's segments of other generations or older versions than `keep`.
    async fn remove_before(&self, keep: SegmentKey) -> Result<(), SegmentError>;
}
