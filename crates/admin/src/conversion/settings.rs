//! How a project's events are taken.

use std::net::IpAddr;

use analytics_domain::{ConsentPolicy, DatacenterPolicy, IngestSettings, VisitorMode};
use analytics_proto::v1;
use analytics_rpc::RpcError;
use ipnet::{IpNet, Ipv4Net};

/// Puts one field of the settings in its place.
pub(crate) type IngestChange = Box<dyn FnOnce(&mut IngestSettings) + Send>;

/// A field of the settings that can be changed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IngestField {
    ConsentPolicy,
    VisitorMode,
    FilterDatacenters,
    OwnNetworks,
    BlockedNetworks,
    BlockedUserAgents,
    BlockedPages,
    KeptQueryParameters,
}

impl IngestField {
    pub(super) const ALL: [Self; 8] = [
        Self::ConsentPolicy,
        Self::VisitorMode,
        Self::FilterDatacenters,
        Self::OwnNetworks,
        Self::BlockedNetworks,
        Self::BlockedUserAgents,
        Self::BlockedPages,
        Self::KeptQueryParameters,
    ];

    /// The field of this name in the contract.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::ConsentPolicy => "consent_policy",
            Self::VisitorMode => "visitor_mode",
            Self::FilterDatacenters => "filter_datacenters",
            Self::OwnNetworks => "own_networks",
            Self::BlockedNetworks => "blocked_networks",
            Self::BlockedUserAgents => "blocked_user_agents",
            Self::BlockedPages => "blocked_pages",
            Self::KeptQueryParameters => "kept_query_parameters",
        }
    }
}

/// The change that gives one field its value of `wanted`.
///
/// # Errors
/// Names the path of what no event could ever meet.
pub(super) fn change_of(field: IngestField, wanted: &v1::IngestSettings) -> Result<IngestChange, RpcError> {
    let path = |index: usize| format!("project.ingest_settings.{}[{index}]", field.name());
    let change: IngestChange = match field {
        IngestField::ConsentPolicy => {
            let consent = match wanted.consent_policy() {
                v1::ConsentPolicy::Unspecified | v1::ConsentPolicy::CountWithoutIds => ConsentPolicy::CountWithoutIds,
                v1::ConsentPolicy::Drop => ConsentPolicy::Drop,
            };
            Box::new(move |settings| settings.consent = consent)
        }
        IngestField::VisitorMode => {
            let visitor_mode = visitor_mode_of(wanted.visitor_mode());
            Box::new(move |settings| settings.visitor_mode = visitor_mode)
        }
        IngestField::FilterDatacenters => {
            let filters = wanted.filter_datacenters;
            let datacenters = if filters { DatacenterPolicy::Filter } else { DatacenterPolicy::Count };
            Box::new(move |settings| settings.datacenters = datacenters)
        }
        IngestField::OwnNetworks => {
            let networks = each(&wanted.own_networks, path, network_of)?;
            Box::new(move |settings| settings.own_networks = networks)
        }
        IngestField::BlockedNetworks => {
            let networks = each(&wanted.blocked_networks, path, network_of)?;
            Box::new(move |settings| settings.blocked_networks = networks)
        }
        IngestField::BlockedUserAgents => {
            let agents = each(&wanted.blocked_user_agents, path, agent_of)?;
            Box::new(move |settings| settings.blocked_user_agents = agents)
        }
        IngestField::BlockedPages => {
            let pages = each(&wanted.blocked_pages, path, page_of)?;
            Box::new(move |settings| settings.blocked_pages = pages)
        }
        IngestField::KeptQueryParameters => {
            let parameters = each(&wanted.kept_query_parameters, path, parameter_of)?;
            Box::new(move |settings| settings.kept_query_parameters = parameters)
        }
    };
    Ok(change)
}

/// Reads each item; what stands twice is kept once.
fn each<T: PartialEq>(
    items: &[String],
    path: impl Fn(usize) -> String,
    read: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Vec<T>, RpcError> {
    let mut taken = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let item = read(item).map_err(|problem| RpcError::invalid_field(path(index), problem))?;
        if !taken.contains(&item) {
            taken.push(item);
        }
    }
    Ok(taken)
}

fn network_of(text: &str) -> Result<IpNet, &'static str> {
    const FORM: &str =
        "is no network: write an address such as `203.0.113.7`, or a range such as `203.0.113.0/24` or `2001:db8::/32`";
    let network = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => text.parse::<IpNet>().map_err(|_| FORM)?.trunc(),
    };
    // Senders' addresses are compared in the shorter form.
    Ok(match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.network().to_ipv4_mapped() {
            Some(v4) => IpNet::V4(Ipv4Net::new(v4, v6.prefix_len() - 96).map_err(|_| FORM)?),
            None => network,
        },
        _ => network,
    })
}

fn agent_of(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("is blank, which every user agent holds: write a part of those to block");
    }
    Ok(text.to_owned())
}

fn page_of(text: &str) -> Result<String, &'static str> {
    if text.contains("://") || text.trim() != text || !text.contains(['/', '*']) {
        return Err("matches no page: begin with `/`, as in `/intern/*`, or with a host, as in `intern.example.org/*`");
    }
    Ok(text.to_owned())
}

fn parameter_of(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() || text.contains(|c: char| c.is_control() || "&=#?".contains(c)) {
        return Err("is no name of a parameter: write the part before `=`, such as `article`");
    }
    Ok(text.to_owned())
}

fn visitor_mode_of(mode: v1::VisitorMode) -> VisitorMode {
    match mode {
        v1::VisitorMode::Unspecified | v1::VisitorMode::NetworkAndAgent => VisitorMode::NetworkAndAgent,
        v1::VisitorMode::Network => VisitorMode::Network,
        v1::VisitorMode::CoarseNetworkAndAgent => VisitorMode::CoarseNetworkAndAgent,
        v1::VisitorMode::RandomPerRequest => VisitorMode::RandomPerRequest,
    }
}

pub(super) fn to_wire(settings: &IngestSettings) -> v1::IngestSettings {
    v1::IngestSettings {
        consent_policy: match settings.consent {
            ConsentPolicy::CountWithoutIds => v1::ConsentPolicy::CountWithoutIds,
            ConsentPolicy::Drop => v1::ConsentPolicy::Drop,
        }
        .into(),
        visitor_mode: match settings.visitor_mode {
            VisitorMode::NetworkAndAgent => v1::VisitorMode::NetworkAndAgent,
            VisitorMode::Network => v1::VisitorMode::Network,
            VisitorMode::CoarseNetworkAndAgent => v1::VisitorMode::CoarseNetworkAndAgent,
            VisitorMode::RandomPerRequest => v1::VisitorMode::RandomPerRequest,
        }
        .into(),
        filter_datacenters: settings.datacenters == DatacenterPolicy::Filter,
        own_networks: settings.own_networks.iter().map(network_text).collect(),
        blocked_networks: settings.blocked_networks.iter().map(network_text).collect(),
        blocked_user_agents: settings.blocked_user_agents.clone(),
        blocked_pages: settings.blocked_pages.clone(),
        kept_query_parameters: settings.kept_query_parameters.clone(),
    }
}

/// A single address without its length.
fn network_text(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}
