//! `analytics key`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConnectArgs, FormatArgs, values};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one in a process")]
pub(crate) enum KeyCommand {
    /// Create a key and show its secret, this once.
    #[command(
        after_help = "Examples:\n  analytics key create --project web --scope ingest --display-name 'web site' --origin https://www.example.org\n  \
        analytics key create --project web --scope ingest --events-per-second 500\n  analytics key create --project web --scope query --expires-in 90d\n  \
        analytics key create --scope admin        # reaches all projects\n\n\
        Origins stop browsers only: programs send what origin they like."
    )]
    Create(CreateKeyArgs),
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
    /// Change what a key is for, from where and until when it works, and how much it may send. It holds within five seconds.
    #[command(
        after_help = "Examples:\n  analytics key update k3b9x2m1q7 --origin https://shop.example.org\n  analytics key update k3b9x2m1q7 --any-origin --events-per-second 0\n  \
        analytics key update k3b9x2m1q7 --expires-in 30d --display-name 'old site'\n  analytics key update k3b9x2m1q7 --never-expires"
    )]
    Update(UpdateKeyArgs),
    /// Replace a key: create one like it, and let the old one end a while later.
    #[command(
        after_help = "Examples:\n  analytics key rotate k3b9x2m1q7\n  analytics key rotate k3b9x2m1q7 --overlap 7d\n\n\
        Both work during the overlap. `key list` shows when the old one was last used."
    )]
    Rotate {
        /// Its id, as `key list` shows it.
        key: String,
        /// How long the old one goes on working, up to 90d.
        #[arg(long, value_name = "LENGTH", default_value = "24h", value_parser = values::length)]
        overlap: Duration,
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

#[derive(Debug, Args)]
pub(crate) struct CreateKeyArgs {
    /// The project that it belongs to; without one it reaches all.
    #[arg(long)]
    pub(crate) project: Option<String>,
    /// What it may do; may be repeated.
    #[arg(long = "scope", value_enum, required = true)]
    pub(crate) scopes: Vec<ScopeArg>,
    /// What it is for.
    #[arg(long, default_value = "")]
    pub(crate) display_name: String,
    /// An origin of pages from which it may be used, such as `https://www.example.org`; may be repeated. Without one, all.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// How long it works from now on, such as `90d`.
    #[arg(long, value_name = "LENGTH", value_parser = values::length, conflicts_with = "expire_time")]
    pub(crate) expires_in: Option<Duration>,
    /// When it stops working, such as `2027-01-31T12:00:00Z`.
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    pub(crate) expire_time: Option<jiff::Timestamp>,
    /// The most events in a second, on average, to one collector process.
    #[arg(long, value_name = "COUNT")]
    pub(crate) events_per_second: Option<u32>,
    /// The most bytes of messages in a second, on average, to one collector process.
    #[arg(long, value_name = "BYTES")]
    pub(crate) bytes_per_second: Option<u64>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateKeyArgs {
    /// Its id, as `key list` shows it.
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) settings: KeySettingArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// What can be changed; at least one.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct KeySettingArgs {
    /// What it is for.
    #[arg(long)]
    pub(crate) display_name: Option<String>,
    /// Add an origin of pages from which it may be used; may be repeated.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// Remove an origin. The last one cannot be removed so: --any-origin says what that means.
    #[arg(long = "remove-origin", value_name = "ORIGIN")]
    pub(crate) removed_origins: Vec<String>,
    /// Let it be used from every page.
    #[arg(long, conflicts_with_all = ["origins", "removed_origins"])]
    pub(crate) any_origin: bool,
    /// How long it works from now on, such as `90d`.
    #[arg(long, value_name = "LENGTH", value_parser = values::length, conflicts_with = "expire_time")]
    pub(crate) expires_in: Option<Duration>,
    /// When it stops working, such as `2027-01-31T12:00:00Z`.
    #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
    pub(crate) expire_time: Option<jiff::Timestamp>,
    /// Let it work until it is revoked.
    #[arg(long, conflicts_with_all = ["expires_in", "expire_time"])]
    pub(crate) never_expires: bool,
    /// The most events in a second, on average, to one collector process; 0 for no limit.
    #[arg(long, value_name = "COUNT")]
    pub(crate) events_per_second: Option<u32>,
    /// The most bytes of messages in a second, on average, to one collector process; 0 for no limit.
    #[arg(long, value_name = "BYTES")]
    pub(crate) bytes_per_second: Option<u64>,
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
