//! The configured half of every salt.

use std::fmt;

use zeroize::Zeroizing;

/// The secret of the installation's configuration. Together with a day's nonce it makes the day's salt; neither is of use alone, so a
/// copy of the database, or of the configuration, links nobody. Wiped from memory when dropped, never printed.
#[derive(Clone)]
pub struct ServerSecret(Zeroizing<Vec<u8>>);

/// A configured secret could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server secret has {given_bytes} bytes: use at least {} random ones", ServerSecret::MIN_BYTES)]
pub struct SecretTooShort {
    /// The length that was given.
    pub given_bytes: usize,
}

impl ServerSecret {
    /// The least length of a secret, in bytes.
    pub const MIN_BYTES: usize = 32;

    /// Takes the secret over. Fails when it is shorter than [`Self::MIN_BYTES`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SecretTooShort> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.len() < Self::MIN_BYTES {
            return Err(SecretTooShort { given_bytes: bytes.len() });
        }
        Ok(Self(bytes))
    }

    /// Tells secrets apart without telling anything else: a keyed hash of 16 bytes. Processes that must have the same one compare it.
    pub fn fingerprint(&self) -> [u8; 16] {
        let hash = blake3::derive_key("analytics 2026-11 fingerprint of the server secret", &self.0);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&hash[..16]);
        fingerprint
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused_with_its_length() {
        let refused = ServerSecret::new(vec![7; 31]).unwrap_err();
        assert_eq!(refused.to_string(), "the server secret has 31 bytes: use at least 32 random ones");
        assert!(ServerSecret::new(vec![7; 32]).is_ok());
    }

    #[test]
    fn secrets_are_told_apart_by_their_fingerprints() {
        let of = |byte| ServerSecret::new(vec![byte; 32]).unwrap().fingerprint();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_ne!(of(1), [1; 16]);
    }

    #[test]
    fn printing_shows_nothing() {
        let secret = ServerSecret::new(b"a secret of more than thirty-two bytes".to_vec()).unwrap();
        assert_eq!(format!("{secret:?}"), "ServerSecret(..)");
    }
}
