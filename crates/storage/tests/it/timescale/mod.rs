//! What is TimescaleDB's own: connecting, what others do to its database, and what happens to its server.

mod commits;
mod connecting;
mod faults;
mod refusals;
mod values;

use std::time::Duration;

use analytics_testkit::{FreshDatabase, servers::PrivatePostgres};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

/// A database of a private server as a role sees it.
pub(crate) fn url_of(server: &PrivatePostgres, role: &str, database: &str) -> String {
    format!("postgres://{role}@127.0.0.1:{}/{database}", server.port())
}

/// A shell on a database, as somebody else has one.
pub(crate) struct Shell(PgConnection);

impl Shell {
    pub(crate) async fn on(database: &FreshDatabase) -> Self {
        Self::at(database.url()).await
    }

    pub(crate) async fn at(url: &str) -> Self {
        Self(PgConnection::connect(url).await.expect("the server runs"))
    }

    pub(crate) async fn run(&mut self, statement: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut self.0).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// The first column of each row, which is text.
    pub(crate) async fn ask(&mut self, query: &str) -> Vec<String> {
        let rows = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(&mut self.0).await;
        rows.unwrap_or_else(|error| panic!("{query}: {error}")).iter().map(|row| row.get(0)).collect()
    }

    /// Asks until that is the answer.
    pub(crate) async fn wait_for(&mut self, query: &str, answer: &str) {
        let asking = async { while self.ask(query).await != [answer] {} };
        tokio::time::timeout(Duration::from_secs(30), asking)
            .await
            .unwrap_or_else(|_| panic!("{query}: never {answer}"));
    }
}
