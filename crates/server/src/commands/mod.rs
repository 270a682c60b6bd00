//! The commands. Each client command is a plain gRPC client: whatever it does, any other client can do.

mod conditions;
mod config;
mod demo;
mod import;
mod key;
mod project;
mod query;
mod query_table;

use crate::{
    cli::{Cli, Command},
    serve,
};

pub(crate) use demo::fill_missing_demo;

pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => serve::run(args).await,
        Command::Config(args) => config::run(args),
        Command::Project(command) => project::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Import(command) => import::run(command).await,
        Command::Query(command) => query::run(command).await,
        Command::Demo(args) => demo::run(args).await,
    }
}
