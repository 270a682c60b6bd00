//! Entries of which the store refuses something: halved until that is found, while the rest is stored.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{Commit, Delivery, EventOutcome, LogEntry, NewQuarantined, QuarantinedContent, StoreError},
};
use tokio::sync::{Semaphore, mpsc};

use crate::{
    ProcessorPorts,
    outcome::{EntryResult, Handle},
    storing::commit,
};

/// Results are told so often, and at the end.
const TELL_INTERVAL: Duration = Duration::from_millis(200);

/// So many are worked on at the same time: other commits come first.
const CONCURRENT_DIVISIONS: usize = 2;

/// When a refusal is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Belief {
    /// At once.
    Now,
    /// When the entry was delivered before so often.
    AfterRedeliveries(u32),
}

/// Results of a division, a part of its entries at a time.
pub(crate) struct Divided {
    pub(crate) project: ProjectId,
    pub(crate) entries: Vec<(Handle, EntryResult)>,
    /// The days that got events, with the version that they now have.
    pub(crate) days: BTreeMap<Day, Version>,
}

/// Works on divisions beside everything else, so that events which the store refuses hold up no others.
pub(crate) struct Divisions {
    ports: ProcessorPorts,
    permits: Arc<Semaphore>,
    results: mpsc::UnboundedSender<Divided>,
}

impl Divisions {
    pub(crate) fn new(ports: ProcessorPorts) -> (Self, mpsc::UnboundedReceiver<Divided>) {
        let (results, divided) = mpsc::unbounded_channel();
        (Self { ports, permits: Arc::new(Semaphore::new(CONCURRENT_DIVISIONS)), results }, divided)
    }

    /// Divides entries of one project; each of them gets a result.
    pub(crate) fn start(&self, project: ProjectId, deliveries: Vec<Delivery>, belief: Belief) {
        let (ports, permits, results) = (self.ports.clone(), Arc::clone(&self.permits), self.results.clone());
        tokio::spawn(async move {
            // Never closed.
            let _permit = permits.acquire().await;
            let mut redeliveries = Vec::with_capacity(deliveries.len());
            let mut handles = Vec::with_capacity(deliveries.len());
            let mut entries = Vec::with_capacity(deliveries.len());
            for delivery in deliveries {
                handles.push(Handle::of(&delivery));
                redeliveries.push(delivery.redeliveries);
                entries.push(delivery.entry);
            }
            let told = Instant::now();
            let divided = Divided { project, entries: Vec::new(), days: BTreeMap::new() };
            let division = Division { ports, project, handles, redeliveries, belief, divided, told, results };
            division.run(&entries).await;
        });
    }
}

struct Division {
    ports: ProcessorPorts,
    project: ProjectId,
    handles: Vec<Handle>,
    redeliveries: Vec<u32>,
    belief: Belief,
    divided: Divided,
    told: Instant,
    results: mpsc::UnboundedSender<Divided>,
}

impl Division {
    async fn run(mut self, entries: &[LogEntry]) {
        // All together were refused, or are known to be.
        let mut ranges = halves(0..entries.len());
        while let Some(range) = ranges.pop() {
            match commit(&self.ports, self.project, &entries[range.clone()]).await {
                Ok(Commit { outcomes, days }) => {
                    self.note_days(days);
                    for (index, outcomes) in range.zip(outcomes) {
                        self.done(index, &entries[index], outcomes);
                    }
                }
                Err(StoreError::Refused(reason)) if range.len() == 1 => {
                    self.refused_entry(range.start, &entries[range.start], reason).await
                }
                Err(StoreError::Refused(_)) => ranges.extend(halves(range)),
                // Nobody's fault: whatever is left will fail as well.
                Err(error) => {
                    ranges.push(range);
                    for index in ranges.drain(..).rev().flatten() {
                        self.result(index, EntryResult::Failed(error.clone()));
                    }
                }
            }
            if self.told.elapsed() >= TELL_INTERVAL {
                self.tell();
            }
        }
        self.tell();
    }

