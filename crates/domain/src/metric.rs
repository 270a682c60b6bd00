//! Metrics: what can be computed, and computed values.

/// A number to compute. METRICS defines each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetricKind {
    /// Events.
    Events,
    /// Events of kind view.
    Views,
    /// Distinct (visitor day, visitor) pairs.
    Visitors,
    /// Distinct users.
    Users,
    /// Sessions, by their start.
    Sessions,
    /// Bounces as a fraction of sessions.
    BounceRate,
    /// Engaged sessions as a fraction of sessions.
    EngagementRate,
    /// Mean duration of sessions in milliseconds.
    SessionDuration,
    /// Mean number of views of sessions.
    ViewsPerSession,
}

impl MetricKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Events,
        Self::Views,
        Self::Visitors,
        Self::Users,
        Self::Sessions,
        Self::BounceRate,
        Self::EngagementRate,
        Self::SessionDuration,
        Self::ViewsPerSession,
    ];

    /// The name that the command line and documents use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Views => "views",
            Self::Visitors => "visitors",
            Self::Users => "users",
            Self::Sessions => "sessions",
            Self::BounceRate => "bounce_rate",
            Self::EngagementRate => "engagement_rate",
            Self::SessionDuration => "session_duration",
            Self::ViewsPerSession => "views_per_session",
        }
    }

    /// Whether it is computed over sessions rather than events.
    pub fn is_session_metric(self) -> bool {
        match self {
            Self::Events | Self::Views | Self::Visitors | Self::Users => false,
            Self::Sessions
            | Self::BounceRate
            | Self::EngagementRate
            | Self::SessionDuration
            | Self::ViewsPerSession => true,
        }
    }
}

/// A computed number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricValue {
    /// There is none, as for a rate without a denominator.
    Absent,
    /// A count, exact.
    Count(i64),
    /// A fraction, a mean or a duration in milliseconds.
    Number(f64),
}
