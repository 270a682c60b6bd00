//! The port of counts.

use std::ops::RangeInclusive;

use analytics_domain::{
    Day, ProjectId,
    ports::{IngestCount, IngestCounts, StoreError},
};
use async_trait::async_trait;
use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteStore, failure::Failure};
use crate::ingest_count_rows;

#[async_trait]
impl IngestCounts for SqliteStore {
    async fn add_ingest_counts(&self, counts: &[IngestCount]) -> Result<(), StoreError> {
        Ok(self.add_counts(counts).await?)
    }

    async fn ingest_counts(
        &self,
        project: ProjectId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<IngestCount>, StoreError> {
        Ok(self.counts_of(project, days).await?)
    }
}

impl SqliteStore {
    async fn add_counts(&self, counts: &[IngestCount]) -> Result<(), Failure> {
        let mut transaction = self.writer.begin().await?;
        for ((project, day, decision, detail), count) in ingest_count_rows::rows(counts) {
            sqlx::query(
                "INSERT INTO ingest_counts (project_id, day, decision, detail, count) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (project_id, day, decision, detail) \
                 DO UPDATE SET count = ingest_counts.count + excluded.count",
            )
            .bind(project.0)
            .bind(day.0)
            .bind(decision)
            .bind(detail)
            .bind(count)
            .execute(transaction.connection())
            .await?;
        }
        transaction.commit().await
    }

    async fn counts_of(&self, project: ProjectId, days: RangeInclusive<Day>) -> Result<Vec<IngestCount>, Failure> {
        let query = sqlx::query(
            "SELECT day, decision, detail, count FROM ingest_counts WHERE project_id = ? AND day BETWEEN ? AND ?",
        );
        let query = query.bind(project.0).bind(days.start().0).bind(days.end().0);
        let read = |row: &SqliteRow| {
            let decision = (row.try_get(1)?, row.try_get(2)?);
            Ok(ingest_count_rows::count(project, Day(row.try_get(0)?), decision, row.try_get(3)?)?)
        };
        let counts = query.fetch_all(&self.readers).await?.iter().map(read).collect::<Result<_, Failure>>()?;
        Ok(ingest_count_rows::in_order(counts))
    }
}
