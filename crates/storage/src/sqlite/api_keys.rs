//! API keys as rows.

use analytics_domain::{ApiKey, ApiKeySecretHash, KeyId, Micros, NewApiKey, ProjectId};
use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteStore, failure::Failure};
use crate::catalog_text::{scope_names, scopes_named};

impl SqliteStore {
    pub(super) async fn insert_key(&self, key: NewApiKey) -> Result<ApiKey, Failure> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "INSERT INTO api_keys \
             (id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(key.id.0.as_str())
        .bind(key.secret_hash.0.as_slice())
        .bind(key.project.map(|project| project.0))
        .bind(scope_names(&key.scopes))
        .bind(key.display_name.as_str())
        .bind(key.last_four.as_str())
        .bind(key.create_time.0)
        .bind(key.revoke_time.map(|time| time.0))
        .execute(transaction.connection())
        .await?;
        transaction.commit().await?;
        Ok(key)
    }

    pub(super) async fn find_key_by_secret(&self, hash: &ApiKeySecretHash) -> Result<Option<ApiKey>, Failure> {
        let query = sqlx::query(
            "SELECT id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time \
             FROM api_keys WHERE secret_hash = ?",
        );
        query.bind(hash.0.as_slice()).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    pub(super) async fn find_key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, Failure> {
        let query = sqlx::query(
            "SELECT id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time \
             FROM api_keys WHERE id = ?",
        );
        query.bind(id.0.as_str()).fetch_optional(&self.readers).await?.as_ref().map(read).transpose()
    }

    /// The row of `after` says where to go on; a page after a key that does not exist is empty.
    pub(super) async fn page_of_keys(
        &self,
        project: Option<ProjectId>,
        after: Option<&KeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, Failure> {
        let query = sqlx::query(
            "SELECT id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time \
             FROM api_keys WHERE (? IS NULL OR project_id = ?) \
             AND (? IS NULL OR (create_time, id) < (SELECT create_time, id FROM api_keys WHERE id = ?)) \
             ORDER BY create_time DESC, id DESC LIMIT ?",
        );
        let (project, after) = (project.map(|project| project.0), after.map(|id| id.0.as_str()));
        let query = query.bind(project).bind(project).bind(after).bind(after).bind(super::sql_limit(limit));
        query.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    pub(super) async fn mark_revoked(&self, id: &KeyId, now: Micros) -> Result<Option<ApiKey>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let row = sqlx::query(
            "UPDATE api_keys SET revoke_time = coalesce(revoke_time, ?) WHERE id = ? \
             RETURNING id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time",
        )
        .bind(now.0)
        .bind(id.0.as_str())
        .fetch_optional(transaction.connection())
        .await?;
        transaction.commit().await?;
        row.as_ref().map(read).transpose()
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
        id,
        limits: Default::default(),
        last_use_time: None,
    })
}

fn unreadable(id: &KeyId, what: &str) -> Failure {
    Failure::Corrupt(format!("API key `{id}` has unreadable {what}"))
}
