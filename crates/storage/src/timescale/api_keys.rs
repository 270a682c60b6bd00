//! API keys as rows.

use std::collections::BTreeMap;

use analytics_domain::{
    ApiKey, ApiKeySecretHash, ApiKeySettings, KeyId, Micros, NewApiKey, ProjectId, ports::SettingsChange,
};
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgRow};

use super::{TimescaleStore, failure::Failure, types::Timestamp};
use crate::{
    catalog_documents::{limits_from_json, limits_to_json},
    catalog_text::{scope_names, scopes_named},
};

/// The columns that [`read`] expects, in its order.
const COLUMNS: &str = "id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time, limits::text, \
     last_use_time";

impl TimescaleStore {
    pub(super) async fn insert_key(&self, key: NewApiKey) -> Result<ApiKey, Failure> {
        let create_time = Timestamp::of_micros(key.create_time)?;
        let revoke_time = key.revoke_time.map(Timestamp::of_micros).transpose()?;
        let last_use_time = key.last_use_time.map(Timestamp::of_micros).transpose()?;
        let insert = async |connection: &mut PgConnection| {
            sqlx::query(
                "INSERT INTO api_keys \
                 (id, secret_hash, project_id, scopes, display_name, last_four, create_time, revoke_time, limits, last_use_time) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)",
            )
            .bind(key.id.0.as_str())
            .bind(key.secret_hash.0.as_slice())
            .bind(key.project.map(|project| project.0))
            .bind(scope_names(&key.scopes))
            .bind(key.display_name.as_str())
            .bind(key.last_four.as_str())
            .bind(create_time)
            .bind(revoke_time)
            .bind(limits_to_json(&key.limits))
            .bind(last_use_time)
            .execute(connection)
            .await?;
            Ok(())
        };
        self.connections.run(insert).await?;
        Ok(key)
    }

    pub(super) async fn find_key_by_secret(&self, hash: &ApiKeySecretHash) -> Result<Option<ApiKey>, Failure> {
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE secret_hash = $1")));
            query.bind(hash.0.as_slice()).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(find).await
    }

    pub(super) async fn find_key_by_id(&self, id: &KeyId) -> Result<Option<ApiKey>, Failure> {
        let find = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE id = $1")));
            query.bind(id.0.as_str()).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(find).await
    }

    /// The row of `after` says where to go on; a page after a key that does not exist is empty.
    pub(super) async fn page_of_keys(
        &self,
        project: Option<ProjectId>,
        after: Option<&KeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, Failure> {
        let page = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM api_keys WHERE ($1 IS NULL OR project_id = $1) \
                 AND ($2 IS NULL OR (create_time, id) < (SELECT create_time, id FROM api_keys WHERE id = $2)) \
                 ORDER BY create_time DESC, id DESC LIMIT $3"
            )));
            let (project, after) = (project.map(|project| project.0), after.map(|id| id.0.as_str()));
            let query = query.bind(project).bind(after).bind(super::sql_limit(limit));
            query.fetch_all(connection).await?.iter().map(read).collect()
        };
        self.connections.run(page).await
    }

    pub(super) async fn mark_revoked(&self, id: &KeyId, now: Micros) -> Result<Option<ApiKey>, Failure> {
        let now = Timestamp::of_micros(now)?;
        let revoke = async |connection: &mut PgConnection| {
            let query = sqlx::query(AssertSqlSafe(format!(
                "UPDATE api_keys SET revoke_time = coalesce(revoke_time, $1) WHERE id = $2 RETURNING {COLUMNS}"
            )));
            query.bind(now).bind(id.0.as_str()).fetch_optional(connection).await?.as_ref().map(read).transpose()
        };
        self.connections.run(revoke).await
    }

    /// None when there is no such key.
    pub(super) async fn change_key(
        &self,
        id: &KeyId,
        change: SettingsChange<ApiKey, ApiKeySettings>,
    ) -> Result<Option<ApiKey>, Failure> {
        let work = async move |connection: &mut PgConnection| {
            // Whoever waited for the row sees what came before, whatever level the database has by default.
            sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
            let query =
                sqlx::query(AssertSqlSafe(format!("SELECT {COLUMNS} FROM api_keys WHERE id = $1 FOR NO KEY UPDATE")));
            let found = query.bind(id.0.as_str()).fetch_optional(&mut *connection).await?;
            let updated = match found.as_ref().map(read).transpose()? {
                Some(before) => Some(write_settings(connection, id, change(before)).await?),
                None => None,
            };
            sqlx::raw_sql("COMMIT").execute(connection).await?;
            Ok(updated)
        };
        self.connections.run(work).await
    }

    pub(super) async fn raise_last_uses(&self, uses: &[(KeyId, Micros)]) -> Result<(), Failure> {
        let mut latest: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for (id, time) in uses {
            let time = Timestamp::of_micros(*time)?;
            latest.entry(id.0.as_str()).and_modify(|known| *known = time.max(*known)).or_insert(time);
        }
        let (ids, times): (Vec<&str>, Vec<Timestamp>) = latest.into_iter().unzip();
        let raise = async |connection: &mut PgConnection| {
            // Rows are locked in the order of their ids before any is changed: servers that note the same keys at once do not wait
            // for each other in a circle.
            sqlx::query(
                "WITH locked AS MATERIALIZED (SELECT id FROM api_keys WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE) \
                 UPDATE api_keys SET last_use_time = greatest(last_use_time, used.time) \
                 FROM locked JOIN unnest($1, $2) AS used (id, time) ON used.id = locked.id WHERE api_keys.id = locked.id",
            )
            .bind(&ids)
            .bind(&times)
            .execute(connection)
            .await?;
            Ok(())
        };
        self.connections.run(raise).await
    }
}

async fn write_settings(
    connection: &mut PgConnection,
    id: &KeyId,
    settings: ApiKeySettings,
) -> Result<ApiKey, Failure> {
    let query = sqlx::query(AssertSqlSafe(format!(
        "UPDATE api_keys SET display_name = $1, limits = limits || $2::jsonb WHERE id = $3 RETURNING {COLUMNS}"
    )))
    .bind(settings.display_name)
    .bind(limits_to_json(&settings.limits))
    .bind(id.0.as_str());
    read(&query.fetch_one(connection).await?)
}

fn read(row: &PgRow) -> Result<ApiKey, Failure> {
    let id = KeyId(row.try_get(0)?);
    let secret_hash: &[u8] = row.try_get(1)?;
    let scopes: &str = row.try_get(3)?;
    Ok(ApiKey {
        secret_hash: ApiKeySecretHash(secret_hash.try_into().map_err(|_| unreadable(&id, "secret hash"))?),
        project: row.try_get::<Option<i64>, _>(2)?.map(ProjectId),
        scopes: scopes_named(scopes).ok_or_else(|| unreadable(&id, "scopes"))?,
        display_name: row.try_get(4)?,
        last_four: row.try_get(5)?,
        create_time: row.try_get::<Timestamp, _>(6)?.to_micros(),
        revoke_time: row.try_get::<Option<Timestamp>, _>(7)?.map(Timestamp::to_micros),
        limits: limits_from_json(row.try_get(8)?).map_err(|_| unreadable(&id, "limits"))?,
        last_use_time: row.try_get::<Option<Timestamp>, _>(9)?.map(Timestamp::to_micros),
        id,
    })
}

fn unreadable(id: &KeyId, what: &str) -> Failure {
    Failure::Corrupt(format!("API key `{id}` has unreadable {what}"))
}
