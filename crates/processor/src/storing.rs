//! A batch on its way into the store.

use std::{collections::BTreeMap, time::Instant};

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{Awaited, Commit, Delivery, EventOutcome, LogEntry, StoreError},
};
use tokio::sync::mpsc;

use crate::{ProcessorPorts, outcome::Handle};

/// A batch that is being stored, project after project, in a task of its own.
pub(crate) struct Storing {
    pub(crate) stored: mpsc::UnboundedReceiver<Stored>,
    /// How many are not told yet.
    pub(crate) projects: usize,
}

/// The entries of one project, and what storing them came to.
pub(crate) struct Stored {
    pub(crate) project: ProjectId,
    pub(crate) result: StoreResult,
}

/// What storing the entries of one project came to.
pub(crate) enum StoreResult {
    Committed { entries: Vec<(Handle, Vec<EventOutcome>)>, days: Vec<(Day, Version)> },
    Refused(Vec<Delivery>, String),
    Failed(Vec<Handle>, StoreError),
}

impl Storing {
    pub(crate) fn start(ports: ProcessorPorts, deliveries: Vec<Delivery>) -> Self {
        let by_project = by_project(deliveries);
        let projects = by_project.len();
        let (told, stored) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for (project, deliveries) in by_project {
                let result = store_all(&ports, project, deliveries).await;
                if told.send(Stored { project, result }).is_err() {
                    // The processor is gone. What it did not answer is delivered again.
                    return;
                }
            }
        });
        Self { stored, projects }
    }
}

async fn store_all(ports: &ProcessorPorts, project: ProjectId, deliveries: Vec<Delivery>) -> StoreResult {
    let apart = |delivery: Delivery| ((Handle::of(&delivery), delivery.redeliveries, delivery.awaited), delivery.entry);
    let (handles, entries): (Vec<(Handle, u32, Awaited)>, Vec<LogEntry>) = deliveries.into_iter().map(apart).unzip();
    match commit(ports, project, &entries).await {
        Ok(Commit { outcomes, days }) => {
            for (entry, outcomes) in entries.iter().zip(&outcomes) {
                ports.note(project, entry.id, &entry.events, outcomes);
            }
            let handles = handles.into_iter().map(|(handle, ..)| handle);
            StoreResult::Committed { entries: handles.zip(outcomes).collect(), days }
        }
        Err(StoreError::Refused(reason)) => {
            let parts = handles.into_iter().zip(entries);
            let deliveries = parts.map(|((handle, redeliveries, awaited), entry)| Delivery {
                token: handle.token,
                redeliveries,
                entry,
                awaited,
            });
            StoreResult::Refused(deliveries.collect(), reason)
        }
        Err(error @ (StoreError::Unavailable(_) | StoreError::Corrupt(_))) => {
            StoreResult::Failed(handles.into_iter().map(|(handle, ..)| handle).collect(), error)
        }
    }
}

/// Stores entries of one project, and measures how long that takes.
pub(crate) async fn commit(
    ports: &ProcessorPorts,
    project: ProjectId,
    entries: &[LogEntry],
) -> Result<Commit, StoreError> {
    let started = Instant::now();
    let result = ports.store.commit(project, entries).await;
    metrics::histogram!("analytics_processor_commit_duration_seconds").record(started.elapsed());
    result
}

/// Keeps the order of entries within each project: what was appended first stays first.
pub(crate) fn by_project(deliveries: Vec<Delivery>) -> BTreeMap<ProjectId, Vec<Delivery>> {
    let mut projects: BTreeMap<ProjectId, Vec<Delivery>> = BTreeMap::new();
    for delivery in deliveries {
        projects.entry(delivery.entry.project).or_default().push(delivery);
    }
    projects
}
