//! What the platform talks about: events, projects, time, questions and answers, and the ports through which it reaches stores,
//! logs and clocks. No I/O happens here and no other crate of the platform is used.

mod answer;
mod api_key;
pub mod calendar;
mod clock;
mod dimension;
mod event;
mod filter;
mod ids;
mod ingest_settings;
mod metric;
pub mod ports;
mod project;
mod question;
pub mod running_session;
mod time;

pub use answer::{
    AnswerInfo, AnswerNote, Breakdown, BreakdownOthers, BreakdownRow, DayVersion, IdentityCoverage, Totals, Trend,
    TrendPoint,
};
pub use api_key::{ApiKey, ApiKeyLimits, ApiKeyScope, ApiKeySecretHash, ApiKeySettings, NewApiKey};
pub use clock::{Clock, ManualClock, SystemClock};
pub use dimension::{Dimension, DimensionField};
pub use event::{Actor, Channel, DeviceClass, Event, EventKind, Money, PropertyValue, ScreenClass};
pub use filter::{Condition, Filter, FilterTest};
pub use ids::{
    EntryId, EventId, ImportId, InvalidName, KeyId, ProjectId, ProjectName, QuarantineId, UserHash, VisitorHash,
};
pub use ingest_settings::{ConsentPolicy, DatacenterPolicy, FilterRule, IngestSettings, VisitorMode};
pub use metric::{MetricKind, MetricValue};
pub use project::{NewProject, Project, ProjectSettings, WeekStart};
pub use question::{BreakdownSpec, QueryScope, TimeUnit, TotalsSpec, TrendSpec};
pub use time::{Day, DurationMs, Generation, Interval, Micros, Millis, UnknownTimeZone, Version, Zone};

/// The version of the definitions in METRICS: every answer carries it, and a change of meaning raises it.
pub const DEFINITION_VERSION: u32 = 1;
