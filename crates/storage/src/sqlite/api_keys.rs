//! API keys as rows.

use analytics_domain::{
    ApiKey, ApiKeySecretHash, ApiKeySettings, KeyId, Micros, NewApiKey, ProjectId, ports::SettingsChange,
};
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};

use super::{SqliteStore, failure::Failure};
use crate::{
    catalog_documents::{limits_from_json, limits_to_json},
    catalog_text::{scope_names, scopes_named},
};

/// The columns of a key, in the order that [`read`] expects.
const COLUMNS: &str =
    "id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time, limits, last_use_time";

impl SqliteStore {
    pub(super) async fn insert_key(&self, key: NewApiKey) -> Result<ApiKey, Failure> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(AssertSqlSafe(format!("INSERT INTO api_keys ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")))
            .bind(key.id.0.as_str())
            .bind(key.secret_hash.0.as_slice())
            .bind(key.project.map(|project| project.0))
            .bind(scope_names(&key.scopes))
            .bind(key.display_name.as_str())
            .bind(key.last_four.as_str())
            .bind(key.create_time.0)
            .bind(key.revoke_time.map(|time| time.0))
            .bind(limits_to_json(&key.limits))
            .bind(key.last_use_time.map(|time| time.0))
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        Ok(key)
    }

    pub(super) async fn find_key_by_secret(&self, hash: &ApiKeySecretHash) -> Result<Option<ApiKey>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE secret_hash = ?")));
        query.bind(hash.0.as_slice()).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    pub(super) async fn find_key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE id = ?")));
        query.bind(id.0.as_str()).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    /// The row of `after` says where to go on; a page after a key that does not exist is empty.
    pub(super) async fn page_of_keys(
        &self,
        project: Option<ProjectId>,
        after: Option<&KeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, Failure> {
        let query = sqlx::query(AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM api_keys WHERE (? IS NULL OR project_id = ?) \
             AND (? IS NULL OR (create_time, id) < (SELECT create_time, id FROM api_keys WHERE id = ?)) \
             ORDER BY create_time DESC, id DESC LIMIT ?"
        )));
        let (project, after) = (project.map(|project| project.0), after.map(|id| id.0.as_str()));
        let query = query.bind(project).bind(project).bind(after).bind(after).bind(super::sql_limit(limit));
        query.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    pub(super) async fn mark_revoked(&self, id: &KeyId, now: Micros) -> Result<Option<ApiKey>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let row = sqlx::query(AssertSqlSafe(format!(
            "UPDATE api_keys SET revoke_time = coalesce(revoke_time, ?) WHERE id = ? RETURNING {COLUMNS}"
        )))
        .bind(now.0)
        .bind(id.0.as_str())
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        row.as_ref().map(read).transpose()
    }

    /// None when there is no such key.
    pub(super) async fn change_key(
        &self,
        id: &KeyId,
        change: SettingsChange<ApiKey, ApiKeySettings>,
    ) -> Result<Option<ApiKey>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE id = ?")));
        let found = query.bind(id.0.as_str()).fetch_optional(transaction.connection()).await?;
        let Some(before) = found.as_ref().map(read).transpose()? else {
            transaction.commit().await?;
            return Ok(None);
        };
        let settings = change(before);
        let row = sqlx::query(AssertSqlSafe(format!(
            "UPDATE api_keys SET display_name = ?, limits = json_patch(limits, ?) WHERE id = ? RETURNING {COLUMNS}"
        )))
        .bind(settings.display_name)
        .bind(limits_to_json(&settings.limits))
        .bind(id.0.as_str())
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        row.as_ref().map(read).transpose()
    }

    pub(super) async fn raise_last_uses(&self, uses: &[(KeyId, Micros)]) -> Result<(), Failure> {
        let mut transaction = self.writer.begin().await?;
        for (id, time) in uses {
            sqlx::query("UPDATE api_keys SET last_use_time = max(coalesce(last_use_time, ?1), ?1) WHERE id = ?2")
                .bind(time.0)
                .bind(id.0.as_str())
                .execute(transaction.connection())
                .await?;
        }
        transaction.commit().await
    }
}

fn read(row: &SqliteRow) -> Result<ApiKey, Failure> {
    let id = KeyId(row.try_get(0)?);
    let secret_hash: &[u8] = row.try_get(1)?;
    let scopes: &str = row.try_get(3)?;
    Ok(ApiKey {
        secret_hash: ApiKeySecretHash(secret_hash.try_into().map_err(|_| unreadable(&id, "secret hash"))?),
        project: row.try_get::<Option<i64>, _>(2)?.map(ProjectId),
        scopes: scopes_named(scopes).ok_or_else(|| unreadable(&id, "scopes"))?,
        display_name: row.try_get(4)?,
        last_four: row.try_get(5)?,
        create_time: Micros(row.try_get(6)?),
        revoke_time: row.try_get::<Option<i64>, _>(7)?.map(Micros),
        limits: limits_from_json(row.try_get(8)?).map_err(|_| unreadable(&id, "limits"))?,
        last_use_time: row.try_get::<Option<i64>, _>(9)?.map(Micros),
        id,
    })
}

fn unreadable(id: &KeyId, what: &str) -> Failure {
    Failure::Corrupt(format!("API key `{id}` has unreadable {what}"))
}
