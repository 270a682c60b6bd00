//! The commands. Each client command is a plain gRPC client: whatever it does, any other client can do.

mod conditions;
mod config;
mod demo;
mod import;
mod key;
mod key_settings;
mod project;
mod project_settings;
mod quarantine;
mod query;
mod query_table;
mod setup;
mod trace;

use crate::{
    cli::{Cli, Command},
    config::Role,
    roles, serve,
};

pub(crate) use demo::fill_missing_demo;

pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => serve::run(args).await,
        Command::Setup(args) => setup::run(args).await,
        Command::Collector(args) => roles::run(Role::Collector, args.into()).await,
        Command::Processor(args) => roles::run(Role::Processor, args.into()).await,
        Command::Gateway(args) => roles::run(Role::Gateway, args.into()).await,
        Command::Config(args) => config::run(args),
        Command::Project(command) => project::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Quarantine(command) => quarantine::run(command).await,
        Command::Trace(args) => trace::run(args).await,
        Command::Import(command) => import::run(command).await,
        Command::Query { command: Some(command), .. } => query::run(command).await,
        Command::Query { command: None, role } => roles::run(Role::Query, role.into()).await,
        Command::Demo(args) => demo::run(args).await,
    }
}
