//! How many events were taken, filtered and rejected.

use std::sync::Arc;

use analytics_domain::{
    Clock, Day, Project,
    calendar::day_of,
    ports::{IngestCount, IngestCounts},
};
use analytics_rpc::RpcError;

const DEFAULT_DAYS: i32 = 30;
/// About a year: an answer stays small.
const MAX_DAYS: i32 = 400;

/// The days that somebody asks for; what is not named follows from the other or from today.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedDays {
    pub(crate) first: Option<Day>,
    pub(crate) last: Option<Day>,
}

pub(crate) struct Counts {
    counts: Arc<dyn IngestCounts>,
    clock: Arc<dyn Clock>,
}

impl Counts {
    pub(crate) fn new(counts: Arc<dyn IngestCounts>, clock: Arc<dyn Clock>) -> Self {
        Self { counts, clock }
    }

    pub(crate) async fn list(&self, project: &Project, asked: AskedDays) -> Result<Vec<IngestCount>, RpcError> {
        let last = asked.last.unwrap_or_else(|| day_of(self.clock.now().to_millis(), &project.zone));
        let first = asked.first.unwrap_or_else(|| last.plus_days(1 - DEFAULT_DAYS));
        if first > last {
            return Err(RpcError::invalid_field("first_date", format!("comes after the last day, {last}")));
        }
        if last.0 - first.0 >= MAX_DAYS {
            let description = format!("is more than {MAX_DAYS} days before the last: ask for fewer");
            return Err(RpcError::invalid_field("first_date", description));
        }
        Ok(self.counts.ingest_counts(project.id, first..=last).await?)
    }
}
