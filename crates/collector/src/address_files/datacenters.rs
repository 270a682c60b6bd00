//! Networks of data centers: a text file with one a line.

use std::{net::IpAddr, path::Path};

use ipnet::IpNet;

use super::{AddressFileError, watched::FileContent};
use crate::network_set::NetworkSet;

pub(super) struct Datacenters {
    networks: NetworkSet,
    network_count: usize,
}

impl Datacenters {
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        self.networks.contains(address)
    }

    /// As many as the file has lines with one.
    pub(super) fn network_count(&self) -> usize {
        self.network_count
    }
}

impl FileContent for Datacenters {
    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, AddressFileError> {
        let text = String::from_utf8_lossy(&bytes);
        let mut networks = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let written = line.split('#').next().unwrap_or_default().trim();
            if !written.is_empty() {
                let network = network_of(written)
                    .ok_or_else(|| AddressFileError::NoNetwork { path: path.to_owned(), line: index + 1 })?;
                networks.push(network);
            }
        }
        Ok(Self { network_count: networks.len(), networks: networks.into_iter().collect() })
    }
}

/// A network, or a single address.
fn network_of(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
