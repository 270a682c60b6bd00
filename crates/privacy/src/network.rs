//! The part of an address that tells visitors apart.

use std::{fmt, net::IpAddr};

/// What of an address takes part in the visitor hash: the whole of an IPv4 address, or the first 64 bits of an IPv6 one, because one
/// household or one phone moves freely inside its /64. An IPv4-mapped IPv6 address is the IPv4 address: the same visitor reaches a
/// dual-stack and a plain listener.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    V4([u8; 4]),
    V4Prefix24([u8; 3]),
    V6Prefix64([u8; 8]),
    V6Prefix48([u8; 6]),
}

impl Network {
    /// The coarser network, which many households share: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
    pub fn coarse(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self(Kind::V4Prefix24([a, b, c]))
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, ..] = v6.octets();
                Self(Kind::V6Prefix48([a, b, c, d, e, f]))
            }
        }
    }

    /// The canonical bytes in network order: 4 for IPv4 and 8 for IPv6, of the coarser networks 3 and 6. The lengths keep the kinds
    /// apart.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Kind::V4(bytes) => bytes,
            Kind::V4Prefix24(bytes) => bytes,
            Kind::V6Prefix64(bytes) => bytes,
            Kind::V6Prefix48(bytes) => bytes,
        }
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(Kind::V4(v4.octets())),
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h, ..] = v6.octets();
                Self(Kind::V6Prefix64([a, b, c, d, e, f, g, h]))
            }
        }
    }
}

/// Shows the family alone: an address must not reach a log.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::V4(_) | Kind::V4Prefix24(_) => "Network(v4, ..)",
            Kind::V6Prefix64(_) | Kind::V6Prefix48(_) => "Network(v6, ..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> Network {
        Network::from(address.parse::<IpAddr>().unwrap())
    }

    #[test]
    fn an_ipv4_address_counts_whole() {
        assert_eq!(network("83.149.9.216").as_bytes(), [83, 149, 9, 216]);
        assert_ne!(network("83.149.9.216"), network("83.149.9.217"));
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address() {
        assert_eq!(network("::ffff:83.149.9.216"), network("83.149.9.216"));
    }

    #[test]
    fn an_ipv6_address_counts_by_its_first_64_bits() {
        let here = network("2001:db8:1:2:3:4:5:6");
        assert_eq!(here.as_bytes(), [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2]);
        assert_eq!(here, network("2001:db8:1:2:ffff::1"));
        assert_ne!(here, network("2001:db8:1:3:3:4:5:6"));
    }

    #[test]
    fn a_coarse_network_is_shared_by_its_neighbours() {
        let coarse = |address: &str| Network::coarse(address.parse::<IpAddr>().unwrap());
        assert_eq!(coarse("83.149.9.216").as_bytes(), [83, 149, 9]);
        assert_eq!(coarse("::ffff:83.149.9.1"), coarse("83.149.9.216"));
        assert_ne!(coarse("83.149.8.216"), coarse("83.149.9.216"));
        assert_eq!(coarse("2001:db8:1:2::1").as_bytes(), [0x20, 1, 0xd, 0xb8, 0, 1]);
        assert_eq!(coarse("2001:db8:1:ffff::1"), coarse("2001:db8:1::"));
        assert_ne!(coarse("2001:db8:2::1"), coarse("2001:db8:1::1"));
    }

    #[test]
    fn printing_shows_no_address() {
        assert_eq!(format!("{:?}", network("83.149.9.216")), "Network(v4, ..)");
        assert_eq!(format!("{:?}", network("2001:db8::1")), "Network(v6, ..)");
        assert_eq!(format!("{:?}", Network::coarse([83, 149, 9, 216].into())), "Network(v4, ..)");
    }
}
