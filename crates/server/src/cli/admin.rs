//! `analytics project` and `analytics key`.

use clap::{Subcommand, ValueEnum};

use super::{ConnectArgs, FormatArgs};

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
