//! The quarantine port.

use analytics_domain::{
    EventId, Micros, ProjectId, QuarantineId,
    ports::{EventStore, NewQuarantined, Quarantine, Quarantined, Replay, StoreError},
};
use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

use super::{SqliteStore, failure::Failure};
use crate::quarantine_record::{QuarantineRow, entry_of, replay_of};

/// The columns that [`read`] expects, in its order.
const COLUMNS: &str = "id, project_id, event_id, reason, create_time, record";

#[async_trait]
impl Quarantine for SqliteStore {
    async fn quarantine(&self, items: &[NewQuarantined]) -> Result<(), StoreError> {
        Ok(self.insert_quarantined(items).await?)
    }

    async fn list_quarantined(
        &self,
        project: Option<ProjectId>,
        after: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<Quarantined>, StoreError> {
        Ok(self.page_of_quarantined(project, after, limit).await?)
    }

    async fn quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>, StoreError> {
        Ok(self.find_quarantined(id).await?)
    }

    async fn replay(&self, id: QuarantineId) -> Result<Replay, StoreError> {
        let Some(item) = self.find_quarantined(id).await? else { return Ok(Replay::NotFound) };
        let entry = match entry_of(&item.record) {
            Ok(entry) => entry,
            Err(refused) => return Ok(refused),
        };
        let replay = replay_of(self.commit(entry.project, std::slice::from_ref(&entry)).await)?;
        // After a crash in between it is stored and here, and stored again as the same entry.
        if let Replay::Done(_) = replay {
            self.remove_quarantined(&[id]).await?;
        }
        Ok(replay)
    }

    async fn delete_quarantined(&self, ids: &[QuarantineId]) -> Result<u64, StoreError> {
        Ok(self.remove_quarantined(ids).await?)
    }
}

impl SqliteStore {
    async fn insert_quarantined(&self, items: &[NewQuarantined]) -> Result<(), Failure> {
        let mut transaction = self.writer.begin().await?;
        for item in items {
            let row = QuarantineRow::of(item);
            sqlx::query(
                "INSERT INTO quarantine (project_id, event_id, reason, create_time, record, record_hash) \
                 VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (record_hash) DO NOTHING",
            )
            .bind(row.project.map(|project| project.0))
            .bind(row.event_id.as_ref().map(|id| id.0.as_slice()))
            .bind(row.reason)
            .bind(item.create_time.0)
            .bind(row.record)
            .bind(row.record_hash.as_slice())
            .execute(transaction.connection())
            .await?;
        }
        transaction.commit().await
    }

    async fn page_of_quarantined(
        &self,
        project: Option<ProjectId>,
        after: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<Quarantined>, Failure> {
        // Numbers begin at 1.
        let after = after.map_or(0, |id| id.0);
        let sql = match project {
            Some(_) => format!("SELECT {COLUMNS} FROM quarantine WHERE id > ? AND project_id = ? ORDER BY id LIMIT ?"),
            None => format!("SELECT {COLUMNS} FROM quarantine WHERE id > ? ORDER BY id LIMIT ?"),
        };
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(after);
        if let Some(project) = project {
            query = query.bind(project.0);
        }
        query.bind(super::sql_limit(limit)).fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    async fn find_quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM quarantine WHERE id = ?")));
        query.bind(id.0).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    async fn remove_quarantined(&self, ids: &[QuarantineId]) -> Result<u64, Failure> {
        let mut transaction = self.writer.begin().await?;
        let mut removed = 0;
        for id in ids {
            let delete = sqlx::query("DELETE FROM quarantine WHERE id = ?").bind(id.0);
            removed += delete.execute(transaction.connection()).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(removed)
    }
}

fn read(row: &SqliteRow) -> Result<Quarantined, Failure> {
    let event_id = row.try_get::<Option<&[u8]>, _>(2)?.map(<[u8; 16]>::try_from).transpose();
    Ok(Quarantined {
        id: QuarantineId(row.try_get(0)?),
        project: row.try_get::<Option<i64>, _>(1)?.map(ProjectId),
        event_id: event_id.map_err(|_| Failure::unreadable("an event id in quarantine has not 16 bytes"))?.map(EventId),
        reason: row.try_get(3)?,
        create_time: Micros(row.try_get(4)?),
        record: row.try_get(5)?,
    })
}
