//! The secret of an API key: `ak_`, 256 random bits in 52 characters, and 4 characters of checksum, by which a mistyped key is told
//! apart from an unknown one without asking the catalog.

use std::fmt;

use analytics_domain::{ApiKeySecretHash, KeyId};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const PREFIX: &str = "ak_";
const RANDOM_CHARS: usize = 52;
const CHECKSUM_CHARS: usize = 4;
const KEY_ID_CHARS: usize = 16;
/// Crockford's base 32: no letters that are read as digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text is no whole key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no whole API key")]
pub struct MistypedKey;

/// A key's secret. Never printed, and wiped from memory when dropped.
#[derive(Clone)]
pub struct KeySecret(Zeroizing<String>);

impl KeySecret {
    /// Makes a new one.
    pub fn generate() -> Self {
        let random: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + RANDOM_CHARS + CHECKSUM_CHARS));
        text.push_str(PREFIX);
        push_base32(&mut text, &random[..], RANDOM_CHARS);
        let checksum = checksum_of(&text);
        text.push_str(&checksum);
        Self(text)
    }

    /// Reads a secret as a caller sent it.
    ///
    /// # Errors
    /// When it is not whole: another prefix, length or alphabet, or a checksum that does not fit.
    pub fn parse(text: &str) -> Result<Self, MistypedKey> {
        let well_formed = text.len() == PREFIX.len() + RANDOM_CHARS + CHECKSUM_CHARS
            && text.starts_with(PREFIX)
            && text.bytes().skip(PREFIX.len()).all(|byte| ALPHABET.contains(&byte));
        if !well_formed {
            return Err(MistypedKey);
        }
        let (secret, checksum) = text.split_at(PREFIX.len() + RANDOM_CHARS);
        if checksum_of(secret) != checksum {
            return Err(MistypedKey);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret as text: to show it once, or to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of the whole text: all that is stored. A slow hash would add nothing, since the secret cannot be guessed.
    pub fn hash(&self) -> ApiKeySecretHash {
        ApiKeySecretHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The last four characters, by which people tell keys apart. They are the checksum and give none of the random bits away.
    pub fn last_four(&self) -> &str {
        &self.0[self.0.len() - CHECKSUM_CHARS..]
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySecret(..{})", self.last_four())
    }
}

/// A new random id for a key: 16 lower-case letters and digits.
pub fn new_key_id() -> KeyId {
    let mut id = String::with_capacity(KEY_ID_CHARS);
    push_base32(&mut id, &rand::random::<[u8; 10]>(), KEY_ID_CHARS);
    KeyId(id)
}

fn checksum_of(secret: &str) -> String {
    let mut checksum = String::with_capacity(CHECKSUM_CHARS);
    // The stored hash is over the whole text, so this prefix of another hash says nothing about that one.
    push_base32(&mut checksum, &Sha256::digest(secret.as_bytes()), CHECKSUM_CHARS);
    checksum
}

/// Appends the first `chars` groups of five bits; missing bits are zero.
fn push_base32(text: &mut String, bytes: &[u8], chars: usize) {
    for group in 0..chars {
        let value = (0..5).fold(0, |value, bit| {
            let index = group * 5 + bit;
            let set = bytes.get(index / 8).is_some_and(|byte| byte >> (7 - index % 8) & 1 == 1);
            value << 1 | usize::from(set)
        });
        text.push(char::from(ALPHABET[value]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_reads_back_and_hides_itself() {
        let secret = KeySecret::generate();
        let read = KeySecret::parse(secret.expose()).expect("its own text");
        assert_eq!(read.hash(), secret.hash());
        assert_ne!(KeySecret::generate().hash(), secret.hash());
        assert!(secret.expose().ends_with(secret.last_four()));
        assert_eq!(format!("{secret:?}"), format!("KeySecret(..{})", secret.last_four()));
    }

    /// The format is kept by every installation: this secret was made once and must be read for ever.
    #[test]
    fn a_secret_of_known_bits_has_this_text_and_hash() {
        let mut text = PREFIX.to_owned();
        push_base32(&mut text, &std::array::from_fn::<u8, 32, _>(|index| index as u8 * 7), RANDOM_CHARS);
        let checksum = checksum_of(&text);
        text.push_str(&checksum);
        assert_eq!(text, "ak_003gw58w4cn32e1z8s6n8pv2d5r7ezm5hj9sn8d8nyvbvh6btbcgz7gc");
        KeySecret::parse(&text).expect("a whole key");
    }

    #[test]
    fn any_one_wrong_character_and_any_cut_is_noticed() {
        let text = KeySecret::generate().expose().to_owned();
        for index in 0..text.len() {
            let wrong = if text.as_bytes()[index] == b'0' { "1" } else { "0" };
            let mut changed = text.clone();
            changed.replace_range(index..=index, wrong);
            assert!(KeySecret::parse(&changed).is_err(), "{changed}");
            assert!(KeySecret::parse(&text[..index]).is_err());
        }
        assert!(KeySecret::parse(&format!("{text} ")).is_err());
        assert!(KeySecret::parse(&text.to_uppercase()).is_err());
    }
}
