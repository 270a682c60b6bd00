//! What the store refuses, each told to who has to act.

use std::time::Duration;

use analytics_storage::timescale::{ConnectError, TimescaleOptions, TimescaleStore};
use analytics_testkit::{
    FreshDatabase,
    servers::{PrivatePostgres, free_port},
};

use super::{Shell, url_of};
use crate::support::connect;

async fn refusal(url: &str) -> ConnectError {
    let options = TimescaleOptions { connect_timeout: Duration::from_secs(2), ..TimescaleOptions::default() };
    match TimescaleStore::connect(url, options).await {
        Ok(_) => panic!("the database was accepted"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn an_address_of_another_form_is_refused_without_being_quoted() {
    for url in ["", "somewhere", "mysql://u:hidden@h/d", "postgres://u:hid#den@h:x/d", "postgres://u:hidden@h:99999/d"]
    {
        let error = refusal(url).await;
        assert!(matches!(error, ConnectError::InvalidUrl { .. }), "{url}: {error}");
        assert!(!error.is_temporary() && !error.to_string().contains("hid"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_worth_another_try() {
    let port = free_port();
    for url in [format!("postgres://u:hidden@127.0.0.1:{port}/site"), "postgres://u@nowhere.invalid/site".to_owned()] {
        let error = refusal(&url).await;
        assert!(matches!(error, ConnectError::Unreachable { .. }) && error.is_temporary(), "{error}");
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
    let error = refusal(&format!("postgres://u:hidden@127.0.0.1:{port}/site")).await;
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}/site")), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_repeated() {
    let server = PrivatePostgres::start_with_password("right", &[]);
    for (user, password) in [("postgres", "wrongest"), ("nobody", "wrongest")] {
        let url = format!("postgres://{user}:{password}@127.0.0.1:{}/postgres", server.port());
        let error = refusal(&url).await;
        assert!(matches!(error, ConnectError::WrongPassword { .. }) && !error.is_temporary(), "{error}");
        let text = error.to_string();
        assert!(text.contains(user) && text.contains(&server.port().to_string()) && !text.contains(password), "{text}");
    }
    TimescaleStore::connect(&server.url(), TimescaleOptions::default()).await.unwrap();
}

#[tokio::test]
async fn a_role_or_database_that_does_not_exist_is_told() {
    let database = FreshDatabase::create().await;
    let (_, place) = database.url().rsplit_once('@').expect("a user");
    let error = refusal(&format!("postgres://nobody_of_that_name:hidden@{place}")).await;
    assert!(matches!(error, ConnectError::WrongPassword { .. }), "{error}");
    let error = refusal(&database.url().replace(database.name(), "no_such_database")).await;
    assert!(matches!(error, ConnectError::NoSuchDatabase { .. }) && !error.is_temporary(), "{error}");
    assert!(error.to_string().contains("CREATE DATABASE \"no_such_database\" OWNER \"postgres\""), "{error}");
}

#[tokio::test]
async fn a_role_without_rights_is_told_the_statements_that_help() {
    let server = PrivatePostgres::start(&[]);
    let mut shell = Shell::at(&server.url()).await;
    shell.run("CREATE ROLE guest LOGIN").await;
    shell.run("CREATE DATABASE site").await;
    let superuser_url = url_of(&server, "postgres", "site");
    let url = url_of(&server, "guest", "site");

    let error = refusal(&url).await;
    assert!(matches!(error, ConnectError::TimescaleMissing { .. }) && !error.is_temporary(), "{error}");
    run_what_helps(&superuser_url, &error).await;
    let error = refusal(&url).await;
    assert!(matches!(error, ConnectError::PermissionDenied { .. }) && !error.is_temporary(), "{error}");
    run_what_helps(&superuser_url, &error).await;
    TimescaleStore::connect(&url, TimescaleOptions::default()).await.unwrap();

    // The server counts superusers apart.
    shell.run("ALTER ROLE guest CONNECTION LIMIT 0").await;
    let error = refusal(&url).await;
    assert!(matches!(error, ConnectError::Unreachable { .. }) && error.is_temporary(), "{error}");
    assert!(error.to_string().contains("no connections left"), "{error}");
}

/// Runs the statements that a message quotes.
async fn run_what_helps(url: &str, error: &ConnectError) {
    let text = error.to_string();
    let mut quoted = text.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains(' '));
    let statements = quoted.next().unwrap_or_else(|| panic!("{text}"));
    Shell::at(url).await.run(statements).await;
}

#[tokio::test]
async fn a_server_that_does_not_load_timescale_is_told_so() {
    let server = PrivatePostgres::start(&["shared_preload_libraries="]);
    let error = refusal(&server.url()).await;
    assert!(matches!(error, ConnectError::TimescaleMissing { .. }) && !error.is_temporary(), "{error}");
    assert!(error.to_string().contains("shared_preload_libraries = 'timescaledb'"), "{error}");
}

#[tokio::test]
async fn a_database_of_somebody_else_is_refused_and_left_as_it_is() {
    let database = FreshDatabase::create().await;
    let mut shell = Shell::on(&database).await;
    shell.run("CREATE TABLE accounts (id int); CREATE VIEW balances AS SELECT * FROM accounts").await;
    let error = refusal(database.url()).await;
    assert!(matches!(&error, ConnectError::NotOurs { tables, .. } if tables == "accounts, balances"), "{error}");
    assert!(!error.is_temporary());
    let tables = shell.ask("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace").await;
    assert_eq!(tables.len(), 2, "{tables:?}");
    shell.run("DROP TABLE accounts CASCADE").await;
    connect(&database).await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let database = FreshDatabase::create().await;
    connect(&database).await;
    Shell::on(&database).await.run("INSERT INTO analytics_migrations VALUES (1000, '1000_future')").await;
    let error = refusal(database.url()).await;
    assert!(matches!(error, ConnectError::NewerSchema { found: 1000, .. }) && !error.is_temporary(), "{error}");
}

#[tokio::test]
async fn a_dropped_index_is_made_again_and_a_dropped_column_is_named() {
    let database = FreshDatabase::create().await;
    connect(&database).await;
    let mut shell = Shell::on(&database).await;
    shell.run("CREATE INDEX by_page ON events (page); ALTER TABLE events ADD COLUMN mood text").await;
    shell.run("DROP INDEX events_by_version").await;
    connect(&database).await;
    let found = shell.ask("SELECT 'yes' WHERE to_regclass('events_by_version') IS NOT NULL").await;
    assert_eq!(found, ["yes"]);

    shell.run("ALTER TABLE api_keys DROP COLUMN last_four; ALTER TABLE events ADD COLUMN owner text NOT NULL").await;
    let error = refusal(database.url()).await;
    let ConnectError::SchemaDrift { differences, .. } = &error else { panic!("refused for another reason: {error}") };
    assert_eq!(
        differences,
        "missing column api_keys.last_four text not null; unknown column events.owner text not null"
    );
    assert!(!error.is_temporary());
}
