//! The port of counts.

use std::ops::RangeInclusive;

use analytics_domain::{
    Day, ProjectId,
    ports::{IngestCount, IngestCounts, StoreError},
};
use async_trait::async_trait;
use sqlx::{PgConnection, Row, postgres::PgRow};

use super::{TimescaleStore, failure::Failure, types::Date};
use crate::ingest_count_rows;

#[async_trait]
impl IngestCounts for TimescaleStore {
    async fn add_ingest_counts(&self, counts: &[IngestCount]) -> Result<(), StoreError> {
        let add = async |connection: &mut PgConnection| add(connection, counts).await;
        Ok(self.connections.run(add).await?)
    }

    async fn ingest_counts(
        &self,
        project: ProjectId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<IngestCount>, StoreError> {
        let (first, last) = (Date::bound(*days.start()), Date::bound(*days.end()));
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(
                "SELECT day, decision, detail, count FROM ingest_counts WHERE project_id = $1 AND day BETWEEN $2 AND $3",
            );
            let rows = query.bind(project.0).bind(first).bind(last).fetch_all(connection).await?;
            let read = |row: &PgRow| {
                let decision = (row.try_get(1)?, row.try_get(2)?);
                let day = row.try_get::<Date, _>(0)?.to_day();
                Ok(ingest_count_rows::count(project, day, decision, row.try_get(3)?)?)
            };
            let counts = rows.iter().map(read).collect::<Result<_, Failure>>()?;
            Ok(ingest_count_rows::in_order(counts))
        };
        Ok(self.connections.run(find).await?)
    }
}

/// One statement, which adds all or nothing.
async fn add(connection: &mut PgConnection, counts: &[IngestCount]) -> Result<(), Failure> {
    let rows = ingest_count_rows::rows(counts);
    let days: Vec<Date> = rows.keys().map(|(_, day, ..)| Date::of_day(*day)).collect::<Result<_, _>>()?;
    sqlx::query(
        "INSERT INTO ingest_counts (project_id, day, decision, detail, count) \
         SELECT * FROM unnest($1, $2, $3, $4, $5) AS added (project_id, day, decision, detail, count) \
         ORDER BY project_id, day, decision, detail \
         ON CONFLICT (project_id, day, decision, detail) DO UPDATE SET count = ingest_counts.count + excluded.count",
    )
    .bind(rows.keys().map(|(project, ..)| project.0).collect::<Vec<i64>>())
    .bind(days)
    .bind(rows.keys().map(|(_, _, decision, _)| *decision).collect::<Vec<&str>>())
    .bind(rows.keys().map(|(_, _, _, detail)| *detail).collect::<Vec<&str>>())
    .bind(rows.values().copied().collect::<Vec<i64>>())
    .execute(connection)
    .await?;
    Ok(())
}
