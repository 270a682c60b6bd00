//! Projects as rows.

use analytics_domain::{
    DurationMs, Micros, NewProject, Project, ProjectId, ProjectName, ProjectSettings, Zone, ports::SettingsChange,
};
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

use super::{SqliteStore, failure::Failure};
use crate::{
    catalog_documents::{ingest_from_json, ingest_to_json},
    catalog_text::{week_start_name, week_start_named},
};

/// The columns that [`read`] expects, in its order.
const COLUMNS: &str =
    "id, name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time, ingest_settings";

impl SqliteStore {
    /// None when the name is taken.
    pub(super) async fn insert_project(&self, project: NewProject) -> Result<Option<Project>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let row = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO projects \
             (name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time, ingest_settings) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING RETURNING {COLUMNS}"
        )))
        .bind(project.name.as_str())
        .bind(project.zone.name())
        .bind(week_start_name(project.week_start))
        .bind(project.session_timeout.0)
        .bind(project.lateness.0)
        .bind(project.user_hash_secret.as_slice())
        .bind(project.create_time.0)
        .bind(ingest_to_json(&project.ingest))
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        row.as_ref().map(read).transpose()
    }

    pub(super) async fn find_project_by_name(&self, name: &ProjectName) -> Result<Option<Project>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE name = ?")));
        query.bind(name.as_str()).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    pub(super) async fn find_project_by_id(&self, id: ProjectId) -> Result<Option<Project>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE id = ?")));
        query.bind(id.0).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    pub(super) async fn page_of_projects(
        &self,
        after: Option<&ProjectName>,
        limit: usize,
    ) -> Result<Vec<Project>, Failure> {
        // No name is empty, so the empty text stands before all.
        let query =
            sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE name > ? ORDER BY name LIMIT ?")));
        let query = query.bind(after.map_or("", ProjectName::as_str)).bind(super::sql_limit(limit));
        query.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    /// None when there is no such project.
    pub(super) async fn change_project(
        &self,
        id: ProjectId,
        change: SettingsChange<Project, ProjectSettings>,
    ) -> Result<Option<Project>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects WHERE id = ?")));
        let found = query.bind(id.0).fetch_optional(transaction.connection()).await?;
        let Some(before) = found.as_ref().map(read).transpose()? else {
            transaction.commit().await?;
            return Ok(None);
        };
        let settings = change(before);
        let row = sqlx::query(AssertSqlSafe(format!(
            "UPDATE projects SET week_start = ?, lateness_ms = ?, ingest_settings = json_patch(ingest_settings, ?) \
             WHERE id = ? RETURNING {COLUMNS}"
        )))
        .bind(week_start_name(settings.week_start))
        .bind(settings.lateness.0)
        .bind(ingest_to_json(&settings.ingest))
        .bind(id.0)
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        row.as_ref().map(read).transpose()
    }
}

fn read(row: &SqliteRow) -> Result<Project, Failure> {
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
        create_time: Micros(row.try_get(7)?),
        ingest: ingest_from_json(row.try_get(8)?)
            .map_err(|_| Failure::Corrupt(format!("project `{name}` has unreadable ingest settings")))?,
    })
}
