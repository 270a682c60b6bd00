//! `analytics quarantine` and `analytics trace`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ConnectArgs, FormatArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    /// List what the store refuses, oldest first.
    #[command(
        after_help = "Examples:\n  analytics quarantine list\n  analytics quarantine list --project web --limit 20 --json"
    )]
    List {
        /// Only events of this project. Without one also records that cannot be read, for a key that reaches all projects.
        #[arg(long)]
        project: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Show one, and why it could not be stored.
    #[command(
        after_help = "Examples:\n  analytics quarantine show 7\n  analytics quarantine show 7 --json | jq -r .record | base64 -d > record"
    )]
    Show {
        /// Its number, as `quarantine list` shows it.
        number: String,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Write all of it as NDJSON: one `analytics.v1.QuarantinedEvent` a line, its record byte for byte in base64.
    #[command(
        after_help = "Examples:\n  analytics quarantine export > quarantine.ndjson\n  analytics quarantine export --project web --output quarantine.ndjson"
    )]
    Export {
        /// Only events of this project.
        #[arg(long)]
        project: Option<String>,
        /// The file to write, which only its owner may read; standard output without one.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Try to store events again. Those that are stored, now or since before, leave the quarantine.
    #[command(
        after_help = "Examples:\n  analytics quarantine replay 7 9\n  analytics quarantine replay --all --project web\n\nThe exit code is 1 when some are still refused."
    )]
    Replay(ChosenArgs),
    /// Throw events away, for good: export them first.
    #[command(
        after_help = "Examples:\n  analytics quarantine delete 7 9\n  analytics quarantine delete --all --project web"
    )]
    Delete(ChosenArgs),
}

/// Those that a command is about.
#[derive(Debug, Args)]
pub(crate) struct ChosenArgs {
    /// Their numbers, as `quarantine list` shows them.
    #[arg(value_name = "NUMBER", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) numbers: Vec<String>,
    /// All that are there now.
    #[arg(long)]
    pub(crate) all: bool,
    /// With --all, only those of this project.
    #[arg(long, requires = "all")]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    /// The event's id, a UUID.
    pub(crate) event_id: String,
    /// The project. May be left out with a key that belongs to one.
    #[arg(long)]
    pub(crate) project: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}
