//! What can be typed. The help of each command shows how it is used.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Self-hosted, privacy-first analytics with a gRPC contract.
#[derive(Debug, Parser)]
#[command(name = "analytics", version, max_term_width = 120, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every role in one process over an embedded store.
    #[command(
        after_help = "Examples:\n  analytics serve\n  analytics serve --data-dir /var/lib/analytics --listen 0.0.0.0:4000\n  \
        ANALYTICS_LOG_FORMAT=json analytics serve --config analytics.toml\n\nThe first start writes an admin key to DATA_DIR/admin-key (mode 0600)."
    )]
    Serve(ServeArgs),
    /// Show the effective configuration of `serve`, without secrets, and where each value comes from.
    #[command(after_help = "Examples:\n  analytics config\n  analytics config --config analytics.toml --json")]
    Config(ConfigArgs),
    /// Create and list projects.
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Import history: access logs and event files.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Ask for totals, trends and breakdowns.
    #[command(subcommand)]
    Query(QueryCommand),
    /// Fill a project with realistic made-up events.
    #[command(
        after_help = "Examples:\n  analytics demo\n  analytics demo --project shop --days 30 --seed 7\n\nThe same seed and last day give the same events: a second run stores nothing new."
    )]
    Demo(DemoArgs),
}

/// Settings of the server. Each can also stand in the file or in the environment as `ANALYTICS_` and its name.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SettingFlags {
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE", env = "ANALYTICS_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Where the store lives [default: data].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<String>,
    /// The address that serves gRPC, grpc-web and the page [default: 127.0.0.1:4000].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// The address that serves health, readiness and metrics [default: 127.0.0.1:4002].
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

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
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

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// Create a project.
    #[command(
        after_help = "Examples:\n  analytics project create web --time-zone Europe/Berlin\n  analytics project create shop --time-zone America/New_York --week-start sunday"
    )]
    Create {
        /// Its name: a letter, then letters, digits and hyphens.
        name: String,
        /// The IANA time zone in which its days begin and end. It cannot change later.
        #[arg(long, value_name = "ZONE")]
        time_zone: String,
        /// The day on which its weeks begin.
        #[arg(long, value_enum, default_value_t = WeekStartArg::Monday)]
        week_start: WeekStartArg,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// List projects.
    #[command(after_help = "Examples:\n  analytics project list\n  analytics project list --json")]
    List {
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum WeekStartArg {
    Monday,
    Sunday,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Create a key and show its secret, this once.
    #[command(
        after_help = "Examples:\n  analytics key create --project web --scope ingest --display-name 'web site'\n  analytics key create --project web --scope query\n  analytics key create --scope admin        # reaches all projects"
    )]
    Create {
        /// The project that it belongs to; without one it reaches all.
        #[arg(long)]
        project: Option<String>,
        /// What it may do; may be repeated.
        #[arg(long = "scope", value_enum, required = true)]
        scopes: Vec<ScopeArg>,
        /// What it is for.
        #[arg(long, default_value = "")]
        display_name: String,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// List keys, newest first, without their secrets.
    #[command(after_help = "Examples:\n  analytics key list\n  analytics key list --project web")]
    List {
        /// Only keys of this project.
        #[arg(long)]
        project: Option<String>,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// End a key for good, within five seconds.
    #[command(after_help = "Examples:\n  analytics key revoke k3b9x2m1q7")]
    Revoke {
        /// Its id, as `key list` shows it.
        key: String,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeArg {
    /// Send events as oneself; no secret.
    Ingest,
    /// Ask queries.
    Query,
    /// Send history, and events on behalf of others.
    Import,
    /// Manage projects and keys.
    Admin,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Import access logs in the common or combined format, plain or gzip.
    #[command(
        after_help = "Examples:\n  analytics import access-log access.log --project web\n  analytics import access-log access.log.*.gz access.log --project web --include-bots\n\n\
        Successful GET requests become views, but for files that belong to pages; downloads become the event `file_download`.\n\
        An import can be repeated or gone on with after an interruption: nothing is stored twice."
    )]
    AccessLog {
        /// The files; all of them together are one import.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The project.
        #[arg(long)]
        project: String,
        /// Count known bots too.
        #[arg(long)]
        include_bots: bool,
        /// How long to wait for a server that does not answer or takes nothing, in seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        patience: u64,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Import events from NDJSON: one `analytics.v1.Event` in proto3 JSON a line.
    #[command(
        after_help = "Examples:\n  analytics import events events.ndjson --project web\n  zcat events.ndjson.gz | analytics import events - --project web\n\n\
        A line: {\"eventId\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"occurredAt\":\"2024-06-14T09:30:00Z\",\"kind\":\"EVENT_KIND_VIEW\",\n\
        \"url\":\"https://example.com/pricing\",\"client\":{\"ipAddress\":\"192.0.2.1\",\"userAgent\":\"Mozilla/5.0 …\"}}"
    )]
    Events {
        /// The files; `-` is standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The project.
        #[arg(long)]
        project: String,
        /// Count known bots too.
        #[arg(long)]
        include_bots: bool,
        /// How long to wait for a server that does not answer or takes nothing, in seconds.
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        patience: u64,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The project; it is created when it does not exist.
    #[arg(long, default_value = "demo")]
    pub(crate) project: String,
    /// The time zone of the project when it is created.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Berlin")]
    pub(crate) time_zone: String,
    /// How many days, the last being today.
    #[arg(long, default_value_t = 60)]
    pub(crate) days: u32,
    /// Other seeds make other events.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How much traffic, as a factor.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) scale: f64,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Metrics over the whole range.
    #[command(
        after_help = "Examples:\n  analytics query totals --project web --from 2015-05-17 --to 2015-05-21\n  analytics query totals --project web --from 2024-06-01 --to 2024-07-01 --metric sessions --metric bounce_rate --where browser=Firefox"
    )]
    Totals(QueryArgs),
    /// Metrics for each minute, hour, day, week or month.
    #[command(
        after_help = "Examples:\n  analytics query trend --project web --from 2015-05-17 --to 2015-05-21\n  analytics query trend --project web --from 2015-05-17 --to 2015-05-18 --unit hour --metric views"
    )]
    Trend {
        #[command(flatten)]
        query: QueryArgs,
        /// The length of a bucket.
        #[arg(long, value_enum, default_value_t = UnitArg::Day)]
        unit: UnitArg,
    },
    /// Metrics for each value of a dimension, the highest first.
    #[command(
        after_help = "Examples:\n  analytics query breakdown --project web --from 2015-05-17 --to 2015-05-21 --by page\n  analytics query breakdown --project web --from 2015-05-17 --to 2015-05-21 --by referrer --by browser --limit 20\n  analytics query breakdown --project shop --from 2024-06-01 --to 2024-07-01 --by property.plan --metric events --where name=signup"
    )]
    Breakdown {
        #[command(flatten)]
        query: QueryArgs,
        /// A dimension, such as `page`, `referrer` or `property.NAME`; up to three.
        #[arg(long = "by", required = true, value_name = "DIMENSION")]
        by: Vec<String>,
        /// At most so many rows; the rest is one more.
        #[arg(long, default_value_t = 10)]
        limit: i32,
    },
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// The project.
    #[arg(long)]
    pub(crate) project: String,
    /// The first day, YYYY-MM-DD, or an instant such as 2015-05-17T10:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: String,
    /// The day after the last, or an instant: it does not belong to the range.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: String,
    /// The time zone of days and buckets; the project's by default.
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Answer as if it were this instant; now by default.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) as_of: Option<String>,
    /// A metric: events, views, visitors, users, sessions, bounce_rate, engagement_rate, session_duration or views_per_session;
    /// may be repeated. Without one, those that usually matter.
    #[arg(long = "metric", value_name = "METRIC")]
    pub(crate) metrics: Vec<String>,
    /// A condition, such as `page=/pricing`, `page^=/blog/` (starts with), `referrer*=google` (contains), `page=~/blog/*/comments`
    /// (wildcard), `utm_source!=ads`, `property.price>=10`, `referrer?` (exists) or `!referrer?`; may be repeated, and all must hold.
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) conditions: Vec<String>,
    /// A whole filter tree as proto3 JSON of `analytics.v1.Filter`.
    #[arg(long, value_name = "JSON")]
    pub(crate) filter: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum UnitArg {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}
