//! The days that a commit touches, and what it adds to them.

use std::collections::BTreeMap;

use analytics_domain::{
    Day, Event, Millis, ProjectId, Version,
    ports::{DayState, EventPosition},
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::failure::Failure;

/// What a commit adds to one day.
struct Addition {
    /// The version that the day gets if any event is added.
    version: Version,
    next_ordinal: i32,
    added: Option<Added>,
}

struct Added {
    min_time: Millis,
    max_time: Millis,
    events: i64,
}

/// The days of a commit, ascending.
pub(super) struct Days(BTreeMap<Day, Addition>);

impl Days {
    /// Reads the versions of these days. Inside a transaction that holds the write lock, nobody else can raise them.
    pub(super) async fn lock(
        connection: &mut SqliteConnection,
        project: ProjectId,
        days: impl Iterator<Item = Day>,
    ) -> Result<Self, Failure> {
        let mut additions = BTreeMap::new();
        for day in days {
            if additions.contains_key(&day) {
                continue;
            }
            let current = sqlx::query("SELECT version FROM project_days WHERE project_id = ? AND visitor_day = ?")
                .bind(project.0)
                .bind(day.0)
                .fetch_optional(&mut *connection)
                .await?;
            let current: i64 = current.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
            additions.insert(day, Addition { version: Version(current + 1), next_ordinal: 0, added: None });
        }
        Ok(Self(additions))
    }

    /// The position for the next event of a locked day.
    pub(super) fn next_position(&mut self, day: Day) -> Option<EventPosition> {
        let addition = self.0.get_mut(&day)?;
        let position = EventPosition { version: addition.version, ordinal: addition.next_ordinal };
        addition.next_ordinal += 1;
        Some(position)
    }

    /// Whether a row of this day and version was inserted by this commit.
    pub(super) fn is_new(&self, day: Day, version: Version) -> bool {
        self.0.get(&day).is_some_and(|addition| addition.version == version)
    }

    /// Counts an event that was inserted.
    pub(super) fn count(&mut self, event: &Event) {
        let Some(addition) = self.0.get_mut(&event.visitor_day) else { return };
        let added = addition.added.get_or_insert(Added { min_time: event.time, max_time: event.time, events: 0 });
        added.min_time = added.min_time.min(event.time);
        added.max_time = added.max_time.max(event.time);
        added.events += 1;
    }

    /// Writes the state of each day that got events, ascending, and returns their versions.
    pub(super) async fn write(
        self,
        connection: &mut SqliteConnection,
        project: ProjectId,
    ) -> Result<Vec<(Day, Version)>, Failure> {
        let mut versions = Vec::new();
        for (day, addition) in self.0 {
            let Some(added) = addition.added else { continue };
            sqlx::query(
                "INSERT INTO project_days (project_id, visitor_day, version, generation, min_time, max_time, event_count) \
                 VALUES (?, ?, ?, 1, ?, ?, ?) \
                 ON CONFLICT (project_id, visitor_day) DO UPDATE SET \
                 version = excluded.version, \
                 min_time = min(project_days.min_time, excluded.min_time), \
                 max_time = max(project_days.max_time, excluded.max_time), \
                 event_count = project_days.event_count + excluded.event_count",
            )
            .bind(project.0)
            .bind(day.0)
            .bind(addition.version.0)
            .bind(added.min_time.0)
            .bind(added.max_time.0)
            .bind(added.events)
            .execute(&mut *connection)
            .await?;
            versions.push((day, addition.version));
        }
        Ok(versions)
    }
}

/// The columns that [`read_state`] expects, in its order.
pub(super) const STATE: &str = "visitor_day, version, generation, min_time, max_time, event_count";

/// A row selected as [`STATE`].
pub(super) fn read_state(row: &SqliteRow) -> Result<DayState, Failure> {
    Ok(DayState {
        day: Day(row.try_get(0)?),
        version: Version(row.try_get(1)?),
        generation: analytics_domain::Generation(row.try_get(2)?),
        min_time: Millis(row.try_get(3)?),
        max_time: Millis(row.try_get(4)?),
        event_count: row.try_get(5)?,
    })
}
