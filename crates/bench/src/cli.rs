//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{ingest::peer, version_index};

/// Measures the reports against DuckDB, and storing against COPY, on the same rows, in one run
///
/// Generated events are stored, folded into day segments and copied into a DuckDB table: embedded (SQLite and files) and in production
/// (TimescaleDB). Each question is put to all in turn, on all cores; the answers must be equal. Before, a backlog in Redis is stored by
/// the processor, beside a plain binary COPY of the same rows, and real processes take events from clients. Tables go to standard output,
/// the whole report to report.json.
///
/// Servers are those of DATABASE_URL and REDIS_URL, or those that `make servers` started. Databases and keys of its own are removed again.
///
/// It fails when answers differ. A goal that is missed is shown, and no failure: times depend on the machine.
#[derive(Debug, Parser)]
#[command(name = "analytics-bench", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) part: Option<Part>,
    #[command(flatten)]
    pub(crate) options: Options,
}

const EXAMPLES: &str = "Examples:
  analytics-bench --python .cache/bench/bin/python
  analytics-bench --python .cache/bench/bin/python --events 1000000 --runs 15
  analytics-bench --python .cache/bench/bin/python --events 100000 --json | jq '.sizes[0].questions[].warm.ratio'

`make bench` installs DuckDB, starts servers, builds this program and runs it; `make bench EVENTS=1000000` does with one number of events.";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many events, over 30 days; several numbers, joined by commas, are measured one after the other
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1000000,10000000",
        value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) events: Vec<u64>,

    /// How often each question is put to each side with warm caches; the median counts
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,

    /// The same number gives the same events
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Where report.json goes. Its folder `work` is emptied first and last; 10 million events need some 10 GB there
    #[arg(long, value_name = "DIR", default_value = "bench-out")]
    pub(crate) out: PathBuf,

    /// A Python that has the package `duckdb`
    #[arg(long, value_name = "PATH", default_value = "python3")]
    pub(crate) python: PathBuf,

    /// The release binary of the product, whose processes take events
    #[arg(long, value_name = "PATH", default_value = "target/release/analytics")]
    pub(crate) binary: PathBuf,

    /// Print the report as JSON instead of the table
    #[arg(long)]
    pub(crate) json: bool,
}

/// How to measure taking events.
#[derive(Debug, Args)]
pub(crate) struct IngestOptions {
    /// The same number gives the same events
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// The release binary of the product, whose processes take events
    #[arg(long, value_name = "PATH", default_value = "target/release/analytics")]
    pub(crate) binary: PathBuf,

    /// Print the report as JSON instead of the table
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Part {
    /// Answer requests on standard input from a store: the side of ours that is measured
    #[command(hide = true, subcommand)]
    Engine(Place),
    /// Measure, on the server of DATABASE_URL, which index serves reading what is new in a day
    VersionIndex(version_index::Options),
    /// Measure taking events only: collectors beside servers that do the least, end to end beside COPY, and memory
    Ingest(IngestOptions),
    /// Serve as one of the servers beside which collectors are measured
    #[command(hide = true)]
    Peer(peer::PeerOptions),
}

/// Where the store is.
#[derive(Debug, Subcommand)]
pub(crate) enum Place {
    /// The embedded one.
    Embedded {
        /// Its data directory.
        data_dir: PathBuf,
    },
    /// The production one.
    Production {
        /// Its database. In the environment, for it may hold a password.
        #[arg(env = "DATABASE_URL", hide_env_values = true)]
        database_url: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_events_come_one_by_one_or_joined_and_none_is_zero() {
        let events = |arguments: &[&str]| {
            let arguments = std::iter::once("analytics-bench").chain(arguments.iter().copied());
            Cli::try_parse_from(arguments).map(|cli| cli.options.events).map_err(|error| error.kind())
        };
        assert_eq!(events(&[]), Ok(vec![1_000_000, 10_000_000]));
        assert_eq!(events(&["--events", "5,6", "--events", "7"]), Ok(vec![5, 6, 7]));
        assert_eq!(events(&["--events", "0"]), Err(clap::error::ErrorKind::ValueValidation));
    }
}
