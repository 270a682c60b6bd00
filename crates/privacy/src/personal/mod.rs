//! Tells personal data and secrets from the ordinary parts of a path, by form alone.
//!
//! Everything works on the decoded bytes of one part and takes time linear in its length: the input is anything that anyone sends.

mod card;
mod digits;
mod email;
mod hex;
mod iban;
mod letters;
mod phone;
mod token;

use digits::DigitGroups;

/// What a part looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonalData {
    Email,
    Uuid,
    LongHex,
    Token,
    Card,
    BankAccount,
    Phone,
}

/// Where the text stands: the same digits are an article in one place and a phone number in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surroundings<'a> {
    /// A part of a path, after this segment (decoded; empty for the first).
    PathAfter(&'a [u8]),
    /// The value of a campaign tag. Advertisers put their own numbers of 10 to 18 digits there.
    CampaignValue,
}

/// No personal data fits into fewer bytes (`a@b.co`).
const SHORTEST_BYTES: usize = 6;

/// What the text looks like, if it looks personal.
pub(crate) fn personal_data(text: &[u8], surroundings: Surroundings<'_>) -> Option<PersonalData> {
    if text.len() < SHORTEST_BYTES {
        return None;
    }
    if email::contains_email(text) {
        return Some(PersonalData::Email);
    }
    // Scripts, styles and fonts carry a hash of their content in their name. It says nothing about who loads them.
    let is_build_output = has_extension(text, BUILD_OUTPUT_EXTENSIONS);
    if !is_build_output {
        if hex::contains_uuid(text) {
            return Some(PersonalData::Uuid);
        }
        if hex::contains_long_hex(text) {
            return Some(PersonalData::LongHex);
        }
    }
    if text.iter().filter(|byte| byte.is_ascii_digit()).count() >= phone::SHORTEST_DIGITS {
        let groups = DigitGroups::of(text);
        if card::contains_card(&groups, surroundings) {
            return Some(PersonalData::Card);
        }
        if iban::contains_iban(text) {
            return Some(PersonalData::BankAccount);
        }
        if phone::contains_phone(&groups, surroundings) {
            return Some(PersonalData::Phone);
        }
        if groups.contain_long_number() && !is_build_output {
            return Some(PersonalData::Token);
        }
    }
    if !is_build_output && token::contains_token(text, surroundings) {
        return Some(PersonalData::Token);
    }
    None
}

const BUILD_OUTPUT_EXTENSIONS: &[&str] = &["js", "mjs", "css", "map", "wasm", "ttf", "otf", "eot", "woff", "woff2"];

fn has_extension(text: &[u8], extensions: &[&str]) -> bool {
    extension(text).is_some_and(|found| is_one_of(found, extensions))
}

/// What follows the last dot, if that is short.
fn extension(text: &[u8]) -> Option<&[u8]> {
    let dot = text.iter().rposition(|byte| *byte == b'.')?;
    let extension = &text[dot + 1..];
    (1..=5).contains(&extension.len()).then_some(extension)
}

fn is_one_of(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}
