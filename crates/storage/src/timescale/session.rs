//! What every connection is told first.
//!
//! A server's own defaults may lose what was acknowledged (`synchronous_commit = off`), wait for ever, or write the values of events into its log.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::TimescaleOptions;

/// Settings that keep events out of the server's log. Changing them takes a superuser, or a grant.
struct Discretion {
    name: &'static str,
    wanted: &'static str,
    /// The values that keep the promise too.
    safe: &'static [&'static str],
}

const DISCRETIONS: [Discretion; 4] = [
    // Errors name the constraint, not the row.
    Discretion { name: "log_error_verbosity", wanted: "terse", safe: &["terse"] },
    // No statement beside an error.
    Discretion { name: "log_min_error_statement", wanted: "panic", safe: &["panic", "fatal", "log"] },
    // No bound values, neither beside an error nor beside a slow statement.
    Discretion { name: "log_parameter_max_length_on_error", wanted: "0", safe: &["0"] },
    Discretion { name: "log_parameter_max_length", wanted: "0", safe: &["0"] },
];

/// The statements that every new connection runs.
#[derive(Clone)]
pub(super) struct Session {
    statements: String,
}

impl Session {
    /// Finds out which settings the role may change, and warns about what it may not and is not safe as it is.
    pub(super) async fn agree(connection: &mut PgConnection, options: TimescaleOptions) -> Result<Self, sqlx::Error> {
        let mut session = Self {
            // search_path: a schema named like the role would come first. client_min_messages: notices are not for anybody here.
            // random_page_cost, enable_sort: else the planner reads and sorts the rest of a day for each page of it, by statistics from
            // before the day began. jit: a statement that has to sort all the same would look dear enough to compile, which takes longer.
            statements: format!(
                "SET search_path = public; SET timezone = 'UTC'; SET client_min_messages = 'warning'; SET synchronous_commit = 'on'; \
                 SET random_page_cost = 1.1; SET enable_sort = off; SET jit = off; \
                 SET statement_timeout = {call}; SET idle_in_transaction_session_timeout = {call}; SET lock_timeout = {lock};",
                call = options.call_timeout.as_millis(),
                lock = options.lock_timeout.as_millis(),
            ),
        };
        session.apply(connection).await?;
        let mut refused = Vec::new();
        for Discretion { name, wanted, safe } in DISCRETIONS {
            let statement = format!(" SET {name} = '{wanted}';");
            match sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut *connection).await {
                Ok(_) => session.statements.push_str(&statement),
                Err(error) if is_refused(&error) => {
                    let row = sqlx::query("SELECT current_setting($1)").bind(name).fetch_one(&mut *connection).await?;
                    if !safe.contains(&row.try_get::<&str, _>(0)?) {
                        refused.push((name, wanted));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if !refused.is_empty() {
            let row = sqlx::query("SELECT quote_ident(current_user)").fetch_one(connection).await?;
            let role: &str = row.try_get(0)?;
            let statements = refused.iter().map(|(name, wanted)| format!("ALTER ROLE {role} SET {name} = '{wanted}';"));
            tracing::warn!(
                "the database server may write values of events into its log, and this role may not tell it otherwise; as a superuser run: {}",
                statements.collect::<Vec<_>>().join(" ")
            );
        }
        Ok(session)
    }

    pub(super) async fn apply(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(self.statements.clone())).execute(connection).await?;
        Ok(())
    }

    /// For changing the schema, which may take its time. Ends with the connection.
    pub(super) async fn lift_limits(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("SET statement_timeout = 0; SET lock_timeout = 0").execute(connection).await?;
        Ok(())
    }
}

fn is_refused(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "42501")
}
