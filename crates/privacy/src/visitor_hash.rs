//! The visitor hash. Its formula is published in this crate's README and fixed by the vectors beside it.

use std::{fmt, net::IpAddr};

use analytics_domain::{ProjectName, VisitorHash, VisitorMode, ports::VisitorDayNonce};
use zeroize::Zeroizing;

use crate::{Network, ServerSecret};

/// Names the purpose of the key, so that the same secret can never yield the same key for anything else.
const SECRET_CONTEXT: &str = "analytics v1 visitor hash server secret";

/// Hashes the visitors of one project and one visitor day. Holds the day's salt: keep it no longer than the nonce may live.
///
/// 64 bits suffice because visitors are only ever compared within one project and day: among a million visitors of a day the chance
/// that any two share a hash is below n²/2^65 = 2.8·10⁻⁸, and the harm would be one visitor too few.
#[derive(Clone)]
pub struct VisitorHasher {
    salt: Zeroizing<[u8; 32]>,
    project: ProjectName,
}

impl VisitorHasher {
    /// The hasher of a project's day. Both the secret and the nonce are needed to make its salt, and the salt to repeat a hash.
    pub fn new(secret: &ServerSecret, nonce: &VisitorDayNonce, project: &ProjectName) -> Self {
        let secret_key = Zeroizing::new(blake3::derive_key(SECRET_CONTEXT, secret.as_bytes()));
        let salt = Zeroizing::new(*blake3::keyed_hash(&secret_key, &nonce.0).as_bytes());
        Self { salt, project: project.clone() }
    }

    /// The hash of whoever has this address and user agent, told apart as the project says. A project that tells nobody apart makes a
    /// hasher for each call, of a nonce that it draws and forgets.
    pub fn hash_in(&self, mode: VisitorMode, address: IpAddr, user_agent: Option<&str>) -> VisitorHash {
        match mode {
            VisitorMode::NetworkAndAgent | VisitorMode::RandomPerRequest => self.hash(&address.into(), user_agent),
            VisitorMode::Network => self.hash(&address.into(), None),
            VisitorMode::CoarseNetworkAndAgent => self.hash(&Network::coarse(address), user_agent),
        }
    }

    /// The hash of a visitor. A missing user agent is the empty one.
    pub fn hash(&self, network: &Network, user_agent: Option<&str>) -> VisitorHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.salt);
        for field in [self.project.as_str().as_bytes(), network.as_bytes(), user_agent.unwrap_or_default().as_bytes()] {
            // The length goes first: without it two different triples could run together into the same bytes.
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        let mut first_64_bits = [0; 8];
        hasher.finalize_xof().fill(&mut first_64_bits);
        VisitorHash(i64::from_le_bytes(first_64_bits))
    }
}

impl fmt::Debug for VisitorHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisitorHasher({}, ..)", self.project)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(secret: u8, nonce: u8, project: &str) -> VisitorHasher {
        VisitorHasher::new(
            &ServerSecret::new(vec![secret; 32]).unwrap(),
            &VisitorDayNonce([nonce; 32]),
            &project.parse().unwrap(),
        )
    }

    fn network(address: &str) -> Network {
        Network::from(address.parse::<IpAddr>().unwrap())
    }

    #[test]
    fn every_ingredient_changes_the_hash() {
        let here = network("83.149.9.216");
        let hash = hasher(1, 2, "web").hash(&here, Some("Firefox"));
        assert_eq!(hash, hasher(1, 2, "web").hash(&here, Some("Firefox")));
        for other in [
            hasher(9, 2, "web").hash(&here, Some("Firefox")),
            hasher(1, 9, "web").hash(&here, Some("Firefox")),
            hasher(1, 2, "app").hash(&here, Some("Firefox")),
            hasher(1, 2, "web").hash(&network("83.149.9.217"), Some("Firefox")),
            hasher(1, 2, "web").hash(&here, Some("Firefox ")),
            hasher(1, 2, "web").hash(&here, None),
        ] {
            assert_ne!(hash, other);
        }
    }

    #[test]
    fn a_missing_agent_is_the_empty_one() {
        let here = network("2001:db8::1");
        let web = hasher(1, 2, "web");
        assert_eq!(web.hash(&here, None), web.hash(&here, Some("")));
    }

    #[test]
    fn secret_and_nonce_do_not_stand_in_for_each_other() {
        let here = network("2001:db8::1");
        assert_ne!(hasher(1, 2, "web").hash(&here, None), hasher(2, 1, "web").hash(&here, None));
    }

    #[test]
    fn fields_do_not_run_together() {
        let here = network("10.0.0.1");
        assert_ne!(hasher(1, 2, "web").hash(&here, Some("x")), hasher(1, 2, "we").hash(&here, Some("bx")));
    }

    #[test]
    fn printing_shows_no_salt() {
        assert_eq!(format!("{:?}", hasher(1, 2, "web")), "VisitorHasher(web, ..)");
    }
}
