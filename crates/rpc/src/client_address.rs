//! The address of whoever made a request: the other end of the connection, or of the one before a proxy that is trusted to tell it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use http::HeaderMap;

/// Said once in a process: anybody can make it be said.
static TOLD: AtomicBool = AtomicBool::new(false);

/// The address of whoever made the request, among the request's extensions. It ends with the request: nothing stores or logs it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whose word about the address before them is taken. Anyone may send the header `x-forwarded-for`.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    addresses: Vec<IpAddr>,
    loopback: bool,
    unneeded: bool,
}

impl TrustedProxies {
    /// Nobody's.
    pub fn none() -> Self {
        Self::default()
    }

    /// That of proxies on this machine, and of those at these addresses.
    pub fn loopback_and(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self { addresses: addresses.into_iter().collect(), loopback: true, unneeded: false }
    }

    /// Nobody's, in a service to which it makes no difference: it does not tell operators that somebody is not believed.
    pub fn unneeded() -> Self {
        Self { unneeded: true, ..Self::default() }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        (self.loopback && address.is_loopback()) || self.addresses.contains(&address)
    }

    /// The address of the client, who is behind `peer`: the last hop that is not one of these proxies.
    pub fn client_of(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer.to_canonical();
        let disbelieved = !self.trusts(client) && headers.contains_key("x-forwarded-for");
        if disbelieved && !self.unneeded && !TOLD.swap(true, Ordering::Relaxed) {
            // Without the address: logs hold none.
            tracing::warn!(
                "somebody who is not in `trusted_proxies` says on whose behalf a request comes, which is not believed. If it is your \
                 gateway or proxy, add its address: until then everybody behind it counts as one visitor"
            );
        }
        // Bytes that are no text stay in their place, as hops that cannot be read: left out, what stands before them would be believed.
        let values: Vec<_> =
            headers.get_all("x-forwarded-for").iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
            if !self.trusts(client) {
                break;
            }
            let Some(before) = address_of(hop.trim()) else { break };
            client = before.to_canonical();
        }
        ClientAddress(client)
    }
}

/// Some proxies write the port too.
fn address_of(hop: &str) -> Option<IpAddr> {
    hop.parse().or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip())).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(trusted: &TrustedProxies, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        trusted.client_of(peer.parse().expect("an address"), &headers).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_may_tell_the_address_before_them() {
        let trusted = TrustedProxies::loopback_and(["10.0.0.9".parse().expect("an address")]);
        assert_eq!(client(&trusted, "203.0.113.5", &["198.51.100.1"]), "203.0.113.5");
        assert_eq!(client(&trusted, "127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client(&trusted, "::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        for nobody in [TrustedProxies::none(), TrustedProxies::unneeded()] {
            assert_eq!(client(&nobody, "127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
        }
    }

    #[test]
    fn what_a_client_claims_before_the_first_proxy_is_not_believed() {
        let trusted = TrustedProxies::loopback_and(["10.0.0.9".parse().expect("an address")]);
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.9"]), "198.51.100.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6, nonsense"]), "127.0.0.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6", "é"]), "127.0.0.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["6.6.6.6", "é, 10.0.0.9"]), "10.0.0.9");
        assert_eq!(client(&trusted, "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn ports_that_proxies_write_are_left_out() {
        let trusted = TrustedProxies::loopback_and([]);
        assert_eq!(client(&trusted, "127.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client(&trusted, "127.0.0.1", &["[2001:db8::5]:443, 127.0.0.1:80"]), "2001:db8::5");
    }
}
