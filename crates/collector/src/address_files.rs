//! What files tell about addresses: where they are, and which of them are in data centers. Both files are optional. They are read at
//! the start and again when they change.

mod datacenters;
mod geo;
mod watched;

use std::{net::IpAddr, path::PathBuf, sync::Once, time::Duration};

use self::{datacenters::Datacenters, geo::GeoDatabase, watched::Watched};

pub(crate) use self::geo::Place;

/// A changed file is read again within this.
const REFRESH: Duration = Duration::from_secs(60);

/// A file cannot be used. Nothing of its content is repeated.
#[derive(Debug, thiserror::Error)]
pub enum AddressFileError {
    /// It is not there or may not be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// It is no database of places.
    #[error("{path} is no MaxMind database (.mmdb) of countries or cities: {reason}")]
    NoGeoDatabase {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A line of it is no network.
    #[error(
        "line {line} of {path} is no network: write one a line, such as `203.0.113.0/24` or `2001:db8::/32`, comments after `#`"
    )]
    NoNetwork {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

/// The files about addresses. The default has none: no event gets a place, and no address is known to be in a data center.
pub struct AddressFiles {
    geo: Option<Watched<GeoDatabase>>,
    datacenters: Option<Watched<Datacenters>>,
    missed_datacenters: Once,
}

impl Default for AddressFiles {
    fn default() -> Self {
        Self { geo: None, datacenters: None, missed_datacenters: Once::new() }
    }
}

impl AddressFiles {
    /// Reads the files that are set: a database of places in the format of MaxMind, and a list of networks of data centers.
    ///
    /// # Errors
    /// When one that is set cannot be read or is something else.
    pub fn open(geo_file: Option<PathBuf>, datacenter_file: Option<PathBuf>) -> Result<Self, AddressFileError> {
        Ok(Self {
            geo: geo_file.map(Watched::open).transpose()?,
            datacenters: datacenter_file.map(Watched::open).transpose()?,
            missed_datacenters: Once::new(),
        })
    }

    /// What is known, in a line for whoever starts the server.
    pub fn summary(&self) -> String {
        let places = match &self.geo {
            Some(geo) => format!("events get a place by {}", geo.current().description()),
            None => "events get no country, as no `geo_file` is set".to_owned(),
        };
        let datacenters = match &self.datacenters {
            Some(networks) => format!("{} networks of data centers are known", networks.current().network_count()),
            None => "projects that filter data centers filter none, as no `datacenter_file` is set".to_owned(),
        };
        format!("{places}; {datacenters}")
    }

    /// Reads changed files again, for as long as this runs. A file that is no longer good is reported and the one before it stays in
    /// use.
    pub async fn keep_fresh(&self) {
        let mut ticks = tokio::time::interval(REFRESH);
        loop {
            ticks.tick().await;
            if let Some(geo) = &self.geo {
                geo.refresh().await;
            }
            if let Some(datacenters) = &self.datacenters {
                datacenters.refresh().await;
            }
        }
    }

    /// Where an address is, as far as is known.
    pub(crate) fn place_of(&self, address: IpAddr) -> Place {
        self.geo.as_ref().map(|geo| geo.current().place_of(address)).unwrap_or_default()
    }

    /// Whether an address is known to be in a data center.
    pub(crate) fn is_in_datacenter(&self, address: IpAddr) -> bool {
        match &self.datacenters {
            Some(datacenters) => datacenters.current().contains(address),
            None => {
                self.missed_datacenters.call_once(|| {
                    tracing::warn!("a project filters data centers, but none are known: set `datacenter_file`");
                });
                false
            }
        }
    }
}

impl std::fmt::Debug for AddressFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddressFiles({})", self.summary())
    }
}
