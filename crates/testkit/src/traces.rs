//! Finds in bytes what must not be in them, however it was written down: as it is, in hexadecimal or in base64.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
};

/// Shorter patterns turn up by chance in megabytes of hashes: each of the four bytes of an IPv4 address once in 4 GB.
const CERTAIN_BYTES: usize = 6;

/// The first bytes of a pattern, by which places worth a closer look are found.
const PREFIX: usize = 4;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is looked for.
#[derive(Debug, Default)]
pub struct Traces {
    /// Texts and hexadecimal digits, in lower case: found in whatever case.
    in_any_case: Patterns,
    exact: Patterns,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// What was looked for, as the caller called it.
    pub of: String,
    /// In which form it was found.
    pub form: &'static str,
    /// Whether it is long enough not to be there by chance.
    pub is_certain: bool,
}

impl Traces {
    /// Looks for nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for a text too. The shorter the more is found: of a text with a unique part that part is enough.
    pub fn add_text(&mut self, of: &str, text: &str) {
        self.in_any_case.add(of, "as it is", &text.as_bytes().to_ascii_lowercase());
        self.add_encoded(of, text.as_bytes());
    }

    /// Looks for an address too: its text, its bytes in either order, and for IPv6 its network of 64 bits.
    pub fn add_address(&mut self, address: IpAddr) {
        let of = address.to_string();
        self.add_text(&of, &of);
        let bytes = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => {
                self.add_bytes(&of, &address.octets()[..8]);
                // As some print it: every digit.
                let groups = address.segments().map(|group| format!("{group:04x}"));
                self.add_text(&of, &groups.join(":"));
                address.octets().to_vec()
            }
        };
        self.add_bytes(&of, &bytes);
    }

    fn add_bytes(&mut self, of: &str, bytes: &[u8]) {
        let backwards: Vec<u8> = bytes.iter().rev().copied().collect();
        for bytes in [bytes, &backwards] {
            self.exact.add(of, "as bytes", bytes);
            self.add_encoded(of, bytes);
        }
    }

    fn add_encoded(&mut self, of: &str, bytes: &[u8]) {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.in_any_case.add(of, "in hexadecimal", digits.as_bytes());
        for (alphabet, form) in [(STANDARD, "in base64"), (URL_SAFE, "in base64 for URLs")] {
            for before in 0..3 {
                self.exact.add(of, form, &base64_within(bytes, before, alphabet));
            }
        }
    }

    /// All that is found in these bytes.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> BTreeSet<Trace> {
        let mut found = self.exact.find(bytes);
        found.extend(self.in_any_case.find(&bytes.to_ascii_lowercase()));
        found
    }
}

/// The base64 digits that bytes give wherever they stand in something longer, after so many bytes of it (modulo three): those at the
/// ends, to which neighbours add their bits, are left out.
fn base64_within(bytes: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let all: Vec<u8> = vec![0; before].into_iter().chain(bytes.iter().copied()).collect();
    let bit = |place: usize| all[place / 8] >> (7 - place % 8) & 1;
    let digit = |place: usize| (0..6).fold(0, |digit, offset| digit << 1 | bit(place * 6 + offset));
    let first = (before * 8).div_ceil(6);
    (first..all.len() * 8 / 6).map(|place| alphabet[usize::from(digit(place))]).collect()
}

#[derive(Debug, Default)]
struct Patterns {
    by_prefix: HashMap<[u8; PREFIX], Vec<(Vec<u8>, Trace)>>,
    /// Whether some prefix begins with these two bytes: most places are passed over by that.
    begins: Vec<bool>,
}

impl Patterns {
    fn add(&mut self, of: &str, form: &'static str, pattern: &[u8]) {
        let prefix = pattern.first_chunk().unwrap_or_else(|| panic!("`{of}` is too short to be told from chance"));
        let trace = Trace { of: of.to_owned(), form, is_certain: pattern.len() >= CERTAIN_BYTES };
        self.by_prefix.entry(*prefix).or_default().push((pattern.to_owned(), trace));
        self.begins.resize(1 << 16, false);
        self.begins[usize::from(u16::from_be_bytes([prefix[0], prefix[1]]))] = true;
    }

