//! What a project chooses about the events that it counts.

use ipnet::IpNet;

use crate::event::named_enum;

/// The choices of a project about what it counts and how. The default counts all but known bots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestSettings {
    /// What to do with events of visitors who sent a privacy signal.
    pub consent: ConsentPolicy,
    /// How visitors are told apart.
    pub visitor_mode: VisitorMode,
    /// What to do with events from addresses of data centers.
    pub datacenters: DatacenterPolicy,
    /// The project's own networks, whose events are not counted.
    pub own_networks: Vec<IpNet>,
    /// Networks whose events are not counted.
    pub blocked_networks: Vec<IpNet>,
    /// Events whose user agent holds one of these texts, in whatever case, are not counted.
    pub blocked_user_agents: Vec<String>,
    /// Events of pages that match one of these are not counted; `*` stands for any text.
    pub blocked_pages: Vec<String>,
    /// Parameters of a page's query that stay part of the page.
    pub kept_query_parameters: Vec<String>,
}

named_enum! {
    /// What a project does with the events of somebody who objects.
    #[derive(Default)]
    ConsentPolicy {
        /// Count them, with neither visitor nor user.
        #[default]
        CountWithoutIds = "count_without_ids" = 1,
        /// Drop them; only the filter's own counter grows.
        Drop = "drop" = 2,
    }
}

named_enum! {
    /// How visitors are told apart. Coarser modes count several people as one visitor.
    #[derive(Default)]
    VisitorMode {
        /// By IPv4 address or IPv6 /64, and user agent.
        #[default]
        NetworkAndAgent = "network_and_agent" = 1,
        /// By IPv4 address or IPv6 /64 alone.
        Network = "network" = 2,
        /// By IPv4 /24 or IPv6 /48, and user agent.
        CoarseNetworkAndAgent = "coarse_network_and_agent" = 3,
        /// Not at all: each call counts as another visitor.
        RandomPerRequest = "random_per_request" = 4,
    }
}

named_enum! {
    /// What a project does with events from addresses of data centers.
    #[derive(Default)]
    DatacenterPolicy {
        /// Count them.
        #[default]
        Count = "count" = 1,
        /// Filter them.
        Filter = "filter" = 2,
    }
}

named_enum! {
    /// The rule by which an event was not counted.
    FilterRule {
        /// The user agent is that of a known bot.
        Bot = "bot" = 1,
        /// The visitor objects, and the project drops such events.
        Consent = "consent" = 2,
        /// The project blocks this address, agent or page.
        Blocked = "blocked" = 3,
        /// The address is one of the project's own.
        OwnTraffic = "own_traffic" = 4,
        /// The address is that of a data center, and the project does not count those.
        Datacenter = "datacenter" = 5,
    }
}
