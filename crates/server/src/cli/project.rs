//! `analytics project`.

use std::time::Duration;

use clap::{ArgAction, Args, Subcommand, ValueEnum};

use super::{ConnectArgs, FormatArgs, values};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one in a process")]
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
    /// Show a project and its settings.
    #[command(after_help = "Examples:\n  analytics project show web\n  analytics project show web --json")]
    Show {
        /// Its name.
        name: String,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
    /// Change settings of a project. Collectors follow within five seconds; what was counted before stays as it is.
    #[command(
        after_help = "Examples:\n  analytics project update web --own-network 203.0.113.7 --own-network 2001:db8::/32\n  \
        analytics project update web --block-page '/intern/*' --block-agent UptimeRobot --unblock-network 198.51.100.0/24\n  \
        analytics project update web --clear kept-parameters --keep-parameter article\n  \
        analytics project update web --consent drop --visitor-mode coarse-network-and-agent --lateness 72h\n\n\
        Lists keep what is in them: each option adds or removes one item, and --clear empties a list before anything is added."
    )]
    Update(UpdateProjectArgs),
    /// Show how many events were taken, filtered and rejected on each day, and why.
    #[command(
        after_help = "Examples:\n  analytics project counts web\n  analytics project counts web --days 30 --json\n\nDays are those of the project's time zone; the last is today."
    )]
    Counts {
        /// Its name.
        name: String,
        /// How many days.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=400))]
        days: u16,
        #[command(flatten)]
        format: FormatArgs,
        #[command(flatten)]
        connect: ConnectArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct UpdateProjectArgs {
    /// Its name.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) settings: ProjectSettingArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// What can be changed; at least one.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct ProjectSettingArgs {
    /// The day on which its weeks begin.
    #[arg(long, value_enum)]
    pub(crate) week_start: Option<WeekStartArg>,
    /// How far back events may lie that are sent with an ingest key: 1m to 400d.
    #[arg(long, value_name = "LENGTH", value_parser = values::length)]
    pub(crate) lateness: Option<Duration>,
    /// What happens to events of visitors who sent a privacy signal (DNT or GPC).
    #[arg(long, value_enum)]
    pub(crate) consent: Option<ConsentArg>,
    /// How visitors are told apart. Coarser modes count several people as one visitor.
    #[arg(long, value_enum)]
    pub(crate) visitor_mode: Option<VisitorModeArg>,
    /// Do not count events from addresses of data centers, as far as the server knows them.
    #[arg(long, value_name = "BOOL", action = ArgAction::Set)]
    pub(crate) filter_datacenters: Option<bool>,
    /// Add one of the project's own networks, whose events are not counted: an address or a range; may be repeated.
    #[arg(long = "own-network", value_name = "NETWORK")]
    pub(crate) own_networks: Vec<String>,
    /// Remove one of the project's own networks.
    #[arg(long = "remove-own-network", value_name = "NETWORK")]
    pub(crate) removed_own_networks: Vec<String>,
    /// Block a network: an address or a range.
    #[arg(long = "block-network", value_name = "NETWORK")]
    pub(crate) blocked_networks: Vec<String>,
    /// Do not block a network any more.
    #[arg(long = "unblock-network", value_name = "NETWORK")]
    pub(crate) unblocked_networks: Vec<String>,
    /// Block the user agents that hold this text, in whatever case.
    #[arg(long = "block-agent", value_name = "TEXT")]
    pub(crate) blocked_agents: Vec<String>,
    /// Do not block a text of user agents any more.
    #[arg(long = "unblock-agent", value_name = "TEXT")]
    pub(crate) unblocked_agents: Vec<String>,
    /// Block the pages that match; `*` stands for any text. One that begins with a host is about that host's pages.
    #[arg(long = "block-page", value_name = "PATTERN")]
    pub(crate) blocked_pages: Vec<String>,
    /// Do not block a pattern of pages any more.
    #[arg(long = "unblock-page", value_name = "PATTERN")]
    pub(crate) unblocked_pages: Vec<String>,
    /// Keep a parameter of queries as part of the page, such as `article`.
    #[arg(long = "keep-parameter", value_name = "NAME")]
    pub(crate) kept_parameters: Vec<String>,
    /// Do not keep a parameter any more.
    #[arg(long = "drop-parameter", value_name = "NAME")]
    pub(crate) dropped_parameters: Vec<String>,
    /// Empty a list before anything is added to it; may be repeated.
    #[arg(long, value_enum, value_name = "LIST")]
    pub(crate) clear: Vec<SettingList>,
}

/// A setting that is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SettingList {
    OwnNetworks,
    BlockedNetworks,
    BlockedAgents,
    BlockedPages,
    KeptParameters,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum WeekStartArg {
    Monday,
    Sunday,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ConsentArg {
    /// Count them, with neither visitor nor user.
    CountWithoutIds,
    /// Do not count them.
    Drop,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum VisitorModeArg {
    /// By IPv4 address or IPv6 /64, and user agent.
    NetworkAndAgent,
    /// By IPv4 address or IPv6 /64 alone.
    Network,
    /// By IPv4 /24 or IPv6 /48, and user agent.
    CoarseNetworkAndAgent,
    /// Not at all: each call counts as another visitor.
    RandomPerRequest,
}
