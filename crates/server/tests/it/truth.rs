//! The oracle: what clients were told against what is stored and what the engine answers.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use analytics_proto::v1::{
    self, dimension::Dimension, metric_value, property_value, query_service_client::QueryServiceClient, time_range,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, postgres::PgRow};
use uuid::Uuid;

use crate::{
    calls::{by, channel},
    ledger::Ledger,
    load::projects,
    support::{Deployment, Stack, StoredEvent, block_on},
};

/// A promise that was not kept, with one of the events that it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Broken {
    /// Events that were acknowledged are neither stored nor in quarantine, and not in the log any more or for ever.
    Lost { events: usize, such_as: Uuid },
    /// An id has several rows.
    StoredTwice { events: usize, such_as: Uuid },
    /// Rows that nobody sent, or not like this.
    NotAsSent { events: usize, such_as: Uuid },
    /// Events that were rejected or not counted are stored.
    StoredThoughRefused { events: usize, such_as: Uuid },
    /// Events whose refusal names no reason, or no rule.
    WithoutReason { events: usize, such_as: Uuid },
    /// Events that a client sent until they were answered, and that have no outcome.
    Unanswered { events: usize, such_as: Uuid },
    /// The engine answers otherwise than a count over the rows.
    Miscounted { project: String, engine: String, rows: String },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Rows of a statement.
fn rows(database_url: &str, statement: String) -> Vec<PgRow> {
    block_on(async move {
        let mut connection = PgConnection::connect(database_url).await.expect("the database is there");
        sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut connection).await.expect("it answers")
    })
}

/// Runs a statement.
pub(crate) fn execute(database_url: &str, statement: &str) {
    rows(database_url, statement.to_owned());
}

/// How many events of a project are stored.
pub(crate) fn stored_events(stack: &Stack, project: &str) -> i64 {
    // By the days' own counts: they are cheaper to ask for again and again.
    let statement = format!(
        "SELECT coalesce(sum(event_count), 0)::bigint FROM project_days \
         WHERE project_id = (SELECT id FROM projects WHERE name = '{project}')"
    );
    rows(stack.database_url(), statement)[0].get(0)
}

