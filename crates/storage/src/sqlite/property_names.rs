//! Names of properties as rows.

use std::collections::BTreeSet;

use analytics_domain::{Micros, ProjectId};
use sqlx::{Executor, Row, Sqlite};

use super::{SqliteStore, failure::Failure};
use crate::property_names::PropertyNames;

impl SqliteStore {
    /// None when there is no such project.
    pub(super) async fn admit_names(
        &self,
        project: ProjectId,
        asked: &[&str],
        now: Micros,
    ) -> Result<Option<BTreeSet<String>>, Failure> {
        // Nearly always nothing is to be written, and the writer is not waited for.
        let names = names_of(&self.readers, project).await?;
        if !names.0.is_empty() && names.new_of(asked).is_empty() {
            return Ok(Some(names.0));
        }
        self.keep_new_names(project, asked, now).await
    }

    async fn keep_new_names(
        &self,
        project: ProjectId,
        asked: &[&str],
        now: Micros,
    ) -> Result<Option<BTreeSet<String>>, Failure> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query("SELECT 1 FROM projects WHERE id = ?").bind(project.0);
        if query.fetch_optional(transaction.connection()).await?.is_none() {
            transaction.commit().await?;
            return Ok(None);
        }
        let mut names = names_of(transaction.connection(), project).await?;
        let new = names.new_of(asked);
        sqlx::query("INSERT INTO property_names (project_id, name, create_time) SELECT ?, value, ? FROM json_each(?)")
            .bind(project.0)
            .bind(now.0)
            .bind(serde_json::json!(new).to_string())
            .execute(transaction.connection())
            .await?;
        transaction.commit().await?;
        names.0.extend(new);
        Ok(Some(names.0))
    }
}

async fn names_of(
    connection: impl Executor<'_, Database = Sqlite>,
    project: ProjectId,
) -> Result<PropertyNames, Failure> {
    let query = sqlx::query("SELECT name FROM property_names WHERE project_id = ?").bind(project.0);
    let names = query.fetch_all(connection).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(PropertyNames(names?))
}
