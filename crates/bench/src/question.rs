//! The questions, for the engine and in SQL.

use analytics_domain::{
    BreakdownSpec, Condition, Dimension, DimensionField, DurationMs, Filter, FilterTest, MetricKind, Millis,
    NewProject, Project, ProjectId, PropertyValue, QueryScope, TimeUnit, TotalsSpec, TrendSpec, WeekStart, Zone,
};

use crate::generator::{self, PLAN, VARIANT};

/// More rows than any dimension of the generator has values.
const ALL_ROWS: usize = 10_000;

/// A question and the goals for its answer.
pub(crate) struct Question {
    /// Its name in reports.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) title: &'static str,
    /// The most of the other side's time that it may take with warm caches.
    pub(crate) warm_goal: f64,
    /// The same in SQL, as fast as it can be said.
    pub(crate) sql: &'static str,
    filter: fn() -> Option<Filter>,
    /// What to compute.
    pub(crate) spec: fn() -> Spec,
}

/// The most of the other side's time that a question may take on cold caches.
pub(crate) const COLD_GOAL: f64 = 0.5;

/// What to compute.
pub(crate) enum Spec {
    Totals(TotalsSpec),
    Trend(TrendSpec),
    Breakdown(BreakdownSpec),
}

/// The project whose events the rows are.
pub(crate) const PROJECT: ProjectId = ProjectId(1);

pub(crate) const QUESTIONS: [Question; 8] = [
    Question {
        name: "totals",
        title: "all nine metrics in all",
        warm_goal: 0.1,
        sql: include_str!("../sql/totals.sql"),
        filter: || None,
        spec: || Spec::Totals(TotalsSpec { metrics: MetricKind::ALL.to_vec() }),
    },
    Question {
        name: "trend",
        title: "views, visitors, sessions by day",
        warm_goal: 0.1,
        sql: include_str!("../sql/trend.sql"),
        filter: || None,
        spec: || {
            let metrics = vec![MetricKind::Views, MetricKind::Visitors, MetricKind::Sessions];
            Spec::Trend(TrendSpec { metrics, unit: TimeUnit::Day })
        },
    },
    Question {
        name: "pages",
        title: "events, views, visitors by page",
        warm_goal: 0.1,
        sql: include_str!("../sql/pages.sql"),
        filter: || None,
        spec: all_pages,
    },
    Question {
        name: "top_pages",
        title: "views, visitors of ten pages and the others",
        warm_goal: 0.1,
        sql: include_str!("../sql/top_pages.sql"),
        filter: || None,
        spec: || pages(vec![MetricKind::Views, MetricKind::Visitors], 10),
    },
    Question {
        name: "pages_filtered",
        title: "by page, of one browser and property",
        warm_goal: 0.3,
        sql: include_str!("../sql/pages_filtered.sql"),
        filter: || {
            let variant = is(Dimension::Property(VARIANT.to_owned()), "treatment");
            Some(Filter::All(vec![is(Dimension::Field(DimensionField::Browser), "Firefox"), variant]))
        },
        spec: all_pages,
    },
    Question {
        name: "pages_of_plan",
        title: "by page, of two properties",
        warm_goal: 0.3,
        sql: include_str!("../sql/pages_of_plan.sql"),
        filter: || {
            let property = |name: &str, value| is(Dimension::Property(name.to_owned()), value);
            Some(Filter::All(vec![property(PLAN, "pro"), property(VARIANT, "treatment")]))
        },
        spec: all_pages,
    },
    Question {
        name: "pages_by_source",
        title: "by page, of one browser and referrer",
        warm_goal: 0.3,
        sql: include_str!("../sql/pages_by_source.sql"),
        filter: || {
            let referrer = is(Dimension::Field(DimensionField::Referrer), "google.com");
            Some(Filter::All(vec![is(Dimension::Field(DimensionField::Browser), "Chrome"), referrer]))
        },
        spec: all_pages,
    },
    Question {
        name: "referrers",
        title: "sessions, bounce rate by referrer",
        warm_goal: 0.1,
        sql: include_str!("../sql/referrers.sql"),
        filter: || None,
        spec: || {
            Spec::Breakdown(BreakdownSpec {
                metrics: vec![MetricKind::Sessions, MetricKind::BounceRate],
                dimensions: vec![Dimension::Field(DimensionField::Referrer)],
                limit: ALL_ROWS,
            })
        },
    },
];

impl Question {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.name == name)
    }

    /// The range of the rows, seen from when all of them have happened.
    pub(crate) fn scope(&self) -> QueryScope {
        let interval = generator::interval();
        QueryScope {
            project: project(),
            interval,
            zone: Zone::utc(),
            as_of: interval.end.plus(DurationMs(2 * 24 * 60 * 60 * 1000)),
            filter: (self.filter)(),
        }
    }
}

/// Ordered by their events, of which every page has some: no row is left for the others, and one pass is enough.
fn all_pages() -> Spec {
    pages(vec![MetricKind::Events, MetricKind::Views, MetricKind::Visitors], ALL_ROWS)
}

fn pages(metrics: Vec<MetricKind>, limit: usize) -> Spec {
    Spec::Breakdown(BreakdownSpec { metrics, dimensions: vec![Dimension::Field(DimensionField::Page)], limit })
}

fn is(dimension: Dimension, value: &str) -> Filter {
    let test = FilterTest::Equals(PropertyValue::String(value.to_owned()));
    Filter::Condition(Condition { dimension, test })
}

fn project() -> Project {
    Project {
        id: PROJECT,
        name: "bench".parse().expect("a project name"),
        zone: Zone::utc(),
        week_start: WeekStart::Monday,
        session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [0; 32],
        create_time: Millis(0).to_micros(),
        ingest: Default::default(),
    }
}
