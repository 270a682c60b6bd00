//! What every store of counts does.

use std::sync::Arc;

use analytics_domain::{
    Day, FilterRule, ProjectId,
    ports::{IngestCount, IngestCounts, IngestDecision},
};

use crate::{fresh::suite, sample::DAY};

suite! {
    $
    /// Runs the suite of counts. Takes the path of an `async fn() -> Fresh<dyn IngestCounts>`.
    ingest_counts_suite of ingest_counts:
    every_decision_is_read_back_in_order,
    counts_add_up,
    days_and_projects_are_counted_apart,
    counts_added_at_the_same_time_all_count,
}

/// The counts under test.
type Store = Arc<dyn IngestCounts>;

const PROJECT: ProjectId = ProjectId(7);
const OTHER_PROJECT: ProjectId = ProjectId(8);

fn count_of(project: ProjectId, day: Day, decision: IngestDecision, count: u64) -> IngestCount {
    IngestCount { project, day, decision, count }
}

fn count(decision: IngestDecision, count: u64) -> IngestCount {
    count_of(PROJECT, DAY, decision, count)
}

fn rejected(reason: &str) -> IngestDecision {
    IngestDecision::Rejected(reason.to_owned())
}

async fn add(store: &Store, counts: &[IngestCount]) {
    store.add_ingest_counts(counts).await.expect("the store works");
}

async fn all(store: &Store, project: ProjectId) -> Vec<IngestCount> {
    store.ingest_counts(project, Day(i32::MIN)..=Day(i32::MAX)).await.expect("the store works")
}

/// Accepted, filtered by each rule, rejected for any reason.
pub async fn every_decision_is_read_back_in_order(store: &Store) {
    let rules = FilterRule::ALL.iter().copied().map(IngestDecision::Filtered);
    let reasons = ["CLOCK_SKEW", "TOO_LATE", "TOO_LATE_BY_FAR", "a"].map(rejected);
    let decisions: Vec<_> = [IngestDecision::Accepted].into_iter().chain(rules).chain(reasons).collect();
    let counts: Vec<_> = (1..).zip(&decisions).map(|(number, decision)| count(decision.clone(), number)).collect();
    assert!(decisions.is_sorted());
    add(store, &[]).await;
    assert_eq!(all(store, PROJECT).await, []);
    add(store, &counts.iter().rev().cloned().collect::<Vec<_>>()).await;
    assert_eq!(all(store, PROJECT).await, counts);
}

/// Within a call and from call to call, beyond 32 bits.
pub async fn counts_add_up(store: &Store) {
    let accepted = IngestDecision::Accepted;
    add(store, &[count(accepted.clone(), 1), count(rejected("a"), 5), count(accepted.clone(), 2)]).await;
    add(store, &[count(accepted.clone(), 5_000_000_000), count(rejected("b"), 0)]).await;
    add(store, &[count(accepted.clone(), 5_000_000_000)]).await;
    let expected = [count(accepted, 10_000_000_003), count(rejected("a"), 5), count(rejected("b"), 0)];
    assert_eq!(all(store, PROJECT).await, expected);
}

/// By day first; the ends of a range belong to it.
pub async fn days_and_projects_are_counted_apart(store: &Store) {
    let on = |days: i32, decision: IngestDecision, count| count_of(PROJECT, DAY.plus_days(days), decision, count);
    let counts = [
        on(-1, rejected("a"), 1),
        on(0, IngestDecision::Accepted, 2),
        on(0, rejected("a"), 3),
        on(1, IngestDecision::Accepted, 4),
        on(5, IngestDecision::Accepted, 5),
    ];
    let of_other = [count_of(OTHER_PROJECT, DAY, IngestDecision::Accepted, 9)];
    add(store, &counts).await;
    add(store, &of_other).await;
    let found = async |first: i32, last: i32| {
        let days = DAY.plus_days(first)..=DAY.plus_days(last);
        store.ingest_counts(PROJECT, days).await.expect("the store works")
    };
    assert_eq!(all(store, PROJECT).await, counts);
    assert_eq!(all(store, OTHER_PROJECT).await, of_other);
    assert_eq!(found(0, 1).await, counts[1..4]);
    assert_eq!(found(2, 4).await, []);
    assert_eq!(found(1, -1).await, []);
    assert_eq!(store.ingest_counts(ProjectId(9), DAY..=DAY).await, Ok(vec![]));
}

/// Collectors that add to the same rows in different orders neither lose anything nor wait for each other for ever.
pub async fn counts_added_at_the_same_time_all_count(store: &Store) {
    let rules = FilterRule::ALL.iter().copied().map(IngestDecision::Filtered);
    let decisions: Vec<_> = rules.chain([IngestDecision::Accepted, rejected("a"), rejected("b")]).collect();
    let tasks: Vec<_> = (0..8_usize)
        .map(|collector| {
            let (store, mut decisions) = (Arc::clone(store), decisions.clone());
            decisions.rotate_left(collector);
            if collector % 2 == 0 {
                decisions.reverse();
            }
            tokio::spawn(async move {
                for _ in 0..20 {
                    let projects = [PROJECT, OTHER_PROJECT];
                    let counts: Vec<_> = projects
                        .iter()
                        .flat_map(|project| decisions.iter().map(|of| count_of(*project, DAY, of.clone(), 3)))
                        .collect();
                    store.add_ingest_counts(&counts).await?;
                }
                Ok::<_, analytics_domain::ports::StoreError>(())
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("the task ends"), Ok(()));
    }
    for project in [PROJECT, OTHER_PROJECT] {
        let counts = all(store, project).await;
        assert_eq!(counts.len(), decisions.len());
        assert!(counts.iter().all(|count| count.count == 8 * 20 * 3), "{counts:?}");
    }
}
