//! Projects and their settings.

use crate::{DurationMs, IngestSettings, Micros, ProjectId, ProjectName, Zone};

/// The day on which weeks begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WeekStart {
    /// As ISO 8601.
    #[default]
    Monday,
    /// As in the Americas.
    Sunday,
}

/// A site or application whose events are counted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its number in the stores.
    pub id: ProjectId,
    /// Its public name.
    pub name: ProjectName,
    /// The zone in which its days begin and end. Never changes: visitor days rest on it.
    pub zone: Zone,
    /// The day on which its weeks begin.
    pub week_start: WeekStart,
    /// A longer gap than this ends a session.
    pub session_timeout: DurationMs,
    /// How far back events sent with an ingest key may lie.
    pub lateness: DurationMs,
    /// The secret under which its user ids are hashed.
    pub user_hash_secret: [u8; 32],
    /// When it was created.
    pub create_time: Micros,
    /// How its events are taken.
    pub ingest: IngestSettings,
}

/// What can be changed of a project later.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectSettings {
    /// The day on which its weeks begin.
    pub week_start: WeekStart,
    /// How far back events sent with an ingest key may lie.
    pub lateness: DurationMs,
    /// How its events are taken.
    pub ingest: IngestSettings,
}

/// A project to create.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// Its public name.
    pub name: ProjectName,
    /// The zone in which its days begin and end.
    pub zone: Zone,
    /// The day on which its weeks begin.
    pub week_start: WeekStart,
    /// A longer gap than this ends a session.
    pub session_timeout: DurationMs,
    /// How far back events sent with an ingest key may lie.
    pub lateness: DurationMs,
    /// The secret under which its user ids will be hashed.
    pub user_hash_secret: [u8; 32],
    /// The current instant.
    pub create_time: Micros,
    /// How its events are taken.
    pub ingest: IngestSettings,
}

impl NewProject {
    /// The session timeout of a project that sets none: 30 minutes.
    pub const DEFAULT_SESSION_TIMEOUT: DurationMs = DurationMs(30 * 60 * 1000);
    /// The lateness of a project that sets none: 48 hours.
    pub const DEFAULT_LATENESS: DurationMs = DurationMs(48 * 60 * 60 * 1000);
}
