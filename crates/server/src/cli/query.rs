//! `analytics query`.

use clap::{Args, Subcommand, ValueEnum};

use super::{ConnectArgs, FormatArgs};

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
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..))]
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
