//! `analytics import` and `analytics demo`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{ConnectArgs, FormatArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Import access logs in the common or combined format, plain or gzip.
    #[command(
        after_help = "Examples:\n  analytics import access-log access.log --project web\n  analytics import access-log access.log.*.gz access.log --project web --include-bots\n\n\
        Successful GET requests become views, but for files that belong to pages; downloads become the event `file_download`.\n\
        An import can be repeated or gone on with after an interruption: nothing is stored twice."
    )]
    AccessLog(ImportArgs),
    /// Import events from NDJSON: one `analytics.v1.Event` in proto3 JSON a line.
    #[command(
        after_help = "Examples:\n  analytics import events events.ndjson --project web\n  zcat events.ndjson.gz | analytics import events - --project web\n\n\
        A line: {\"eventId\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"occurredAt\":\"2024-06-14T09:30:00Z\",\"kind\":\"EVENT_KIND_VIEW\",\n\
        \"url\":\"https://example.com/pricing\",\"client\":{\"ipAddress\":\"192.0.2.1\",\"userAgent\":\"Mozilla/5.0 …\"}}"
    )]
    Events(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The files; all of them together are one import. `-` is standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The project.
    #[arg(long)]
    pub(crate) project: String,
    /// Count known bots too.
    #[arg(long)]
    pub(crate) include_bots: bool,
    /// How long to wait for a server that does not answer or takes nothing, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) patience: u64,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
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