    fn find(&self, bytes: &[u8]) -> BTreeSet<Trace> {
        let mut found = BTreeSet::new();
        if self.begins.is_empty() {
            return found;
        }
        for (place, prefix) in bytes.windows(PREFIX).enumerate() {
            if !self.begins[usize::from(prefix[0]) << 8 | usize::from(prefix[1])] {
                continue;
            }
            for (pattern, trace) in self.by_prefix.get(prefix).into_iter().flatten() {
                if bytes[place..].starts_with(pattern) {
                    found.insert(trace.clone());
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "Someone@example.com";

    fn traces() -> Traces {
        let mut traces = Traces::new();
        traces.add_text("user", USER);
        for address in ["198.51.100.213", "2001:db8:feed:beef:1357:2468:ace0:bdf1"] {
            traces.add_address(address.parse().expect("an address"));
        }
        traces
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// As a textbook writes it, with padding.
    fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
        let digits = |chunk: &[u8]| {
            let mut group = [0; 4];
            group[1..=chunk.len()].copy_from_slice(chunk);
            let group = u32::from_be_bytes(group);
            let digit = |place: usize| char::from(alphabet[(group >> (18 - 6 * place) & 63) as usize]);
            (0..4).map(|place| if place <= chunk.len() { digit(place) } else { '=' }).collect::<String>()
        };
        bytes.chunks(3).map(digits).collect()
    }

    #[track_caller]
    fn is_found(planted: &[u8], of: &str, form: &str) {
        let all = [b"before ".as_slice(), planted, b" after"].concat();
        let found = traces().find(&all);
        assert!(found.iter().any(|trace| trace.of == of && trace.form == form), "{of} {form}: {found:?}");
    }

    #[test]
    fn base64_is_that_of_everybody() {
        assert_eq!(base64(b"any carnal pleas", STANDARD), "YW55IGNhcm5hbCBwbGVhcw==");
        assert_eq!(base64(&[0xfb, 0xff], URL_SAFE), "-_8=");
        assert_eq!(base64_within(b"carnal", 4 % 3, STANDARD), b"Nhcm5hb");
    }

    #[test]
    fn a_text_is_found_however_it_is_written() {
        for text in [USER.to_owned(), USER.to_lowercase(), USER.to_uppercase()] {
            is_found(text.as_bytes(), "user", "as it is");
        }
        is_found(hex(USER.as_bytes()).as_bytes(), "user", "in hexadecimal");
        is_found(hex(USER.as_bytes()).to_uppercase().as_bytes(), "user", "in hexadecimal");
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "x", "xy"] {
                let whole = format!("{before}{USER}{after}");
                is_found(base64(whole.as_bytes(), STANDARD).as_bytes(), "user", "in base64");
                is_found(base64(whole.as_bytes(), URL_SAFE).as_bytes(), "user", "in base64 for URLs");
            }
        }
    }

    #[test]
    fn an_address_is_found_however_it_is_written() {
        for text in ["198.51.100.213", "2001:db8:feed:beef:1357:2468:ace0:bdf1"] {
            let bytes = match text.parse().expect("an address") {
                IpAddr::V4(address) => address.octets().to_vec(),
                IpAddr::V6(address) => address.octets().to_vec(),
            };
            let backwards: Vec<u8> = bytes.iter().rev().copied().collect();
            is_found(text.as_bytes(), text, "as it is");
            is_found(hex(text.as_bytes()).as_bytes(), text, "in hexadecimal");
            is_found(base64(text.as_bytes(), STANDARD).as_bytes(), text, "in base64");
            for bytes in [bytes, backwards] {
                is_found(&bytes, text, "as bytes");
                is_found(hex(&bytes).to_uppercase().as_bytes(), text, "in hexadecimal");
                for before in 0..3 {
                    let whole = [&vec![7; before][..], &bytes, &[9]].concat();
                    is_found(base64(&whole, STANDARD).as_bytes(), text, "in base64");
                    is_found(base64(&whole, URL_SAFE).as_bytes(), text, "in base64 for URLs");
                }
            }
        }
        let network = [0x20, 1, 0x0d, 0xb8, 0xfe, 0xed, 0xbe, 0xef];
        is_found(&network, "2001:db8:feed:beef:1357:2468:ace0:bdf1", "as bytes");
        is_found(b"2001:0db8:feed:beef:1357:2468:ace0:bdf1", "2001:db8:feed:beef:1357:2468:ace0:bdf1", "as it is");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(traces().find(b""), BTreeSet::new());
        assert_eq!(traces().find(b"198.51.100.21 someone@example.co 2001:db8:feed:bee"), BTreeSet::new());
        let four_bytes = traces().find(&[0, 198, 51, 100, 213, 0]);
        assert!(four_bytes.iter().all(|trace| !trace.is_certain) && four_bytes.len() == 1, "{four_bytes:?}");
    }
}
