//! Random commits against a naive model that shares nothing with the store but the words of the port.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use analytics_domain::{
    Day, EntryId, Event, EventId, Interval, Micros, Millis, ProjectId, Version,
    ports::{Commit, EventOutcome, EventStore, LogEntry},
};
use analytics_testkit::{FreshDatabase, sample};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use tempfile::TempDir;

use crate::support::{connect, open, read_all};

/// An entry before it has an id: its events, by identity, day and content. Small ranges, so that they meet.
type Draft = Vec<(u8, u8, u8, u8)>;

/// One step: new entries, or entries of before once more. Entries are picked by number among all so far.
#[derive(Debug, Clone)]
enum Step {
    New(Vec<Draft>),
    Again(Vec<usize>),
}

fn drafts() -> impl Strategy<Value = Draft> {
    vec((0..12_u8, 0..3_u8, 0..3_u8, any::<u8>()), 1..8)
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = prop_oneof![
        3 => vec(drafts(), 1..4).prop_map(Step::New),
        1 => vec(any::<usize>(), 1..4).prop_map(Step::Again),
    ];
    vec((1..3_i64, step), 1..25)
}

fn event((id, microsecond, day, content): (u8, u8, u8, u8)) -> Event {
    let day = sample::DAY.plus_days(day.into());
    let time = Millis(sample::event_on(day, content.into()).time.0);
    Event {
        event_id: EventId([id; 16]),
        occurred_at: Micros(microsecond.into()),
        time,
        name: format!("content {content}"),
        visitor_day: day,
        ..sample::event(0)
    }
}

#[derive(Default)]
struct Model {
    /// In the order in which they were stored, with the entry that did.
    stored: Vec<(EntryId, Version, Event)>,
    versions: BTreeMap<Day, i64>,
}

impl Model {
    fn commit(&mut self, entries: &[LogEntry]) -> Commit {
        let mut changed = BTreeSet::new();
        let mut outcomes = Vec::new();
        for entry in entries {
            let mut of_entry = Vec::new();
            for (place, event) in entry.events.iter().enumerate() {
                let same = |other: &Event| other.event_id == event.event_id && other.occurred_at == event.occurred_at;
                let copy_before = entry.events[..place].iter().any(same);
                let owner = self.stored.iter().find(|(_, _, other)| same(other)).map(|(owner, _, _)| *owner);
                of_entry.push(match owner {
                    None => {
                        changed.insert(event.visitor_day);
                        let version = self.versions.get(&event.visitor_day).copied().unwrap_or(0) + 1;
                        self.stored.push((entry.id, Version(version), event.clone()));
                        EventOutcome::Stored
                    }
                    Some(owner) if owner == entry.id && !copy_before => EventOutcome::Stored,
                    Some(_) => EventOutcome::Duplicate,
                });
            }
            outcomes.push(of_entry);
        }
        for day in &changed {
            *self.versions.entry(*day).or_default() += 1;
        }
        Commit { outcomes, days: changed.into_iter().map(|day| (day, Version(self.versions[&day]))).collect() }
    }

    fn of_day(&self, day: Day) -> Vec<(Version, Event)> {
        let of_day = self.stored.iter().filter(|(_, _, event)| event.visitor_day == day);
        of_day.map(|(_, version, event)| (*version, event.clone())).collect()
    }
}

/// Where a store lies, so that it can be opened again.
enum Place {
    Directory(TempDir),
    Database(FreshDatabase),
}

impl Place {
    async fn open(&self) -> Arc<dyn EventStore> {
        match self {
            Self::Directory(directory) => open(directory.path()).await,
            Self::Database(database) => Arc::new(connect(database).await),
        }
    }
}

async fn run(place: Place, steps: Vec<(i64, Step)>) -> Result<(), TestCaseError> {
    let mut store = place.open().await;
    let mut models: BTreeMap<ProjectId, Model> = BTreeMap::new();
    let mut log: BTreeMap<ProjectId, Vec<LogEntry>> = BTreeMap::new();
    let mut next_entry = 0;
    for (index, (project, step)) in steps.into_iter().enumerate() {
        let project = ProjectId(project);
        let past = log.entry(project).or_default();
        let entries: Vec<LogEntry> = match step {
            Step::New(drafts) => {
                let mut entry = |draft: Draft| {
                    next_entry += 1;
                    sample::entry(next_entry, project, draft.into_iter().map(event).collect())
                };
                drafts.into_iter().map(&mut entry).collect()
            }
            Step::Again(_) if past.is_empty() => continue,
            Step::Again(picks) => picks.into_iter().map(|pick| past[pick % past.len()].clone()).collect(),
        };
        past.extend(entries.iter().cloned());
        let expected = models.entry(project).or_default().commit(&entries);
        prop_assert_eq!(store.commit(project, &entries).await, Ok(expected));
        if index % 8 == 7 {
            drop(store);
            store = place.open().await;
        }
    }
    for (project, model) in &models {
        compare(&*store, *project, model).await?;
    }
    Ok(())
}

async fn compare(store: &dyn EventStore, project: ProjectId, model: &Model) -> Result<(), TestCaseError> {
    let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
    let states = store.days(project, always).await.expect("the store works");
    let days: Vec<Day> = states.iter().map(|state| state.day).collect();
    prop_assert_eq!(days, model.versions.keys().copied().collect::<Vec<_>>());
    for state in states {
        let expected = model.of_day(state.day);
        let read = read_all(store, project, state.day).await;
        let read: Vec<_> = read.into_iter().map(|stored| (stored.position.version, stored.event)).collect();
        prop_assert_eq!(&read, &expected);
        let times = || expected.iter().map(|(_, event)| event.time);
        prop_assert_eq!(state.version.0, model.versions[&state.day]);
        prop_assert_eq!(state.event_count, expected.len() as i64);
        prop_assert_eq!((Some(state.min_time), Some(state.max_time)), (times().min(), times().max()));
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn any_sequence_of_commits_leaves_what_a_naive_store_would(steps in steps()) {
        runtime().block_on(run(Place::Directory(TempDir::new().unwrap()), steps))?;
    }
}

proptest! {
    // A database takes longer to make than a directory.
    #![proptest_config(config(24))]

    #[test]
    fn any_sequence_of_commits_leaves_what_a_naive_store_would_in_timescale(steps in steps()) {
        runtime().block_on(async { run(Place::Database(FreshDatabase::create().await), steps).await })?;
    }
}