    async fn refused_entry(&mut self, index: usize, entry: &LogEntry, reason: String) {
        let is_believed = match self.belief {
            Belief::Now => true,
            Belief::AfterRedeliveries(redeliveries) => self.redeliveries[index] >= redeliveries,
        };
        if !is_believed {
            return self.result(index, EntryResult::Refused(reason));
        }
        match self.divide_entry(entry, reason).await {
            Ok(outcomes) => self.done(index, entry, outcomes),
            Err(error) => self.result(index, EntryResult::Failed(error)),
        }
    }

    /// Stores the events of an entry that can be stored and puts the others into quarantine. A crash before the entry is acknowledged
    /// repeats all of it: stored events know their entry, and quarantine keeps a record once.
    async fn divide_entry(&mut self, entry: &LogEntry, reason: String) -> Result<Vec<EventOutcome>, StoreError> {
        let mut outcomes = vec![EventOutcome::Quarantined; entry.events.len()];
        let mut refused: Vec<(usize, String)> = Vec::new();
        let mut ranges = halves(0..entry.events.len());
        if entry.events.len() == 1 {
            ranges.clear();
            refused.push((0, reason));
        }
        while let Some(range) = ranges.pop() {
            let part = LogEntry { id: entry.id, project: entry.project, events: entry.events[range.clone()].to_vec() };
            match commit(&self.ports, self.project, &[part]).await {
                Ok(Commit { outcomes: stored, days }) => {
                    self.note_days(days);
                    for (index, outcome) in range.zip(stored.into_iter().flatten()) {
                        outcomes[index] = outcome;
                    }
                }
                Err(StoreError::Refused(reason)) if range.len() == 1 => refused.push((range.start, reason)),
                Err(StoreError::Refused(_)) => ranges.extend(halves(range)),
                Err(error) => return Err(error),
            }
        }
        self.quarantine(entry, refused).await?;
        // Its parts were stored as if each were the entry: of copies in several, all but the first are duplicates.
        let mut seen = HashSet::new();
        for (event, outcome) in entry.events.iter().zip(&mut outcomes) {
            if *outcome == EventOutcome::Stored && !seen.insert((event.occurred_at, event.event_id)) {
                *outcome = EventOutcome::Duplicate;
            }
        }
        Ok(outcomes)
    }

    async fn quarantine(&self, entry: &LogEntry, refused: Vec<(usize, String)>) -> Result<(), StoreError> {
        if refused.is_empty() {
            return Ok(());
        }
        tracing::error!(
            project = self.project.0,
            entry = entry.id.0,
            events = refused.len(),
            reason = refused[0].1,
            "the store refuses events; they go into quarantine"
        );
        let create_time = self.ports.clock.now();
        let items: Vec<NewQuarantined> = refused
            .into_iter()
            .map(|(index, reason)| {
                let event = entry.events[index].clone();
                let content = QuarantinedContent::Event { project: self.project, entry: entry.id, event };
                NewQuarantined { content, reason, create_time }
            })
            .collect();
        self.ports.quarantine.quarantine(&items).await
    }

    fn done(&mut self, index: usize, entry: &LogEntry, outcomes: Vec<EventOutcome>) {
        self.ports.note(self.project, entry.id, &entry.events, &outcomes);
        self.result(index, EntryResult::Done(outcomes));
    }

    fn result(&mut self, index: usize, result: EntryResult) {
        self.divided.entries.push((self.handles[index], result));
    }

    fn note_days(&mut self, days: Vec<(Day, Version)>) {
        for (day, version) in days {
            let latest = self.divided.days.entry(day).or_insert(version);
            *latest = version.max(*latest);
        }
    }

    fn tell(&mut self) {
        let empty = Divided { project: self.project, entries: Vec::new(), days: BTreeMap::new() };
        let divided = std::mem::replace(&mut self.divided, empty);
        self.told = Instant::now();
        // When the processor is gone, what it did not answer is delivered again.
        let _unheard = self.results.send(divided);
    }
}

/// Both halves of a range, the first one last; a single one itself.
fn halves(range: Range<usize>) -> Vec<Range<usize>> {
    if range.len() < 2 {
        return vec![range];
    }
    let middle = range.start + range.len() / 2;
    vec![middle..range.end, range.start..middle]
}
