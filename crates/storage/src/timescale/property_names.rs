//! Names of properties as rows.

use std::collections::BTreeSet;

use analytics_domain::{Micros, ProjectId};
use sqlx::{PgConnection, Row};

use super::{TimescaleStore, failure::Failure, types::Timestamp};
use crate::property_names::PropertyNames;

impl TimescaleStore {
    /// None when there is no such project.
    pub(super) async fn admit_names(
        &self,
        project: ProjectId,
        asked: &[&str],
        now: Micros,
    ) -> Result<Option<BTreeSet<String>>, Failure> {
        let now = Timestamp::of_micros(now)?;
        let work = async |connection: &mut PgConnection| {
            // Nearly always nothing is to be written, and nobody is waited for.
            let names = names_of(connection, project).await?;
            if !names.0.is_empty() && names.new_of(asked).is_empty() {
                return Ok(Some(names.0));
            }
            keep_new_names(connection, project, asked, now).await
        };
        self.connections.run(work).await
    }
}

/// The project's row lets one count and write after the other.
async fn keep_new_names(
    connection: &mut PgConnection,
    project: ProjectId,
    asked: &[&str],
    now: Timestamp,
) -> Result<Option<BTreeSet<String>>, Failure> {
    // Whoever waited for the row has to see what came before, whatever level the database has by default.
    sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
    let lock = sqlx::query("SELECT FROM projects WHERE id = $1 FOR NO KEY UPDATE").bind(project.0);
    let known = match lock.fetch_optional(&mut *connection).await? {
        Some(_) => {
            let mut names = names_of(connection, project).await?;
            let new: Vec<String> = names.new_of(asked).into_iter().collect();
            sqlx::query("INSERT INTO property_names (project_id, name, create_time) SELECT $1, unnest($2::text[]), $3")
                .bind(project.0)
                .bind(&new)
                .bind(now)
                .execute(&mut *connection)
                .await?;
            names.0.extend(new);
            Some(names.0)
        }
        None => None,
    };
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(known)
}

async fn names_of(connection: &mut PgConnection, project: ProjectId) -> Result<PropertyNames, Failure> {
    let query = sqlx::query("SELECT name FROM property_names WHERE project_id = $1").bind(project.0);
    let names = query.fetch_all(connection).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
    Ok(PropertyNames(names?))
}
