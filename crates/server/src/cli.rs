//! What can be typed. The help of each command shows how it is used.

mod import;
mod key;
mod project;
mod quarantine;
mod query;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Role;

pub(crate) use import::{DemoArgs, ImportArgs, ImportCommand};
pub(crate) use key::{CreateKeyArgs, KeyCommand, KeySettingArgs, ScopeArg};
pub(crate) use project::{ConsentArg, ProjectCommand, ProjectSettingArgs, SettingList, VisitorModeArg, WeekStartArg};
pub(crate) use quarantine::{ChosenArgs, QuarantineCommand, TraceArgs};
pub(crate) use query::{QueryArgs, QueryCommand, UnitArg};

/// Self-hosted, privacy-first analytics with a gRPC contract.
#[derive(Debug, Parser)]
#[command(name = "analytics", version, max_term_width = 120, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one in a process")]
pub(crate) enum Command {
    /// Run every role in one process over an embedded store.
    #[command(
        after_help = "Examples:\n  analytics serve\n  analytics serve --data-dir /var/lib/analytics --listen 0.0.0.0:4000\n  \
        ANALYTICS_LOG_FORMAT=json analytics serve --config analytics.toml\n\nThe first start writes an admin key to DATA_DIR/admin-key (mode 0600)."
    )]
    Serve(ServeArgs),
    /// Prepare a TimescaleDB for separate services: its tables, and the first admin key.
    #[command(
        after_help = "Examples:\n  analytics setup --set database_url=postgres://postgres@127.0.0.1/analytics --admin-key-file admin-key\n  \
        ANALYTICS_DATABASE_URL=postgres://analytics:PASSWORD@db.example.com/analytics analytics setup\n\nIt can be repeated: what is there stays as it is."
    )]
    Setup(SetupArgs),
    /// Run a collector: takes events into the log. Separate services, over TimescaleDB and Redis.
    #[command(
        after_help = "Examples:\n  analytics collector --config analytics.toml\n  ANALYTICS_DATABASE_URL=… ANALYTICS_REDIS_URL=… ANALYTICS_EPHEMERAL_REDIS_URL=… analytics collector --set secret_file=secret\n\n\
        Needs database_url, redis_url, ephemeral_redis_url and secret_file, and behind a gateway its address in trusted_proxies."
    )]
    Collector(RoleArgs),
    /// Run a processor: stores what is in the log, and keeps day segments fresh.
    #[command(
        after_help = "Examples:\n  analytics processor --config analytics.toml\n\nNeeds database_url and redis_url. Several share the work."
    )]
    Processor(ProcessorArgs),
    /// Run a gateway: the one address for every client, in front of collectors and query services.
    #[command(
        after_help = "Examples:\n  analytics gateway --listen 0.0.0.0:4000\n  analytics gateway --set collector_urls=http://10.0.0.5:4001,http://10.0.0.6:4001 --set query_urls=http://10.0.0.7:4003"
    )]
    Gateway(RoleArgs),
    /// Show the effective configuration of a server, without secrets, and where each value comes from.
    #[command(
        after_help = "Examples:\n  analytics config\n  analytics config --role collector --config analytics.toml --json"
    )]
    Config(ConfigArgs),
    /// Create and list projects, change their settings, and count what they take.
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Create, list, change, rotate and revoke API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// See, export, replay and delete the events that were acknowledged and that the store refuses.
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Show what happened to an event within the last 24 hours, and where it is stored.
    #[command(
        after_help = "Examples:\n  analytics trace 0190163d-8694-739b-aea5-966c26f8ad91 --project web\n  analytics trace 0190163d-8694-739b-aea5-966c26f8ad91 --project web --json\n\n\
        The exit code is 1 when nothing is known of it."
    )]
    Trace(TraceArgs),
    /// Import history: access logs and event files.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Ask for totals, trends and breakdowns; alone, run a query service over TimescaleDB.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  analytics query totals --project web --from 2026-01-01 --to 2026-02-01\n  analytics query --config analytics.toml        # runs a query service: questions, projects and keys; needs database_url"
    )]
    Query {
        #[command(subcommand)]
        command: Option<QueryCommand>,
        #[command(flatten)]
        role: RoleArgs,
    },
    /// Fill a project with realistic made-up events.
    #[command(
        after_help = "Examples:\n  analytics demo\n  analytics demo --project shop --days 30 --seed 7\n\nThe same seed and last day give the same events: a second run stores nothing new."
    )]
    Demo(DemoArgs),
}

