//! Telephone numbers: international ones by their prefix, national ones by the groups in which they are written, bare ones where the
//! surroundings say so. A bare run of digits is an id otherwise.

use super::{
    Surroundings,
    digits::{DigitGroups, Sequence, is_time},
    is_one_of,
};

/// No telephone number has fewer digits.
pub(super) const SHORTEST_DIGITS: usize = 7;
/// No telephone number has more digits (ITU-T E.164).
const LONGEST_DIGITS: usize = 15;

/// Segments and prefixes that announce a telephone number.
const PHONE_WORDS: &[&str] = &[
    "tel",
    "tel:",
    "phone",
    "phone-number",
    "phone_number",
    "phonenumber",
    "telephone",
    "telefon",
    "telefono",
    "telefone",
    "fax",
    "whatsapp",
    "wa.me",
    "sms",
    "call",
    "callto",
    "dial",
    "msisdn",
    "cellphone",
    "mobile-number",
];

/// Segments behind which a person is named.
const PERSON_WORDS: &[&str] = &[
    "user",
    "users",
    "u",
    "customer",
    "customers",
    "client",
    "clients",
    "contact",
    "contacts",
    "member",
    "members",
    "account",
    "accounts",
    "profile",
    "profiles",
    "person",
    "people",
    "patient",
    "patients",
    "lead",
    "leads",
    "subscriber",
    "subscribers",
    "verify",
    "verification",
    "otp",
    "login",
    "signin",
    "signup",
    "register",
    "invite",
    "mobile",
    "cell",
];

/// Whether a telephone number stands in the text.
pub(super) fn contains_phone(groups: &DigitGroups<'_>, surroundings: Surroundings<'_>) -> bool {
    groups.sequences.iter().any(|sequence| {
        let count = sequence.digits.len();
        if !(SHORTEST_DIGITS..=LONGEST_DIGITS).contains(&count) {
            return false;
        }
        is_international(groups, sequence)
            || has_area_code_in_parentheses(groups, sequence)
            || (stands_alone(groups, sequence)
                && (is_national(groups, sequence) || is_announced(groups, sequence, surroundings)))
    })
}

/// `+49 30 1234567`, `0049-30-1234567`.
fn is_international(groups: &DigitGroups<'_>, sequence: &Sequence) -> bool {
    let count = sequence.digits.len();
    // In `c++2020` and `cats+20201234` the plus is part of the text.
    let is_joined = |byte: u8| byte == b'+' || byte.is_ascii_alphanumeric();
    let is_separate = sequence.start < 2 || !is_joined(groups.text[sequence.start - 2]);
    let has_plus = groups.before(sequence) == Some(b'+') && is_separate;
    if has_plus {
        return count >= 8 && sequence.digits[0] != b'0';
    }
    let later_groups_are_counted_up = sequence.groups().skip(1).any(|group| group.starts_with(b"00"));
    stands_alone(groups, sequence)
        && count >= 11
        && matches!(sequence.digits[..], [b'0', b'0', b'1'..=b'9', ..])
        && !later_groups_are_counted_up
}

/// `(555) 123-4567`, `(030) 1234567`.
fn has_area_code_in_parentheses(groups: &DigitGroups<'_>, sequence: &Sequence) -> bool {
    let area_code = sequence.lengths[0];
    groups.before(sequence) == Some(b'(')
        && groups.text.get(sequence.start + area_code) == Some(&b')')
        && (2..=5).contains(&area_code)
        && (9..=13).contains(&sequence.digits.len())
}

/// Whether no letter or decimal point touches the number, so that it is not part of a name or version.
fn stands_alone(groups: &DigitGroups<'_>, sequence: &Sequence) -> bool {
    let touches = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic());
    let extension_follows = groups.behind(sequence) == Some(b'x');
    !touches(groups.before(sequence)) && (extension_follows || !touches(groups.behind(sequence)))
}

/// A number in the way one country or another writes its own.
fn is_national(groups: &DigitGroups<'_>, sequence: &Sequence) -> bool {
    let digits = sequence.digits.as_slice();
    let between = &groups.text[sequence.start..sequence.end];
    match (sequence.lengths.as_slice(), digits[0]) {
        // North America: 202-555-0143, 1-800-555-0199. In one piece with its country code 14155550123; so is a mobile of China.
        ([3, 3, 4], _) | ([1, 3, 3, 4], b'1') => true,
        ([11], b'1') => digits[1] >= b'2',
        // A social security number is none to call, and no less personal.
        ([3, 2, 4], _) => between.contains(&b'-'),
        // One piece with the trunk prefix: 015112345678. Books of English-speaking countries begin with 0, too.
        ([10], b'0') => digits[1] != b'0' && !is_isbn_10(digits),
        ([11 | 12], b'0') => digits[1] != b'0',
        // France: 06 12 34 56 78. Area codes of other countries: 030-1234567, 020 7946 0958, 090-1234-5678.
        ([2, 2, 2, 2, 2], b'0') => digits[1] != b'0',
        ([2, second, ..], b'0') => *second >= 3 && has_area_code(digits),
        ([3..=6, _, ..], b'0') => has_area_code(digits),
        // India: 98765 43210. China: 138-0013-8000.
        ([5, 5], b'6'..=b'9') | ([3, 4, 4], b'1') => true,
        // Spain and Poland: 612 345 678, 22 123 45 67.
        ([3, 3, 3], b'4'..=b'9') | ([2, 3, 2, 2], b'1'..=b'9') => between.contains(&b' '),
        // Brazil and Japan without their prefixes: 11 91234-5678, 11 3456-7890.
        ([2, 4 | 5, 4], b'1'..=b'9') => true,
        // Country codes without a plus: 49 151 23456789, 44 7700 900123, 55 11 91234-5678, 33 6 12 34 56 78.
        ([2, 5, 5] | [2, 3, 4, 4] | [2, 2, 5, 4] | [2, 4, 6] | [2, 1, 2, 2, 2, 2] | [2, 3, 7 | 8], b'1'..=b'9') => true,
        // 44 20 7946 0958, but not 17-05-2015-1030.
        ([2, 2, 4, 4] | [2, 2, 7 | 8], b'1'..=b'9') => !is_day_and_month(digits),
        _ => false,
    }
}

