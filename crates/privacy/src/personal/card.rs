//! Numbers of payment cards: 13 to 19 digits whose check digit (Luhn) is right.
//!
//! One in ten of all other numbers of that length passes as well. Of those, times and ISBNs are told apart; the rest is redacted,
//! because a lost id costs less than a stored card.

use super::{
    Surroundings,
    digits::{DigitGroups, Sequence, is_time},
};

/// The groups in which cards are written, by their lengths.
const CARD_SHAPES: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 1],
    &[4, 4, 5],
    &[4, 4, 6],
    &[4, 6, 4],
    &[4, 6, 5],
    &[6, 13],
    &[8, 8],
];

/// Whether the number of a card stands in the text, in one piece or in the usual groups.
pub(super) fn contains_card(groups: &DigitGroups<'_>, surroundings: Surroundings<'_>) -> bool {
    groups.sequences.iter().any(|sequence| in_one_piece(groups, sequence, surroundings) || in_groups(sequence))
}

fn in_one_piece(groups: &DigitGroups<'_>, sequence: &Sequence, surroundings: Surroundings<'_>) -> bool {
    // The digits behind a decimal point are a fraction, such as that of a coordinate.
    let is_decimal = sequence.lengths.len() == 2
        && groups.text[sequence.start..sequence.end].contains(&b'.')
        && sequence.lengths[0] <= 3;
    !is_decimal
        && sequence.groups().any(|group| {
            (13..=19).contains(&group.len())
                && is_plausible(group, surroundings)
                && !is_time(group)
                && !is_isbn_13(group)
                && passes_luhn(group)
        })
}

fn in_groups(sequence: &Sequence) -> bool {
    let mut offset = 0;
    for first in 0..sequence.lengths.len() {
        let lengths = &sequence.lengths[first..];
        for shape in CARD_SHAPES {
            let count: usize = shape.iter().sum();
            if lengths.starts_with(shape) && passes_luhn(&sequence.digits[offset..offset + count]) {
                return true;
            }
        }
        offset += sequence.lengths[first];
    }
    false
}

/// Advertisers' numbers in campaign tags begin with anything; the cards of banks with 3 to 6, or with 2221 to 2720 if they have 16 digits.
fn is_plausible(number: &[u8], surroundings: Surroundings<'_>) -> bool {
    match surroundings {
        Surroundings::PathAfter(_) => true,
        Surroundings::CampaignValue => {
            let is_newer = number.len() == 16 && (b"2221".as_slice()..=b"2720".as_slice()).contains(&&number[..4]);
            matches!(number[0], b'3'..=b'6') || is_newer
        }
    }
}

fn passes_luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit) {
                (0, _) => digit,
                (_, 0..=4) => digit * 2,
                _ => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10) && number.iter().any(|digit| *digit != b'0')
}

fn is_isbn_13(number: &[u8]) -> bool {
    let is_book = number.len() == 13 && (number.starts_with(b"978") || number.starts_with(b"979"));
    let sum: u32 = number
        .iter()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 })
        .sum();
    is_book && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_card(text: &str) -> bool {
        contains_card(&DigitGroups::of(text.as_bytes()), Surroundings::PathAfter(b"pay"))
    }

    #[test]
    fn cards_are_found_in_every_notation() {
        for text in [
            "4111111111111111",
            "4222222222222",
            "5500005555555559",
            "378282246310005",
            "30569309025904",
            "6011111111111117",
            "3566002020360505",
            "2223003122003222",
            "6304000000000000",
            "4111-1111-1111-1111",
            "4111 1111 1111 1111",
            "4111+1111+1111+1111",
            "4111.1111.1111.1111",
            "4111_1111_1111_1111",
            "3782-822463-10005",
            "3056 930902 5904",
            "card-4111111111111111.pdf",
            "pan4111111111111111x",
            "6222020000000000000",
            "pay-2024-4111-1111-1111-1111",
        ] {
            assert!(is_card(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_cards() {
        // The time, the ISBN in one piece and the fraction of the coordinate pass Luhn.
        for text in [
            "4111111111111112",
            "12345678",
            "1431857105007",
            "20150517103000",
            "9783161484094",
            "978-0-306-40615-7",
            "0000000000000000",
            "52.5200066083909",
            "2015-05-17-10-30-00-123",
            "411111111111",
            "41111111111111111111",
            "4111-1111-1111-1112",
        ] {
            assert!(!is_card(text), "{text}");
        }
    }

    #[test]
    fn an_advertisers_number_in_a_campaign_tag_is_none() {
        let number = "120210000000000010";
        assert!(passes_luhn(number.as_bytes()));
        let groups = DigitGroups::of(number.as_bytes());
        assert!(!contains_card(&groups, Surroundings::CampaignValue));
        assert!(contains_card(&groups, Surroundings::PathAfter(b"")));
    }
}
