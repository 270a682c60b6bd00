//! Tokens: long runs of characters that nobody would write or read.
//!
//! The text is weighed under two assumptions: that a person wrote it (words of some language, names, numbers, camel case, with the
//! usual changes between them) and that it was drawn at random from the alphabet it uses. The difference of the two surprises, in
//! bits, is summed over the stretch for which it is largest. Random text gains some two bits with each character, words lose one;
//! so a threshold of a dozen or so of bits tells them apart from about ten characters on.

use super::{
    Surroundings, is_one_of,
    letters::{WORD_START, letter_cost_bits},
};

/// What makes a text a token.
struct Threshold {
    /// The text has at least this many bytes.
    text_bytes: usize,
    /// The stretch that looks random has at least this many letters and digits.
    stretch: usize,
    /// By this many half bits it must be likelier that the stretch was drawn at random.
    half_bits: i64,
}

/// Anywhere in a path. Shorter texts are left alone: ids of videos and short links have 8 to 12 characters.
const ANYWHERE: Threshold = Threshold { text_bytes: 16, stretch: 9, half_bits: 22 };

/// Behind a segment that announces a secret, where shorter ones are in use.
const ANNOUNCED: Threshold = Threshold { text_bytes: 8, stretch: 8, half_bits: 16 };

/// Segments behind which a secret stands.
const SECRET_WORDS: &[&str] = &[
    "token",
    "tokens",
    "reset",
    "reset-password",
    "reset_password",
    "password-reset",
    "password_reset",
    "resetpassword",
    "verify",
    "verify-email",
    "verify_email",
    "email-verification",
    "verification",
    "confirm",
    "confirm-email",
    "confirmation",
    "activate",
    "activation",
    "invite",
    "invites",
    "invitation",
    "invitations",
    "unsubscribe",
    "optout",
    "opt-out",
    "magic",
    "magic-link",
    "magic_link",
    "otp",
    "session",
    "sessions",
    "auth",
    "api-key",
    "api_key",
    "apikey",
    "secret",
];

/// Whether a token stands in the text.
pub(super) fn contains_token(text: &[u8], surroundings: Surroundings<'_>) -> bool {
    let threshold = match surroundings {
        Surroundings::PathAfter(previous) if is_one_of(previous, SECRET_WORDS) => ANNOUNCED,
        _ => ANYWHERE,
    };
    text.len() >= threshold.text_bytes && looks_random(text, &threshold)
}

/// The classes of characters, in the order of the columns of [`Class::change_half_bits`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Separator,
}

impl Class {
    fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' => Self::Lower,
            b'A'..=b'Z' => Self::Upper,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Separator,
        }
    }

    /// The surprise of a change of classes in what people write, in half bits.
    fn change_half_bits(self, next: Self) -> i64 {
        const CHANGES: [[i64; 4]; 4] = [
            [1, 9, 11, 6], // a lower-case letter goes on, or its word ends
            [2, 3, 8, 6],  // capitalised words, acronyms
            [8, 10, 1, 4], // numbers go on
            [2, 5, 5, 7],
        ];
        CHANGES[self as usize][next as usize]
    }
}

/// The surprise of any character of a random text, in half bits: that of an alphabet of 64 characters where three classes are used.
/// Else that of 45 (they have at most 52, and 26 at least): with less, words of a trade such as `libxslt` would pass for random.
fn random_half_bits(text: &[u8]) -> i64 {
    let has = |class: Class| text.iter().any(|byte| Class::of(*byte) == class);
    if has(Class::Lower) && has(Class::Upper) && has(Class::Digit) { 12 } else { 11 }
}

