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
    failure::Failure,
    types::{Date, OutOfRange},
};

/// How many bytes of small columns are sent at once.
const PART_BYTES: usize = 1024 * 1024;

#[async_trait]
impl SegmentStore for TimescaleStore {
    async fn put(&self, key: SegmentKey, columns: Vec<EncodedColumn>) -> Result<(), SegmentError> {
        let key = SqlKey::of(key).map_err(Failure::from)?;
        let put = async |connection: &mut PgConnection| put(connection, key, &columns).await;
        Ok(self.connections.run(put).await?)
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
    for (first_place, part) in parts(columns) {
        insert_columns(connection, segment, first_place, part).await?;
    }
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(())
}

/// Columns that are sent together, with the place of the first: small ones at once, a large one alone.
fn parts(columns: &[EncodedColumn]) -> impl Iterator<Item = (i32, &[EncodedColumn])> {
    let mut rest = columns;
    let mut place = 0;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fit = rest.iter().take_while(|column| {
            bytes += column.bytes.len();
            bytes <= PART_BYTES
        });
        let (part, after) = rest.split_at(fit.count().max(1).min(rest.len()));
        let first_place = place;
        (rest, place) = (after, place + part.len() as i32);
        (!part.is_empty()).then_some((first_place, part))
    })
}

async fn insert_columns(
    connection: &mut PgConnection,
    segment: i64,
    first_place: i32,
    columns: &[EncodedColumn],
) -> Result<(), Failure> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let bytes: Vec<&[u8]> = columns.iter().map(|column| &*column.bytes).collect();
    sqlx::query(
        "INSERT INTO segment_columns (segment_id, place, name, bytes) SELECT $1, $2 + index - 1, name, bytes \
         FROM unnest($3, $4) WITH ORDINALITY AS columns (name, bytes, index)",
    )
    .bind(segment)
    .bind(first_place)
    .bind(names)
    .bind(bytes)
    .execute(connection)
    .await?;
    Ok(())
}
