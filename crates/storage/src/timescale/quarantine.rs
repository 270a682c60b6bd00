//! The quarantine port.

use analytics_domain::{
    ProjectId, QuarantineId,
    ports::{EventStore, NewQuarantined, Quarantine, Quarantined, Replay, StoreError},
};
use async_trait::async_trait;
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};

use super::{
    TimescaleStore,
    failure::Failure,
    sql_limit,
    types::{Timestamp, Uuid},
};
use crate::quarantine_record::{QuarantineRow, entry_of, replay_of};

/// The columns that [`read`] expects, in its order.
const COLUMNS: &str = "id, project_id, event_id, reason, create_time, record";

#[async_trait]
impl Quarantine for TimescaleStore {
    async fn quarantine(&self, items: &[NewQuarantined]) -> Result<(), StoreError> {
        let insert = async |connection: &mut PgConnection| insert(connection, items).await;
        Ok(self.connections.run(insert).await?)
    }

    async fn list_quarantined(
        &self,
        project: Option<ProjectId>,
        after: Option<QuarantineId>,
        limit: usize,
    ) -> Result<Vec<Quarantined>, StoreError> {
        // Numbers begin at 1.
        let after = after.map_or(0, |id| id.0);
        let page = async |connection: &mut PgConnection| {
            let sql = match project {
                Some(_) => {
                    format!("SELECT {COLUMNS} FROM quarantine WHERE id > $1 AND project_id = $3 ORDER BY id LIMIT $2")
                }
                None => format!("SELECT {COLUMNS} FROM quarantine WHERE id > $1 ORDER BY id LIMIT $2"),
            };
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(sql_limit(limit));
            if let Some(project) = project {
                query = query.bind(project.0);
            }
            query.fetch_all(connection).await?.iter().map(read).collect()
        };
        Ok(self.connections.run(page).await?)
    }

    async fn quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>, StoreError> {
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM quarantine WHERE id = $1")));
            query.bind(id.0).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        Ok(self.connections.run(find).await?)
    }

    async fn replay(&self, id: QuarantineId) -> Result<Replay, StoreError> {
        let Some(item) = self.quarantined(id).await? else { return Ok(Replay::NotFound) };
        let entry = match entry_of(&item.record) {
            Ok(entry) => entry,
            Err(refused) => return Ok(refused),
        };
        let replay = replay_of(self.commit(entry.project, std::slice::from_ref(&entry)).await)?;
        // After a crash in between it is stored and here, and stored again as the same entry.
        if let Replay::Done(_) = replay {
            self.delete_quarantined(&[id]).await?;
        }
        Ok(replay)
    }

    async fn delete_quarantined(&self, ids: &[QuarantineId]) -> Result<u64, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let delete = async |connection: &mut PgConnection| {
            let delete = sqlx::query("DELETE FROM quarantine WHERE id = ANY($1)").bind(&ids);
            Ok(delete.execute(connection).await?.rows_affected())
        };
        Ok(self.connections.run(delete).await?)
    }
}

/// In the order of their hashes: two processors that keep the same ones do not wait for each other in a circle.
async fn insert(connection: &mut PgConnection, items: &[NewQuarantined]) -> Result<(), Failure> {
    let rows: Vec<QuarantineRow> = items.iter().map(QuarantineRow::of).collect();
    let times: Vec<Timestamp> =
        items.iter().map(|item| Timestamp::of_micros(item.create_time)).collect::<Result<_, _>>()?;
    sqlx::query(
        "INSERT INTO quarantine (project_id, event_id, reason, create_time, record, record_hash) \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6) \
         AS item (project_id, event_id, reason, create_time, record, record_hash) ORDER BY record_hash \
         ON CONFLICT (record_hash) DO NOTHING",
    )
    .bind(rows.iter().map(|row| row.project.map(|project| project.0)).collect::<Vec<Option<i64>>>())
    .bind(rows.iter().map(|row| row.event_id.map(Uuid::of_event)).collect::<Vec<Option<Uuid>>>())
    .bind(rows.iter().map(|row| row.reason.as_str()).collect::<Vec<&str>>())
    .bind(times)
    .bind(rows.iter().map(|row| row.record.as_slice()).collect::<Vec<&[u8]>>())
    .bind(rows.iter().map(|row| row.record_hash.as_slice()).collect::<Vec<&[u8]>>())
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &PgRow) -> Result<Quarantined, Failure> {
    Ok(Quarantined {
        id: QuarantineId(row.try_get(0)?),
        project: row.try_get::<Option<i64>, _>(1)?.map(ProjectId),
        event_id: row.try_get::<Option<Uuid>, _>(2)?.map(Uuid::to_event),
        reason: row.try_get(3)?,
        create_time: row.try_get::<Timestamp, _>(4)?.to_micros(),
        record: row.try_get(5)?,
    })
}
