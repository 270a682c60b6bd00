//! Projects as rows.

use analytics_domain::{
    DurationMs, NewProject, Project, ProjectId, ProjectName, ProjectSettings, Zone, ports::SettingsChange,
};
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};

use super::{TimescaleStore, failure::Failure, types::Timestamp};
use crate::{
    catalog_documents::{ingest_from_json, ingest_to_json},
    catalog_text::{week_start_name, week_start_named},
};

/// The columns that [`read`] expects, in its order.
const COLUMNS: &str = "id, name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time, \
     ingest_settings::text";

impl TimescaleStore {
    /// None when the name is taken.
    pub(super) async fn insert_project(&self, project: NewProject) -> Result<Option<Project>, Failure> {
        let create_time = Timestamp::of_micros(project.create_time)?;
        let insert = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!(
                "INSERT INTO projects \
                 (name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time, ingest_settings) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb) ON CONFLICT (name) DO NOTHING RETURNING {COLUMNS}"
            )))
            .bind(project.name.as_str())
            .bind(project.zone.name())
            .bind(week_start_name(project.week_start))
            .bind(project.session_timeout.0)
            .bind(project.lateness.0)
            .bind(project.user_hash_secret.as_slice())
            .bind(create_time)
            .bind(ingest_to_json(&project.ingest));
            query.fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(insert).await
    }

    pub(super) async fn find_project_by_name(&self, name: &ProjectName) -> Result<Option<Project>, Failure> {
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE name = $1")));
            query.bind(name.as_str()).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(find).await
    }

    pub(super) async fn find_project_by_id(&self, id: ProjectId) -> Result<Option<Project>, Failure> {
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE id = $1")));
            query.bind(id.0).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(find).await
    }

    pub(super) async fn page_of_projects(
        &self,
        after: Option<&ProjectName>,
        limit: usize,
    ) -> Result<Vec<Project>, Failure> {
        let page = async |connection: &mut PgConnection| {
            // No name is empty, so the empty text stands before all.
            let query = sqlx::query(AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM projects WHERE name > $1 ORDER BY name LIMIT $2"
            )));
            let query = query.bind(after.map_or("", ProjectName::as_str)).bind(super::sql_limit(limit));
            query.fetch_all(connection).await?.iter().map(read).collect()
        };
        self.connections.run(page).await
    }

    /// None when there is no such project.
    pub(super) async fn change_project(
        &self,
        id: ProjectId,
        change: SettingsChange<Project, ProjectSettings>,
    ) -> Result<Option<Project>, Failure> {
        let work = async move |connection: &mut PgConnection| {
            // Whoever waited for the row sees what came before, whatever level the database has by default.
            sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
            let query =
                sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE id = $1 FOR NO KEY UPDATE")));
            let found = query.bind(id.0).fetch_optional(&mut *connection).await?;
            let updated = match found.as_ref().map(read).transpose()? {
                Some(before) => Some(write_settings(connection, id, change(before)).await?),
                None => None,
            };
            sqlx::raw_sql("COMMIT").execute(connection).await?;
            Ok(updated)
        };
        self.connections.run(work).await
    }
}

async fn write_settings(
    connection: &mut PgConnection,
    id: ProjectId,
    settings: ProjectSettings,
) -> Result<Project, Failure> {
    let query = sqlx::query(AssertSqlSafe(format!(
        "UPDATE projects SET week_start = $1, lateness_ms = $2, ingest_settings = ingest_settings || $3::jsonb \
         WHERE id = $4 RETURNING {COLUMNS}"
    )))
    .bind(week_start_name(settings.week_start))
    .bind(settings.lateness.0)
    .bind(ingest_to_json(&settings.ingest))
    .bind(id.0);
    read(&query.fetch_one(connection).await?)
}

fn read(row: &PgRow) -> Result<Project, Failure> {
    let name: &str = row.try_get(1)?;
    let zone: &str = row.try_get(2)?;
    let week_start: &str = row.try_get(3)?;
    let secret: &[u8] = row.try_get(6)?;
    Ok(Project {
        id: ProjectId(row.try_get(0)?),
        name: name.parse().map_err(|_| Failure::unreadable("a project has an impossible name"))?,
        zone: Zone::named(zone).map_err(|error| Failure::Corrupt(format!("project `{name}`: {error}")))?,
        week_start: week_start_named(week_start)
            .ok_or_else(|| Failure::Corrupt(format!("project `{name}` starts its weeks on an unknown day")))?,
        session_timeout: DurationMs(row.try_get(4)?),
        lateness: DurationMs(row.try_get(5)?),
        user_hash_secret: secret.try_into().map_err(|_| {
            Failure::Corrupt(format!("project `{name}` has a user hash secret of another length than 32 bytes"))
        })?,
        create_time: row.try_get::<Timestamp, _>(7)?.to_micros(),
        ingest: ingest_from_json(row.try_get(8)?)
            .map_err(|_| Failure::Corrupt(format!("project `{name}` has unreadable ingest settings")))?,
    })
}