/// Settings of every server. Each can also stand in the file or in the environment as `ANALYTICS_` and its name.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CommonFlags {
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE", env = "ANALYTICS_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The address of health, readiness and metrics [default: 127.0.0.1 and port 4002; gateway 4100, collector 4101, query 4103].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) management_listen: Option<String>,
    /// How logs are written: pretty or json [default: pretty].
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
    /// What is logged, such as `info` or `info,analytics_engine=debug` [default: info].
    #[arg(long, value_name = "FILTER")]
    pub(crate) log_filter: Option<String>,
    /// Any setting by its name, such as `--set cache_bytes=536870912`; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Settings of `serve`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SettingFlags {
    #[command(flatten)]
    pub(crate) common: CommonFlags,
    /// Where the embedded store lives [default: data].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<String>,
    /// The address that serves gRPC, grpc-web and the page [default: 127.0.0.1:4000].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: SettingFlags,
    /// Fill the project `demo` with made-up events up to now.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Print the page's address with a query key in it, even where the output is no terminal.
    #[arg(long)]
    pub(crate) show_page_link: bool,
}

/// A server of one role.
#[derive(Debug, Args)]
pub(crate) struct RoleArgs {
    #[command(flatten)]
    common: CommonFlags,
    /// The address that serves gRPC [default: 127.0.0.1 and port 4000; collector 4001, query 4003].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

impl From<RoleArgs> for SettingFlags {
    fn from(role: RoleArgs) -> Self {
        Self { common: role.common, listen: role.listen, data_dir: None }
    }
}

/// A server without services.
#[derive(Debug, Args)]
pub(crate) struct ProcessorArgs {
    #[command(flatten)]
    common: CommonFlags,
}

impl From<ProcessorArgs> for SettingFlags {
    fn from(processor: ProcessorArgs) -> Self {
        Self { common: processor.common, listen: None, data_dir: None }
    }
}

#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    #[command(flatten)]
    pub(crate) common: CommonFlags,
    /// Write the first admin key to this file (mode 0600) instead of showing it once; a key that is in it already is kept.
    #[arg(long, value_name = "FILE")]
    pub(crate) admin_key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    Serve,
    Collector,
    Processor,
    Query,
    Gateway,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Serve => Self::Serve,
            RoleArg::Collector => Self::Collector,
            RoleArg::Processor => Self::Processor,
            RoleArg::Query => Self::Query,
            RoleArg::Gateway => Self::Gateway,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The server whose settings are shown.
    #[arg(long, value_enum, default_value_t = RoleArg::Serve)]
    pub(crate) role: RoleArg,
    #[command(flatten)]
    pub(crate) settings: SettingFlags,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

/// Where the server is and by which key to call it.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConnectArgs {
    /// The server's address.
    #[arg(long, value_name = "URL", env = "ANALYTICS_ENDPOINT", default_value = "http://127.0.0.1:4000")]
    pub(crate) endpoint: String,
    /// Authorities in PEM that are trusted beside the usual ones, for an address that begins with `https://`.
    #[arg(long, value_name = "FILE", env = "ANALYTICS_CA_FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The data directory of a server on this machine, whose admin key is used when ANALYTICS_API_KEY is not set.
    #[arg(long, value_name = "DIR", env = "ANALYTICS_DATA_DIR", default_value = "data")]
    pub(crate) data_dir: PathBuf,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct FormatArgs {
    /// Print JSON for machines.
    #[arg(long)]
    pub(crate) json: bool,
}
