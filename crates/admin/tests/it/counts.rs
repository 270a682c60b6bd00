//! How many events were taken, filtered and rejected, by day.

use analytics_domain::{
    Day, FilterRule,
    ports::{IngestCount, IngestCounts as _, IngestDecision},
};
use analytics_proto::v1::{self, ErrorReason, Verdict};

use crate::world::{World, by, refused_fields};

/// 2023-11-14 in Berlin, the day of the world's clock.
const TODAY: Day = Day(19_675);

async fn listed(world: &World, first: &str, last: &str) -> Vec<(String, Verdict, v1::FilterRule, ErrorReason, i64)> {
    let request = v1::ListIngestCountsRequest {
        project: String::new(),
        first_date: first.to_owned(),
        last_date: last.to_owned(),
    };
    let response = world.admin.clone().list_ingest_counts(by(&world.web_query, request)).await.expect("counts");
    let row = |count: v1::IngestCount| {
        (count.date.clone(), count.verdict(), count.filter_rule(), count.reason(), count.count)
    };
    response.into_inner().counts.into_iter().map(row).collect()
}

#[tokio::test]
async fn counts_come_by_day_and_cause_and_only_the_projects_own() {
    let world = World::new().await;
    let count = |project, day: Day, decision, count| IngestCount { project, day, decision, count };
    let rejected = |reason: &str| IngestDecision::Rejected(reason.to_owned());
    world
        .catalog
        .add_ingest_counts(&[
            count(world.web, TODAY, IngestDecision::Accepted, 5),
            count(world.web, TODAY, IngestDecision::Filtered(FilterRule::OwnTraffic), 4),
            count(world.web, TODAY, rejected("TOO_LATE"), 3),
            count(world.web, TODAY, rejected("OF_A_NEWER_VERSION"), 2),
            count(world.web, TODAY.plus_days(-29), IngestDecision::Accepted, 7),
            count(world.web, TODAY.plus_days(-30), IngestDecision::Accepted, 8),
            count(world.shop, TODAY, IngestDecision::Accepted, 99),
        ])
        .await
        .expect("added");
    let today = "2023-11-14".to_owned();
    let none = (v1::FilterRule::Unspecified, ErrorReason::Unspecified);
    let mut recent = listed(&world, "", "").await;
    recent.sort_by_key(|row| (row.0.clone(), -row.4));
    assert_eq!(
        recent,
        [
            ("2023-10-16".to_owned(), Verdict::Accepted, none.0, none.1, 7),
            (today.clone(), Verdict::Accepted, none.0, none.1, 5),
            (today.clone(), Verdict::Filtered, v1::FilterRule::OwnTraffic, none.1, 4),
            (today.clone(), Verdict::Rejected, none.0, ErrorReason::TooLate, 3),
            (today.clone(), Verdict::Rejected, none.0, none.1, 2),
        ],
        "thirty days up to today, in the project's zone"
    );
    assert_eq!(listed(&world, "2023-10-15", "2023-10-15").await.len(), 1);
    assert_eq!(
        listed(&world, "", "2023-10-15").await,
        [("2023-10-15".to_owned(), Verdict::Accepted, none.0, none.1, 8)]
    );
}

#[tokio::test]
async fn impossible_days_are_named() {
    let world = World::new().await;
    for (first, last, field) in [
        ("2023-02-30", "", "first_date"),
        ("", "2023-13-01", "last_date"),
        ("2023-11-15", "2023-11-14", "first_date"),
        ("2022-10-10", "2023-11-14", "first_date"),
        ("yesterday", "", "first_date"),
    ] {
        let request = v1::ListIngestCountsRequest {
            project: "projects/web".to_owned(),
            first_date: first.to_owned(),
            last_date: last.to_owned(),
        };
        let result = world.admin.clone().list_ingest_counts(by(&world.root, request)).await;
        refused_fields(result, ErrorReason::InvalidField, &[field]);
    }
}
