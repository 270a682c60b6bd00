//! A set of networks that is asked about single addresses.

use std::net::IpAddr;

use ipnet::IpNet;

/// Networks, made ready for look-ups. An IPv4-mapped address is in it when the IPv4 address is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NetworkSet {
    v4: Ranges,
    v6: Ranges,
}

impl NetworkSet {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(v4) => self.v4.contains(v4.to_bits().into()),
            IpAddr::V6(v6) => self.v6.contains(v6.to_bits()),
        }
    }
}

impl FromIterator<IpNet> for NetworkSet {
    fn from_iter<T: IntoIterator<Item = IpNet>>(networks: T) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks {
            match (network.network().to_canonical(), network.broadcast().to_canonical()) {
                (IpAddr::V4(first), IpAddr::V4(last)) => v4.push((first.to_bits().into(), last.to_bits().into())),
                _ => v6.push(bounds_v6(&network)),
            }
        }
        Self { v4: Ranges::of(v4), v6: Ranges::of(v6) }
    }
}

fn bounds_v6(network: &IpNet) -> (u128, u128) {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    (bits(network.network()), bits(network.broadcast()))
}

/// Inclusive ranges that neither overlap nor touch, in order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    fn of(mut ranges: Vec<(u128, u128)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        merged.shrink_to_fit();
        Self(merged)
    }

    fn contains(&self, bits: u128) -> bool {
        let index = self.0.partition_point(|(first, _)| *first <= bits);
        index.checked_sub(1).is_some_and(|index| bits <= self.0[index].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(networks: &[&str]) -> NetworkSet {
        networks.iter().map(|network| network.parse::<IpNet>().expect("a network")).collect()
    }

    fn contains(set: &NetworkSet, address: &str) -> bool {
        set.contains(address.parse().expect("an address"))
    }

    #[test]
    fn both_ends_of_a_network_are_in_it() {
        let set = set(&["203.0.113.64/26", "2001:db8:1::/48", "198.51.100.7/32"]);
        for inside in ["203.0.113.64", "203.0.113.127", "::ffff:203.0.113.100", "2001:db8:1:ffff:ffff:ffff:ffff:ffff"] {
            assert!(contains(&set, inside), "{inside}");
        }
        for outside in ["203.0.113.63", "203.0.113.128", "198.51.100.6", "2001:db8:2::", "2001:db8::ffff", "::"] {
            assert!(!contains(&set, outside), "{outside}");
        }
        assert!(!contains(&NetworkSet::default(), "203.0.113.64"));
    }

    #[test]
    fn networks_that_overlap_or_touch_are_one_range() {
        let merged = set(&["10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.3.0/24"]);
        assert_eq!(merged, set(&["10.0.0.0/23", "10.0.3.0/24"]));
        assert!(contains(&merged, "10.0.1.255") && !contains(&merged, "10.0.2.0"));
    }

    #[test]
    fn the_families_are_kept_apart() {
        let all_v6 = set(&["::/0"]);
        assert!(contains(&all_v6, "2001:db8::1") && !contains(&all_v6, "203.0.113.1"));
        assert!(contains(&set(&["::ffff:203.0.113.0/120"]), "203.0.113.1"));
        let all_v4 = set(&["0.0.0.0/0"]);
        assert!(contains(&all_v4, "255.255.255.255") && !contains(&all_v4, "2001:db8::1"));
    }
}
