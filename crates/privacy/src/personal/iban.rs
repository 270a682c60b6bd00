//! International bank account numbers (ISO 13616): a country, two check digits, an account.

/// Whether an IBAN stands in the text, in one piece or in groups of four. Lower case does not count: words and numbers run together
/// are common there.
pub(super) fn contains_iban(text: &[u8]) -> bool {
    text.split(|byte| !(byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -+".contains(byte)))
        .map(|run| run.iter().copied().filter(u8::is_ascii_alphanumeric).collect::<Vec<u8>>())
        .any(|number| is_iban(&number))
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
        ] {
            assert!(contains_iban(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for text in
            ["GB83WEST12345698765432", "ABOUT-US-2015", "AB12", "RTX4090-O24G-GAMING-2024", "12345678901234567890"]
        {
            assert!(!contains_iban(text.as_bytes()), "{text}");
        }
    }
}
