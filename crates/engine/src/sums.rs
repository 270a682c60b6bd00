use analytics_domain::{IdentityCoverage, MetricKind, MetricValue};

/// What the events of one group of one day add up to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventSums {
    pub(crate) events: u32,
    pub(crate) views: u32,
    pub(crate) visitors: u32,
    /// Rows are sorted by visitor: whoever is not the last one seen is a new one.
    pub(crate) last_visitor: u32,
}

impl EventSums {
    pub(crate) const NONE: Self = Self { events: 0, views: 0, visitors: 0, last_visitor: u32::MAX };
}

/// What the sessions of one group of one day add up to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionSums {
    pub(crate) sessions: u32,
    pub(crate) bounces: u32,
    pub(crate) engaged: u32,
    /// The same trick as with visitors.
    pub(crate) last_session: u32,
    pub(crate) views: u64,
    pub(crate) duration_ms: u64,
}

impl SessionSums {
    pub(crate) const NONE: Self =
        Self { sessions: 0, bounces: 0, engaged: 0, last_session: u32::MAX, views: 0, duration_ms: 0 };
}

/// What one group adds up to over all days.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) events: i64,
    pub(crate) views: i64,
    pub(crate) visitors: i64,
    pub(crate) users: i64,
    pub(crate) sessions: i64,
    pub(crate) bounces: i64,
    pub(crate) engaged: i64,
    pub(crate) session_views: i64,
    pub(crate) duration_ms: i64,
}

impl Sums {
    pub(crate) fn add_events(&mut self, day: &EventSums) {
        self.events += i64::from(day.events);
        self.views += i64::from(day.views);
        self.visitors += i64::from(day.visitors);
    }

    pub(crate) fn add_sessions(&mut self, day: &SessionSums) {
        self.sessions += i64::from(day.sessions);
        self.bounces += i64::from(day.bounces);
        self.engaged += i64::from(day.engaged);
        self.session_views += day.views as i64;
        self.duration_ms += day.duration_ms as i64;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.views += other.views;
        self.visitors += other.visitors;
        self.users += other.users;
        self.sessions += other.sessions;
        self.bounces += other.bounces;
        self.engaged += other.engaged;
        self.session_views += other.session_views;
        self.duration_ms += other.duration_ms;
    }

    pub(crate) fn value(&self, metric: MetricKind) -> MetricValue {
        let per_session = |sum: i64| match self.sessions {
            0 => MetricValue::Absent,
            sessions => MetricValue::Number(sum as f64 / sessions as f64),
        };
        match metric {
            MetricKind::Events => MetricValue::Count(self.events),
            MetricKind::Views => MetricValue::Count(self.views),
            MetricKind::Visitors => MetricValue::Count(self.visitors),
            MetricKind::Users => MetricValue::Count(self.users),
            MetricKind::Sessions => MetricValue::Count(self.sessions),
            MetricKind::BounceRate => per_session(self.bounces),
            MetricKind::EngagementRate => per_session(self.engaged),
            MetricKind::SessionDuration => per_session(self.duration_ms),
            MetricKind::ViewsPerSession => per_session(self.session_views),
        }
    }

    pub(crate) fn values(&self, metrics: &[MetricKind]) -> Vec<MetricValue> {
        metrics.iter().map(|metric| self.value(*metric)).collect()
    }
}

pub(crate) fn add_coverage(total: &mut IdentityCoverage, more: IdentityCoverage) {
    total.with_user += more.with_user;
    total.with_visitor_only += more.with_visitor_only;
    total.with_neither += more.with_neither;
}