/// Nothing lost, nothing doubled, nothing invented, nothing refused without a reason, and the engine counts the same.
#[track_caller]
pub(crate) fn assert_holds(platform: &dyn Deployment, ledger: &Ledger) {
    let broken = audit(platform, "load", ledger);
    assert!(broken.is_empty(), "{}", broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

/// Every promise that was not kept to the clients of a load, whose projects have names that begin so.
pub(crate) fn audit(platform: &dyn Deployment, prefix: &str, ledger: &Ledger) -> Vec<Broken> {
    let stored = settle(platform, prefix, ledger);
    let ids: BTreeSet<Uuid> = stored.iter().map(|event| event.id).collect();
    let quarantined: BTreeSet<Uuid> = platform.truth().quarantined().into_iter().collect();

    let mut broken = Vec::new();
    let mut found = |events: Vec<Uuid>, broke: fn(usize, Uuid) -> Broken| {
        broken.extend(events.first().map(|first| broke(events.len(), *first)));
    };
    let has_place = |id: &Uuid| ids.contains(id) || quarantined.contains(id);
    found(ledger.acknowledged.iter().filter(|id| !has_place(id)).copied().collect(), |events, such_as| Broken::Lost {
        events,
        such_as,
    });
    let mut seen = BTreeSet::new();
    let again = stored.iter().filter(|event| !seen.insert(event.id));
    found(again.map(|event| event.id).collect(), |events, such_as| Broken::StoredTwice { events, such_as });
    let is_as_sent = |event: &&StoredEvent| {
        ledger.sent.get(&event.id).is_some_and(|sent| sent.project == event.project && sent.page == event.page)
    };
    let other = stored.iter().filter(|event| !is_as_sent(event));
    found(other.map(|event| event.id).collect(), |events, such_as| Broken::NotAsSent { events, such_as });
    let refused = || ledger.rejected.iter().chain(&ledger.filtered);
    found(refused().map(|(id, _)| *id).filter(has_place).collect(), |events, such_as| Broken::StoredThoughRefused {
        events,
        such_as,
    });
    let is_unsaid = |reason: &str| reason.is_empty() || reason.ends_with("_UNSPECIFIED");
    let unsaid = refused().filter(|(_, reason)| is_unsaid(reason));
    found(unsaid.map(|(id, _)| *id).collect(), |events, such_as| Broken::WithoutReason { events, such_as });
    let has_outcome = |id: &Uuid| {
        ledger.acknowledged.contains(id) || ledger.rejected.contains_key(id) || ledger.filtered.contains_key(id)
    };
    found(ledger.sent.keys().filter(|id| !has_outcome(id)).copied().collect(), |events, such_as| Broken::Unanswered {
        events,
        such_as,
    });
    broken.extend(miscounted(platform, prefix, &stored));
    broken
}

/// What is stored once everything acknowledged is, or nothing more will be: what was acknowledged as durable may still be on its way.
fn settle(platform: &dyn Deployment, prefix: &str, ledger: &Ledger) -> Vec<StoredEvent> {
    let truth = platform.truth();
    loop {
        // First: what was in the log then is among the rows that are read after it.
        let is_settled = truth.is_settled();
        let stored = truth.events(prefix);
        let quarantined = truth.quarantined();
        let ids: BTreeSet<&Uuid> = stored.iter().map(|event| &event.id).chain(&quarantined).collect();
        if is_settled || ledger.acknowledged.iter().all(|id| ids.contains(id)) {
            return stored;
        }
    }
}

/// The views of every page of every project: the engine's against a naive count of the rows.
fn miscounted(platform: &dyn Deployment, prefix: &str, stored: &[StoredEvent]) -> Vec<Broken> {
    let mut counted: HashMap<&str, BTreeMap<String, i64>> = HashMap::new();
    for event in stored {
        *counted.entry(&event.project).or_default().entry(event.page.clone()).or_default() += 1;
    }
    let (endpoint, key) = (platform.endpoint(), platform.admin_key());
    let answers = block_on(async move {
        let mut engine = QueryServiceClient::new(channel(&endpoint).await);
        let mut answers = Vec::new();
        for project in projects(prefix) {
            let request = by(&key, views_by_page(&project));
            let answer = engine.query_breakdown(request).await.expect("the engine answers").into_inner();
            answers.push((project, pages_of(answer)));
        }
        answers
    });
    let differs = |(project, engine): (String, BTreeMap<String, i64>)| {
        let rows = counted.remove(project.as_str()).unwrap_or_default();
        (rows != engine).then(|| Broken::Miscounted {
            engine: format!("{engine:?}"),
            rows: format!("{rows:?}"),
            project,
        })
    };
    answers.into_iter().filter_map(differs).collect()
}

fn views_by_page(project: &str) -> v1::QueryBreakdownRequest {
    let dates = v1::DateInterval { start_date: "2000-01-01".to_owned(), end_date: "2100-01-01".to_owned() };
    v1::QueryBreakdownRequest {
        scope: Some(v1::QueryScope {
            project: format!("projects/{project}"),
            range: Some(v1::TimeRange { range: Some(time_range::Range::Dates(dates)) }),
            // The clocks of clients may be a little ahead.
            as_of: Some(pbjson_types::Timestamp { seconds: 4_102_444_800, nanos: 0 }),
            ..v1::QueryScope::default()
        }),
        breakdown: Some(v1::BreakdownSpec {
            metrics: vec![v1::Metric { kind: v1::MetricKind::Events.into() }],
            dimensions: vec![v1::Dimension { dimension: Some(Dimension::Field(v1::DimensionField::Page.into())) }],
            limit: 1000,
        }),
    }
}

fn pages_of(answer: v1::QueryBreakdownResponse) -> BTreeMap<String, i64> {
    assert_eq!(answer.others, None, "a page has no row");
    let page = |row: v1::BreakdownRow| {
        let [value] = &row.dimensions[..] else { panic!("one dimension was asked for: {row:?}") };
        let Some(property_value::Value::StringValue(page)) = &value.value else { panic!("no page: {row:?}") };
        let [v1::MetricValue { value: Some(metric_value::Value::Count(count)) }] = row.values[..] else {
            panic!("one count was asked for: {row:?}")
        };
        (page.clone(), count)
    };
    answer.rows.into_iter().map(page).collect()
}