fn looks_random(text: &[u8], threshold: &Threshold) -> bool {
    const DIGIT_HALF_BITS: i64 = 7;
    let random = random_half_bits(text);
    let mut previous_class = Class::Separator;
    let mut previous_letter = WORD_START;
    // The sum of the best stretch that ends here, and how many letters and digits are in it.
    let (mut sum, mut count) = (0, 0);
    for byte in text {
        let class = Class::of(*byte);
        let change = previous_class.change_half_bits(class);
        if class == Class::Upper && previous_class == Class::Lower {
            previous_letter = WORD_START; // camelCase
        }
        (sum, previous_letter) = match class {
            Class::Lower | Class::Upper => {
                let letter = usize::from(byte.to_ascii_lowercase() - b'a');
                (sum + change + 2 * letter_cost_bits(previous_letter, letter) - random, letter)
            }
            Class::Digit => (sum + change + DIGIT_HALF_BITS - random, WORD_START),
            // Of the separators only these two are in the alphabets of tokens.
            Class::Separator if matches!(byte, b'-' | b'_') => (sum + change - 11, WORD_START),
            Class::Separator => (sum + change - 20, WORD_START),
        };
        count += usize::from(class != Class::Separator);
        previous_class = class;
        if sum <= 0 {
            (sum, count) = (0, 0);
        }
        if sum > threshold.half_bits && count >= threshold.stretch {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_token(previous_segment: &str, text: &str) -> bool {
        contains_token(text.as_bytes(), Surroundings::PathAfter(previous_segment.as_bytes()))
    }

    #[test]
    fn tokens_of_many_makers_are_found() {
        for text in [
            "Zk93kx0Q2mP1vT7bYwL4",
            "V1StGXR8_Z5jdHi6B-myT",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "cjld2cjxh0000qzrmn831i7rn",
            "0ujtsYcgvSTl8PAuAdqWYSMnLOv",
            "AKIAIOSFODNN7EXAMPLE",
            "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",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "xkqzvbnmwrtplkjhgfds",
            "report-for-Zk93kx0Q2mP1vT7bYwL4.pdf",
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "8kmvqefzsxp5u2wd",
            "c2VjcmV0LXRva2VuLWZvci1hbGljZQ==",
        ] {
            assert!(is_token("page", text), "{text}");
        }
    }

    #[test]
    fn what_people_write_is_kept() {
        for text in [
            "logstash-monitorama-2013",
            "TransportMasterNodeOperationAction.html",
            "Kyocera-KPC650-EVDO-in-FreeBSD.html",
            "kibana-dashboard3.png",
            "donaudampfschifffahrtsgesellschaftskapitaen",
            "job_description_is_clearly_not_an_oracle_dba.html",
            "DeviceOrientationEvent",
            "how-to-install-ubuntu-22-04-on-wsl2-with-cuda-12-1",
            "IMG_20150517_103000.jpg",
            "lumberjack_0.0.24_amd64.deb",
            "iphone-15-pro-max-256gb",
            "CppCoreGuidelines",
            "szczegolowe-informacje-o-przetwarzaniu",
            "kansaneläkelaitos",
            "toimintakertomus-ja-tilinpaatos",
            "2012-03-04-05-06-07-08",
            "getOwnPropertyDescriptor",
            "dQw4w9WgXcQ",
            "B08N5WRWNW",
            "MacBookPro18,3-M1Max",
            "x86_64-unknown-linux-gnu",
            "ASUS-ROG-STRIX-RTX4090-O24G-GAMING",
            "ABOUT_US_AND_OUR_COMPANY",
            "windows-server-2019-standard-x64",
            "nguyen-thi-minh-khai",
            "rindfleischetikettierung",
        ] {
            assert!(!is_token("page", text), "{text}");
        }
    }

    #[test]
    fn shorter_secrets_are_found_where_they_are_announced() {
        for text in ["aB3dE5fG7h", "x7k2m9qp4w", "K7Q2-M9XP-4WZT"] {
            assert!(is_token("reset-password", text), "{text}");
            assert!(!is_token("page", text), "{text}");
        }
        for text in
            ["callback", "password", "instructions", "facebook", "email-sent", "step2", "success.html", "2015-05-17"]
        {
            assert!(!is_token("verify", text), "{text}");
        }
    }
}
