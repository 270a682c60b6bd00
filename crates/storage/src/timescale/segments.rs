//! The segment store port: a row per segment, and one per column of it.

use analytics_domain::{
    Day, Generation, ProjectId, Version,
    ports::{EncodedColumn, SegmentError, SegmentKey, SegmentStore},
};
use async_trait::async_trait;
use bytes::Bytes;
use sqlx::{PgConnection, Row};

use super::{
    TimescaleStore,
    copy::{Rows, Sender, TooLong},
    failure::Failure,
    types::{Date, OutOfRange},
};

const COPY: &str = "COPY segment_columns (segment_id, place, name, bytes) FROM STDIN (FORMAT binary)";

#[async_trait]
impl SegmentStore for TimescaleStore {
    async fn put(&self, key: SegmentKey, columns: Vec<EncodedColumn>) -> Result<(), SegmentError> {
        let key = SqlKey::of(key).map_err(Failure::from)?;
        // In a task of its own, like a commit: no COPY is left in the middle.
        let connections = self.connections.clone();
        let put = tokio::spawn(async move {
            connections.run(async |connection: &mut PgConnection| put(connection, key, &columns).await).await
        });
        Ok(put.await.unwrap_or_else(|_| Err(Failure::Unavailable("the program is ending".to_owned())))?)
    }

    async fn latest(
        &self,
        project: ProjectId,
        day: Day,
        generation: Generation,
    ) -> Result<Option<SegmentKey>, SegmentError> {
        let Ok(date) = Date::of_day(day) else { return Ok(None) };
        let find = async |connection: &mut PgConnection| {
            let row = sqlx::query(
                "SELECT max(version) FROM segments WHERE project_id = $1 AND visitor_day = $2 AND generation = $3",
            )
            .bind(project.0)
            .bind(date)
            .bind(generation.0)
            .fetch_one(connection)
            .await?;
            let version: Option<i64> = row.try_get(0)?;
            Ok(version.map(|version| SegmentKey { project, day, generation, version: Version(version) }))
        };
        Ok(self.connections.run(find).await?)
    }

    async fn column_names(&self, key: SegmentKey) -> Result<Vec<String>, SegmentError> {
        let Ok(key) = SqlKey::of(key) else { return Err(SegmentError::Gone) };
        let read = async |connection: &mut PgConnection| {
            // One row without a name stands for a segment without columns.
            let rows = sqlx::query(
                "SELECT name FROM segments LEFT JOIN segment_columns ON segment_id = id \
                 WHERE project_id = $1 AND visitor_day = $2 AND generation = $3 AND version = $4 ORDER BY place",
            )
            .bind(key.project)
            .bind(key.day)
            .bind(key.generation)
            .bind(key.version)
            .fetch_all(connection)
            .await?;
            if rows.is_empty() {
                return Ok(None);
            }
            let names = rows.iter().filter_map(|row| row.try_get::<Option<String>, _>(0).transpose());
            Ok(Some(names.collect::<Result<Vec<_>, _>>()?))
        };
        self.connections.run(read).await?.ok_or(SegmentError::Gone)
    }

    async fn read_columns(&self, key: SegmentKey, names: &[String]) -> Result<Vec<Option<Bytes>>, SegmentError> {
        let Ok(key) = SqlKey::of(key) else { return Err(SegmentError::Gone) };
        let read = async |connection: &mut PgConnection| {
            // One statement, so that a segment that is being replaced is read whole.
            let rows = sqlx::query(
                "SELECT name, bytes FROM segments LEFT JOIN segment_columns ON segment_id = id AND name = ANY($5) \
                 WHERE project_id = $1 AND visitor_day = $2 AND generation = $3 AND version = $4",
            )
            .bind(key.project)
            .bind(key.day)
            .bind(key.generation)
            .bind(key.version)
            .bind(names)
            .fetch_all(connection)
            .await?;
            if rows.is_empty() {
                return Ok(None);
            }
            let mut columns = vec![None; names.len()];
            for row in rows {
                let (Some(name), Some(bytes)) =
                    (row.try_get::<Option<&str>, _>(0)?, row.try_get::<Option<&[u8]>, _>(1)?)
                else {
                    continue;
                };
                let bytes = Bytes::copy_from_slice(bytes);
                for place in (0..names.len()).filter(|place| names[*place] == name) {
                    columns[place] = Some(bytes.clone());
                }
            }
            Ok(Some(columns))
        };
        self.connections.run(read).await?.ok_or(SegmentError::Gone)
    }

    async fn remove_before(&self, keep: SegmentKey) -> Result<(), SegmentError> {
        let Ok(keep) = SqlKey::of(keep) else { return Ok(()) };
        let remove = async |connection: &mut PgConnection| {
            sqlx::query(
                "DELETE FROM segments WHERE project_id = $1 AND visitor_day = $2 AND (generation <> $3 OR version < $4)",
            )
            .bind(keep.project)
            .bind(keep.day)
            .bind(keep.generation)
            .bind(keep.version)
            .execute(connection)
            .await?;
            Ok(())
        };
        Ok(self.connections.run(remove).await?)
    }
}

/// The key of a segment as it is bound.
#[derive(Clone, Copy)]
struct SqlKey {
    project: i64,
    day: Date,
    generation: i64,
    version: i64,
}

impl SqlKey {
    fn of(key: SegmentKey) -> Result<Self, OutOfRange> {
        let day = Date::of_day(key.day)?;
        Ok(Self { project: key.project.0, day, generation: key.generation.0, version: key.version.0 })
    }
}

async fn put(connection: &mut PgConnection, key: SqlKey, columns: &[EncodedColumn]) -> Result<(), Failure> {
    sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
    // The update changes nothing, but it waits for whoever is putting the same key, and locks the row.
    let segment: i64 = sqlx::query(
        "INSERT INTO segments (project_id, visitor_day, generation, version) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (project_id, visitor_day, generation, version) DO UPDATE SET version = excluded.version RETURNING id",
    )
    .bind(key.project)
    .bind(key.day)
    .bind(key.generation)
    .bind(key.version)
    .fetch_one(&mut *connection)
    .await?
    .try_get(0)?;
    sqlx::query("DELETE FROM segment_columns WHERE segment_id = $1").bind(segment).execute(&mut *connection).await?;
    send_columns(connection, segment, columns).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(())
}

/// Large columns go from where they are, small ones together.
async fn send_columns(connection: &mut PgConnection, segment: i64, columns: &[EncodedColumn]) -> Result<(), Failure> {
    let too_long =
        |_: TooLong| Failure::unreadable("a column of a segment is larger than the 1 GiB that a value may have");
    let mut sender = Sender::begin(connection, COPY).await?;
    let mut rows = Rows::with_capacity(0);
    for (place, column) in (0..).zip(columns) {
        rows.begin(4);
        rows.put_bigint(segment);
        rows.put_integer(place);
        rows.put(column.name.as_bytes()).map_err(too_long)?;
        rows.announce(column.bytes.len()).map_err(too_long)?;
        rows.append(&column.bytes, &mut sender).await?;
    }
    rows.end();
    rows.flush(&mut sender).await?;
    sender.finish().await
}
