//! International bank account numbers (ISO 13616): a country, two check digits, an account.

/// The lengths of the numbers of the countries that have many, by the registry of ISO 13616.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AE", 23),
    (b"AT", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BR", 29),
    (b"CH", 21),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"EE", 20),
    (b"ES", 24),
    (b"FI", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GR", 27),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"MT", 31),
    (b"NL", 18),
    (b"NO", 15),
    (b"PL", 28),
    (b"PT", 25),
    (b"RO", 24),
    (b"SA", 24),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"TR", 26),
    (b"UA", 29),
];

/// Whether an IBAN stands in the text: in capitals, in one piece or in groups of four; or in lower case in one piece of the length of
/// its country, because words and numbers run together are common there.
pub(super) fn contains_iban(text: &[u8]) -> bool {
    let in_capitals = text
        .split(|byte| !(byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -+".contains(byte)))
        .map(|run| run.iter().copied().filter(u8::is_ascii_alphanumeric).collect::<Vec<u8>>())
        .any(|number| is_iban(&number));
    let has_length_of_country =
        |number: &[u8]| LENGTHS.iter().any(|(country, length)| number.starts_with(*country) && number.len() == *length);
    in_capitals
        || text
            .split(|byte| !byte.is_ascii_alphanumeric())
            .filter(|run| (15..=34).contains(&run.len()))
            .map(<[u8]>::to_ascii_uppercase)
            .any(|number| has_length_of_country(&number) && is_iban(&number))
}

fn is_iban(number: &[u8]) -> bool {
    let starts_like_one = matches!(number, [b'A'..=b'Z', b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', ..]);
    if !starts_like_one || !(15..=34).contains(&number.len()) {
        return false;
    }
    // The check of ISO 7064: country and check digits moved to the end, letters as 10 to 35, one is left over by 97.
    let (country_and_check, account) = number.split_at(4);
    let remainder = account.iter().chain(country_and_check).fold(0_u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::contains_iban;

    #[test]
    fn account_numbers_are_found() {
        for text in [
            "GB82WEST12345698765432",
            "GB82 WEST 1234 5698 7654 32",
            "NO93-8601-1117-947",
            "x_FR1420041010050500013M02606",
            "id=gb82west12345698765432",
            "order-no9386011117947.html",
        ] {
            assert!(contains_iban(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            "GB83WEST12345698765432",
            "gb83west12345698765432",
            "xgb82west12345698765432",
            "ABOUT-US-2015",
            "AB12",
            "RTX4090-O24G-GAMING-2024",
            "12345678901234567890",
        ] {
            assert!(!contains_iban(text.as_bytes()), "{text}");
        }
    }
}
