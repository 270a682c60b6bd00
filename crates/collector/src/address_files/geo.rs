//! Places of addresses: a database in the format of MaxMind.

use std::{net::IpAddr, path::Path};

use maxminddb::Reader;
use serde::Deserialize;

use super::{AddressFileError, watched::FileContent};

/// No name of a region or a city is longer.
const MAX_NAME_BYTES: usize = 128;

/// Where an address is, as far as the database knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// An ISO 3166-1 alpha-2 code.
    pub(crate) country: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) city: Option<String>,
}

pub(super) struct GeoDatabase {
    reader: Reader<Vec<u8>>,
}

impl GeoDatabase {
    /// Its kind and when it was made, for people.
    pub(super) fn description(&self) -> String {
        let metadata = &self.reader.metadata();
        let made = jiff::Timestamp::from_second(metadata.build_epoch.try_into().unwrap_or(0)).unwrap_or_default();
        format!("a database of type {} of {}", metadata.database_type, made.strftime("%Y-%m-%d"))
    }

    pub(super) fn place_of(&self, address: IpAddr) -> Place {
        let address = address.to_canonical();
        if is_of_documents(address) {
            return Place::default();
        }
        // What cannot be looked up, such as an IPv6 address in a database of IPv4, is not known.
        let found = self.reader.lookup(address);
        found.ok().and_then(|found| found.decode::<Record>().ok().flatten()).map(Record::place).unwrap_or_default()
    }
}

/// The ranges for documents (RFC 5737, 3849 and 9637) belong to nobody and are nowhere, though some databases put them where their
/// registry is.
fn is_of_documents(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_documentation(),
        IpAddr::V6(v6) => matches!(v6.segments(), [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..]),
    }
}

impl FileContent for GeoDatabase {
    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, AddressFileError> {
        let no_database = |reason: String| AddressFileError::NoGeoDatabase { path: path.to_owned(), reason };
        let database = Self { reader: Reader::from_source(bytes).map_err(|error| no_database(error.to_string()))? };
        let kind = database.reader.metadata().database_type.to_lowercase();
        if kind.contains("asn") && !kind.contains("country") || kind.contains("isp") {
            return Err(no_database(format!("it is of type {}", database.reader.metadata().database_type)));
        }
        Ok(database)
    }
}

/// What databases keep of an address: names in many languages in those of MaxMind and DB-IP, plain texts in others.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country: Option<Country<'a>>,
    country_code: Option<&'a str>,
    subdivisions: Option<Vec<Named<'a>>>,
    state1: Option<&'a str>,
    #[serde(borrow)]
    city: Option<City<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    names: Option<Names<'a>>,
}

#[derive(Deserialize)]
struct Names<'a> {
    en: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum City<'a> {
    Plain(&'a str),
    #[serde(borrow)]
    Named(Named<'a>),
}

impl Named<'_> {
    fn name(&self) -> Option<&str> {
        self.names.as_ref()?.en
    }
}

impl Record<'_> {
    fn place(self) -> Place {
        let country = self.country_code.or(self.country.and_then(|country| country.iso_code));
        let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        let region = self.state1.or_else(|| self.subdivisions.as_ref()?.first()?.name());
        let city = match &self.city {
            Some(City::Plain(name)) => Some(*name),
            Some(City::Named(named)) => named.name(),
            None => None,
        };
        Place {
            country: country.filter(is_code).map(str::to_ascii_uppercase),
            region: region.and_then(kept_name),
            city: city.and_then(kept_name),
        }
    }
}

fn kept_name(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.contains('\0')).then(|| name.to_owned())
}
