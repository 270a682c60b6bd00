//! The pseudonym of a signed-in user.

use std::fmt;

use analytics_domain::UserHash;
use zeroize::Zeroizing;

/// Names the purpose of the key, so that the project's secret can never yield the same key for anything else.
const SECRET_CONTEXT: &str = "analytics v1 user hash project secret";

/// Hashes the user ids of one project, under the project's own secret. The hash is a pseudonym, not anonymous: it stays the same for
/// as long as the secret does, and whoever holds secret and user id can repeat it.
///
/// 128 bits, because users are compared over the whole history: among 10⁹ users the chance that any two share a hash is below
/// n²/2^129 = 1.5·10⁻²¹.
#[derive(Clone)]
pub struct UserHasher {
    key: Zeroizing<[u8; 32]>,
}

impl UserHasher {
    /// The hasher of a project, by the project's secret.
    pub fn new(user_hash_secret: &[u8; 32]) -> Self {
        Self { key: Zeroizing::new(blake3::derive_key(SECRET_CONTEXT, user_hash_secret)) }
    }

    /// The hash of a user id, taken byte for byte as the application sent it.
    pub fn hash(&self, user_id: &str) -> UserHash {
        let mut first_128_bits = [0; 16];
        blake3::Hasher::new_keyed(&self.key).update(user_id.as_bytes()).finalize_xof().fill(&mut first_128_bits);
        UserHash(first_128_bits)
    }
}

impl fmt::Debug for UserHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserHasher(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_depends_on_the_secret_and_on_the_exact_id() {
        let project = UserHasher::new(&[1; 32]);
        let hash = project.hash("user-17");
        assert_eq!(hash, UserHasher::new(&[1; 32]).hash("user-17"));
        assert_ne!(hash, project.hash("User-17"));
        assert_ne!(hash, UserHasher::new(&[2; 32]).hash("user-17"));
    }

    #[test]
    fn printing_shows_no_key() {
        assert_eq!(format!("{:?}", UserHasher::new(&[1; 32])), "UserHasher(..)");
    }
}
