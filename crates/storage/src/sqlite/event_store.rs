//! The event store port.

use std::ops::Range;

use analytics_domain::{
    Day, EventId, Interval, Micros, ProjectId, Version,
    ports::{Commit, DayState, EventPosition, EventStore, LogEntry, StoreError, StoredEvent},
};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use sqlx::{AssertSqlSafe, Row};

use super::{SqliteStore, commit, days, failure::Failure, row};
use crate::event_values::EVENTS_OF_ID;

#[async_trait]
impl EventStore for SqliteStore {
    async fn commit(&self, project: ProjectId, entries: &[LogEntry]) -> Result<Commit, StoreError> {
        debug_assert!(entries.iter().all(|entry| entry.project == project), "a commit is of one project");
        Ok(commit::commit(&self.writer, project, entries).await?)
    }

    async fn days(&self, project: ProjectId, interval: Interval) -> Result<Vec<DayState>, StoreError> {
        Ok(self.days_within(project, interval).await?)
    }

    async fn day(&self, project: ProjectId, day: Day) -> Result<Option<DayState>, StoreError> {
        Ok(self.day_state(project, day).await?)
    }

    async fn read_day(
        &self,
        project: ProjectId,
        day: Day,
        after: EventPosition,
        up_to: Version,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        Ok(self.day_page(project, day, after, up_to, limit).await?)
    }

    async fn events_of_id(
        &self,
        project: ProjectId,
        event_id: EventId,
        occurred_at: Range<Micros>,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        Ok(self.of_id(project, event_id, occurred_at).await?)
    }

    async fn raise_generation(&self, project: ProjectId, day: Day) -> Result<(), StoreError> {
        Ok(self.bump_generation(project, day).await?)
    }
}

impl SqliteStore {
    async fn days_within(&self, project: ProjectId, interval: Interval) -> Result<Vec<DayState>, Failure> {
        let sql = format!(
            "SELECT {} FROM project_days WHERE project_id = ? AND min_time < ? AND max_time >= ? ORDER BY visitor_day",
            days::STATE
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(project.0).bind(interval.end.0).bind(interval.start.0);
        query.fetch_all(&self.readers).await?.iter().map(days::read_state).collect()
    }

    async fn day_state(&self, project: ProjectId, day: Day) -> Result<Option<DayState>, Failure> {
        let sql = format!("SELECT {} FROM project_days WHERE project_id = ? AND visitor_day = ?", days::STATE);
        let query = sqlx::query(AssertSqlSafe(sql)).bind(project.0).bind(day.0);
        query.fetch_optional(&self.readers).await?.as_ref().map(days::read_state).transpose()
    }

    async fn day_page(
        &self,
        project: ProjectId,
        day: Day,
        after: EventPosition,
        up_to: Version,
        limit: usize,
    ) -> Result<Vec<StoredEvent>, Failure> {
        let sql = format!(
            "SELECT {} FROM events WHERE project_id = ? AND visitor_day = ? AND (version, ordinal) > (?, ?) AND version <= ? \
             ORDER BY version, ordinal LIMIT ?",
            row::PACKED
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(project.0)
            .bind(day.0)
            .bind(after.version.0)
            .bind(after.ordinal)
            .bind(up_to.0)
            .bind(super::sql_limit(limit));
        // Decoded as they come, beside the thread that reads on.
        query.fetch(&self.readers).map(|row| row::read(&row?, day)).try_collect().await
    }

    async fn of_id(
        &self,
        project: ProjectId,
        event_id: EventId,
        occurred_at: Range<Micros>,
    ) -> Result<Vec<StoredEvent>, Failure> {
        let sql = format!(
            "SELECT {}, visitor_day FROM events WHERE project_id = ? AND occurred_at >= ? AND occurred_at < ? \
             AND event_id = ? ORDER BY occurred_at LIMIT {EVENTS_OF_ID}",
            row::PACKED
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(project.0)
            .bind(occurred_at.start.0)
            .bind(occurred_at.end.0)
            .bind(event_id.0.as_slice());
        let rows = query.fetch_all(&self.readers).await?;
        rows.iter().map(|row| row::read(row, Day(row.try_get(1)?))).collect()
    }

    async fn bump_generation(&self, project: ProjectId, day: Day) -> Result<(), Failure> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("UPDATE project_days SET generation = generation + 1 WHERE project_id = ? AND visitor_day = ?")
            .bind(project.0)
            .bind(day.0)
            .execute(transaction.connection())
            .await?;
        transaction.commit().await
    }
}
