use std::sync::Arc;

use analytics_domain::{
    Dimension, DimensionField, DurationMs, Filter, Interval, MetricKind, Millis, QueryScope, calendar::Bucket,
};

use crate::{
    block::ALWAYS_NEEDED,
    filter::{column_of, for_each_dimension},
    sessions,
};

/// What every day is asked, whatever the report.
pub(crate) struct Plan {
    pub(crate) interval: Interval,
    pub(crate) as_of: Millis,
    pub(crate) session_timeout: DurationMs,
    pub(crate) filter: Option<Filter>,
    pub(crate) needs: Needs,
    pub(crate) groups: Groups,
}

/// How events and sessions are told apart.
#[derive(Clone)]
pub(crate) enum Groups {
    /// Not at all.
    Single,
    /// By time.
    Buckets(Arc<[Bucket]>),
    /// By their values.
    Dimensions(Arc<[Dimension]>),
    /// Not at all, but those with one of these combinations of values are left out.
    Except(Arc<[Dimension]>, Arc<[Vec<Option<analytics_domain::PropertyValue>>]>),
}

/// What has to be counted for the metrics asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    pub(crate) events: bool,
    pub(crate) views: bool,
    pub(crate) visitors: bool,
    pub(crate) users: bool,
    pub(crate) sessions: bool,
}

impl Needs {
    pub(crate) fn of(metrics: &[MetricKind]) -> Self {
        let mut needs = Self::default();
        for metric in metrics {
            match metric {
                MetricKind::Events => {}
                MetricKind::Views => needs.views = true,
                MetricKind::Visitors => needs.visitors = true,
                MetricKind::Users => needs.users = true,
                MetricKind::Sessions
                | MetricKind::BounceRate
                | MetricKind::EngagementRate
                | MetricKind::SessionDuration
                | MetricKind::ViewsPerSession => needs.sessions = true,
            }
            needs.events |= !metric.is_session_metric();
        }
        needs
    }
}

impl Plan {
    pub(crate) fn new(scope: &QueryScope, needs: Needs, groups: Groups) -> Self {
        Self {
            interval: scope.interval,
            as_of: scope.as_of,
            session_timeout: scope.project.session_timeout,
            filter: scope.filter.clone(),
            needs,
            groups,
        }
    }

    /// The dimensions by which rows are told apart.
    pub(crate) fn dimensions(&self) -> &[Dimension] {
        match &self.groups {
            Groups::Single | Groups::Buckets(_) => &[],
            Groups::Dimensions(dimensions) | Groups::Except(dimensions, _) => dimensions,
        }
    }

    /// Whether a session counts once for each page of its views.
    pub(crate) fn sessions_by_page(&self) -> bool {
        self.needs.sessions && self.dimensions().contains(&Dimension::Field(DimensionField::Page))
    }

    /// Whether sessions have to be derived.
    pub(crate) fn needs_sessions(&self) -> bool {
        let mut needed = self.needs.sessions;
        self.for_each_dimension(&mut |dimension| {
            needed |= matches!(dimension, Dimension::Field(field) if field.is_session_dimension());
        });
        needed
    }

    /// The names of the columns that have to be there, each once.
    pub(crate) fn columns(&self) -> Vec<String> {
        let mut columns: Vec<String> = ALWAYS_NEEDED.map(str::to_owned).to_vec();
        if self.needs_sessions() {
            columns.extend(sessions::NEEDED_COLUMNS.map(str::to_owned));
        }
        if self.needs.views {
            columns.push(DimensionField::Kind.as_str().to_owned());
        }
        self.for_each_dimension(&mut |dimension| columns.push(column_of(dimension)));
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn for_each_dimension(&self, each: &mut dyn FnMut(&Dimension)) {
        self.dimensions().iter().for_each(&mut *each);
        if let Some(filter) = &self.filter {
            for_each_dimension(filter, each);
        }
    }
}
