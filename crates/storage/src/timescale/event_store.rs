//! The event store port.

use std::ops::Range;

use analytics_domain::{
    Day, EventId, Interval, Micros, ProjectId, Version,
    ports::{Commit, DayState, EventPosition, EventStore, LogEntry, StoreError, StoredEvent},
};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};

use super::{
    TimescaleStore, commit, days,
    failure::Failure,
    row, sql_limit,
    types::{Date, Timestamp, Uuid},
};
use crate::event_values::EVENTS_OF_ID;

#[async_trait]
impl EventStore for TimescaleStore {
    async fn commit(&self, project: ProjectId, entries: &[LogEntry]) -> Result<Commit, StoreError> {
        debug_assert!(entries.iter().all(|entry| entry.project == project), "a commit is of one project");
        Ok(commit::commit(&self.connections, project, entries).await?)
    }

    async fn days(&self, project: ProjectId, interval: Interval) -> Result<Vec<DayState>, StoreError> {
        let read = async |connection: &mut PgConnection| {
            let sql = format!(
                "SELECT {} FROM project_days WHERE project_id = $1 AND min_time < $2 AND max_time >= $3 ORDER BY visitor_day",
                days::STATE
            );
            let query = sqlx::query(AssertSqlSafe(sql))
                .bind(project.0)
                .bind(Timestamp::bound(interval.end))
                .bind(Timestamp::bound(interval.start));
            query.fetch_all(connection).await?.iter().map(days::read_state).collect()
        };
        Ok(self.connections.run(read).await?)
    }

    async fn day(&self, project: ProjectId, day: Day) -> Result<Option<DayState>, StoreError> {
        let Ok(date) = Date::of_day(day) else { return Ok(None) };
        let read = async |connection: &mut PgConnection| {
            let sql = format!("SELECT {} FROM project_days WHERE project_id = $1 AND visitor_day = $2", days::STATE);
            let query = sqlx::query(AssertSqlSafe(sql)).bind(project.0).bind(date);
            query.fetch_optional(connection).await?.as_ref().map(days::read_state).transpose()
        };
        Ok(self.connections.run(read).await?)
    }

    async fn read_day(
        &self,
        project: ProjectId,
        day: Day,
        after: EventPosition,
        up_to: Version,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let Ok(date) = Date::of_day(day) else { return Ok(Vec::new()) };
        let read = async |connection: &mut PgConnection| {
            let Some(bounds) = DayBounds::read(connection, project, date).await? else { return Ok(Vec::new()) };
            let sql = format!(
                "SELECT {} FROM events WHERE project_id = $1 AND visitor_day = $2 \
                 AND (version, ordinal) > ($3, $4) AND version <= $5 \
                 AND occurred_at BETWEEN $6 AND $7 ORDER BY version, ordinal LIMIT $8",
                row::READ
            );
            // Not prepared to be run again: the planner leaves chunks out by the bounds that it sees.
            let query = sqlx::query(AssertSqlSafe(sql))
                .bind(project.0)
                .bind(date)
                .bind(after.version.0)
                .bind(after.ordinal)
                .bind(up_to.min(bounds.version).0)
                .bind(bounds.min_occurred_at)
                .bind(bounds.max_occurred_at)
                .bind(sql_limit(limit))
                .persistent(false);
            query.fetch(connection).map(|row| row::read(&row?, day)).try_collect().await
        };
        Ok(self.connections.run(read).await?)
    }

    async fn events_of_id(
        &self,
        project: ProjectId,
        event_id: EventId,
        occurred_at: Range<Micros>,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let read = async |connection: &mut PgConnection| {
            let sql = format!(
                "SELECT {}, visitor_day FROM events WHERE project_id = $1 AND occurred_at >= $2 AND occurred_at < $3 \
                 AND event_id = $4 ORDER BY occurred_at LIMIT {EVENTS_OF_ID}",
                row::READ
            );
            // Not prepared to be run again: the planner leaves chunks out by the bounds that it sees.
            let query = sqlx::query(AssertSqlSafe(sql))
                .bind(project.0)
                .bind(Timestamp::partition_bound(occurred_at.start))
                .bind(Timestamp::partition_bound(occurred_at.end))
                .bind(Uuid::of_event(event_id))
                .persistent(false);
            let rows = query.fetch_all(connection).await?;
            let read = |row: &PgRow| row::read(row, row.try_get::<Date, _>("visitor_day")?.to_day());
            rows.iter().map(read).collect()
        };
        Ok(self.connections.run(read).await?)
    }

    async fn raise_generation(&self, project: ProjectId, day: Day) -> Result<(), StoreError> {
        let Ok(date) = Date::of_day(day) else { return Ok(()) };
        let raise = async |connection: &mut PgConnection| {
            sqlx::query(
                "UPDATE project_days SET generation = generation + 1 WHERE project_id = $1 AND visitor_day = $2",
            )
            .bind(project.0)
            .bind(date)
            .execute(connection)
            .await?;
            Ok(())
        };
        Ok(self.connections.run(raise).await?)
    }
}

/// Which chunks can have rows of a day, up to a version. Rows of later commits may lie outside, so a read ends at that version.
struct DayBounds {
    version: Version,
    min_occurred_at: Timestamp,
    max_occurred_at: Timestamp,
}

impl DayBounds {
    async fn read(connection: &mut PgConnection, project: ProjectId, day: Date) -> Result<Option<Self>, Failure> {
        let row = sqlx::query(
            "SELECT version, min_occurred_at, max_occurred_at FROM project_days WHERE project_id = $1 AND visitor_day = $2",
        )
        .bind(project.0)
        .bind(day)
        .fetch_optional(connection)
        .await?;
        let bounds = row.map(|row| {
            Ok(Self {
                version: Version(row.try_get(0)?),
                min_occurred_at: row.try_get(1)?,
                max_occurred_at: row.try_get(2)?,
            })
        });
        Ok(bounds.transpose().map_err(|error: sqlx::Error| error)?)
    }
}