fn has_area_code(digits: &[u8]) -> bool {
    digits[1] != b'0' && (9..=12).contains(&digits.len())
}

/// Digits that are a telephone number because of where they stand.
fn is_announced(groups: &DigitGroups<'_>, sequence: &Sequence, surroundings: Surroundings<'_>) -> bool {
    if is_one_of(word_before(groups.text, sequence.start), PHONE_WORDS) {
        return true;
    }
    let Surroundings::PathAfter(previous_segment) = surroundings else {
        return false;
    };
    // Only when the number is all there is: in /call/12-ideas-for-2015-and-2016 it is not.
    let text_without_number = groups.text[..sequence.start].iter().chain(&groups.text[sequence.end..]);
    let is_all_there_is = text_without_number.clone().all(|byte| !byte.is_ascii_alphanumeric());
    if !is_all_there_is || is_time(&sequence.digits) {
        return false;
    }
    is_one_of(previous_segment, PHONE_WORDS)
        || (is_one_of(previous_segment, PERSON_WORDS)
            && match sequence.lengths[..] {
                [10] => sequence.digits[0] >= b'2',
                [11..=13] => sequence.digits[0] != b'0',
                _ => false,
            })
}

/// The letters right before a place, over one separator: `phone` in `my-phone=123`.
fn word_before(text: &[u8], end: usize) -> &[u8] {
    let end = match text[..end].last() {
        Some(b':' | b'=' | b'-' | b'_' | b' ') => end - 1,
        _ => end,
    };
    let start = text[..end].iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |index| index + 1);
    &text[start..end]
}

fn is_isbn_10(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().zip((1..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(11)
}

/// Whether the first four digits can be a day and a month, in either order.
fn is_day_and_month(digits: &[u8]) -> bool {
    let number = |high: u8, low: u8| (high - b'0') * 10 + (low - b'0');
    let (first, second) = (number(digits[0], digits[1]), number(digits[2], digits[3]));
    (first <= 31 && second <= 12) || (first <= 12 && second <= 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_phone(previous_segment: &str, text: &str) -> bool {
        contains_phone(&DigitGroups::of(text.as_bytes()), Surroundings::PathAfter(previous_segment.as_bytes()))
    }

    #[test]
    fn numbers_are_found_in_the_notations_of_many_countries() {
        let texts = "+4930123456|+49 30 1234567|+49-151-23456789|+1-202-555-0143|+1 (202) 555-0143|+1.202.555.0143|+44+20+7946+0958|\
            tel:+442079460958|004930123456|0049-30-1234567|00 44 20 7946 0958|(555) 123-4567|(555)123-4567|(030) 1234567|\
            (11) 91234-5678|555-123-4567|202.555.0143|202 555 0143|1-800-555-0199|14155550123|06 12 34 56 78|0612345678|\
            030-1234567|0151 23456789|015112345678|020 7946 0958|07700 900123|090-1234-5678|010-1234-5678|98765 43210|\
            138-0013-8000|13800138000|612 345 678|22 123 45 67|11 91234-5678|11 3456-7890|49 151 23456789|44 7700 900123|55 11 91234-5678|33 6 12 34 56 78|44 20 7946 0958|\
            86 138 0013 8000|202-555-0143x123|123-45-6789|call-us-at-202-555-0143|phone-2025550143|tel:0301234567|\
            phone=5551234|202-555-0143.html";
        for text in texts.split('|') {
            assert!(is_phone("", text), "{text}");
        }
    }

    #[test]
    fn bare_digits_are_a_phone_number_where_one_is_expected() {
        let paths = "tel/5551234|phone/2025550143|whatsapp/4915112345678|call/030 1234|users/2025550143|u/4915112345678|\
            Contact/4155550123|verify/491511234567";
        for path in paths.split('|') {
            let (previous, text) = path.split_once('/').unwrap();
            assert!(is_phone(previous, text), "{path}");
            assert!(!is_phone("articles", text), "articles/{text}");
        }
    }

    #[test]
    fn dates_versions_and_ids_are_not() {
        let texts = "2015-05-17|17-05-2015|05-17-2015|2015-05-17-103000|17-05-2015-1030|01-02-2015-1030|20150517|2015.05.17|\
            12345678|1234567890|1431857105|1.2.3.4|10.0.19041.1234|192.168.100.200|2000-2009|100-200-300|978-3-16-148410-0|\
            0-306-40615-2|0306406152|1234-5678|12345-6789|0000012345|001-002-003-004|1.20100227|xdotool-2.20101014.3063|\
            52.5200,13.4049|v1.202.555|c++20201234|cats+20201234|IMG_20150517_103000|kb-4012345|20150517-103000|123456789|\
            ui-bg_highlight-soft_25_327E04_1x100|top-100-of-2015-05|B08N5WRWNW|99999999999";
        for text in texts.split('|') {
            assert!(!is_phone("articles", text), "{text}");
        }
        assert!(!is_phone("users", "1234567890"));
        assert!(!is_phone("users", "12345678"));
        assert!(!is_phone("call", "12-ideas-for-20150517"));
    }
}
