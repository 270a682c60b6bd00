//! What is personal or secret, as people and programs write it into URLs.

use crate::dice::Dice;

const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const BASE_64_URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE_36: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const NAMES: &[&str] = &[
    "alice",
    "bob.smith",
    "j_doe",
    "maria-garcia",
    "k.mueller",
    "nguyen77",
    "o.brien",
    "yuki",
    "x",
    "info+news",
    "J.R.Tolkien",
];
const DOMAINS: &[&str] = &[
    "example.com",
    "mail.example.org",
    "firma.de",
    "company.co.uk",
    "uni-x.edu",
    "web.io",
    "xn--bcher-kva.example",
    "a.museum",
];
/// Country codes with the lengths of the national numbers behind them, by the numbering plans of the ITU (E.164).
const COUNTRIES: &[(&str, usize)] = &[
    ("1", 10),
    ("20", 10),
    ("27", 9),
    ("30", 10),
    ("31", 9),
    ("32", 9),
    ("33", 9),
    ("34", 9),
    ("36", 9),
    ("39", 10),
    ("40", 9),
    ("41", 9),
    ("43", 10),
    ("44", 10),
    ("45", 8),
    ("46", 9),
    ("47", 8),
    ("48", 9),
    ("49", 11),
    ("51", 9),
    ("52", 10),
    ("54", 10),
    ("55", 11),
    ("56", 9),
    ("57", 10),
    ("60", 9),
    ("61", 9),
    ("62", 10),
    ("63", 10),
    ("64", 9),
    ("65", 8),
    ("66", 9),
    ("7", 10),
    ("81", 10),
    ("82", 10),
    ("84", 9),
    ("86", 11),
    ("90", 10),
    ("91", 10),
    ("92", 10),
    ("98", 10),
    ("212", 9),
    ("234", 10),
    ("254", 9),
    ("351", 9),
    ("353", 9),
    ("358", 9),
    ("380", 9),
    ("420", 9),
    ("852", 8),
    ("886", 9),
    ("966", 9),
    ("971", 9),
    ("972", 9),
];
/// Countries of bank accounts, with the length of what follows the check digits and whether it begins with letters.
const BANKS: &[(&str, usize, usize)] = &[
    ("DE", 0, 18),
    ("GB", 4, 14),
    ("FR", 0, 23),
    ("NL", 4, 10),
    ("ES", 0, 20),
    ("IT", 1, 22),
    ("CH", 0, 17),
    ("AT", 0, 16),
    ("BE", 0, 12),
    ("PL", 0, 24),
    ("SE", 0, 20),
    ("NO", 0, 11),
    ("DK", 0, 14),
    ("PT", 0, 21),
    ("IE", 4, 14),
];

/// Makes a value of its kind.
type Maker = fn(&mut Dice) -> String;

pub(crate) const KINDS: &[(&str, Maker)] = &[
    ("e-mail", email),
    ("phone", phone),
    ("card", card),
    ("IBAN", iban),
    ("UUID", uuid),
    ("JWT", jwt),
    ("token", token),
    ("long hex", long_hex),
];

fn email(dice: &mut Dice) -> String {
    let at = dice.pick(&["@", "@", "@", "(at)", "[at]"]);
    let address = format!("{}{at}{}", dice.pick(NAMES), dice.pick(DOMAINS));
    match dice.below(4) {
        0 => address.to_uppercase(),
        1 => format!("mailto:{address}"),
        _ => address,
    }
}

/// With its country, in the usual notations.
fn phone(dice: &mut Dice) -> String {
    let (country, length) = COUNTRIES[dice.below(COUNTRIES.len())];
    let national = dice.number(length);
    let (area, rest) = national.split_at(2 + dice.below(2));
    let (middle, end) = rest.split_at(rest.len() / 2);
    match dice.below(7) {
        0 => format!("+{country}{national}"),
        1 => format!("00{country}{national}"),
        2 => format!("+{country} {area} {middle} {end}"),
        3 => format!("+{country}-{area}-{middle}-{end}"),
        4 => format!("+{country} ({area}) {middle}-{end}"),
        5 => format!("+{country}.{area}.{middle}.{end}"),
        _ => format!("tel:+{country}{national}"),
    }
}

fn card(dice: &mut Dice) -> String {
    let start = dice.pick(&["4", "51", "55", "2221", "37", "34", "6011", "3530"]).to_owned();
    let length = if start.starts_with("37") || start.starts_with("34") { 14 } else { 15 };
    let digits = dice.draw(DIGITS, length - start.len());
    let number = with_luhn_digit(&(start + &digits));
    let groups: &[usize] = if number.len() == 16 { &[4, 4, 4, 4] } else { &[4, 6, 5] };
    match dice.below(4) {
        0 => grouped(&number, groups, "-"),
        1 => grouped(&number, groups, " "),
        _ => number,
    }
}

fn with_luhn_digit(number: &str) -> String {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

fn grouped(text: &str, lengths: &[usize], separator: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    for length in lengths {
        let (group, behind) = rest.split_at((*length).min(rest.len()));
        groups.push(group);
        rest = behind;
    }
    groups.retain(|group| !group.is_empty());
    groups.join(separator)
}

fn iban(dice: &mut Dice) -> String {
    let (country, letters, digits) = BANKS[dice.below(BANKS.len())];
    let account = dice.draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ", letters) + &dice.draw(DIGITS, digits);
    // ISO 13616: the check digits make the whole, rearranged and with letters as numbers, one more than a multiple of 97.
    let rearranged = format!("{account}{country}00");
    let remainder = rearranged.chars().fold(0_u32, |remainder, character| {
        let value = character.to_digit(36).unwrap();
        (remainder * if value > 9 { 100 } else { 10 } + value) % 97
    });
    let iban = format!("{country}{:02}{account}", 98 - remainder);
    match dice.below(3) {
        0 => grouped(&iban, &[4; 9], " "),
        1 => iban.to_lowercase(),
        _ => iban,
    }
}

fn uuid(dice: &mut Dice) -> String {
    let plain = [8, 4, 4, 4, 12].map(|length| dice.draw(HEX, length));
    match dice.below(4) {
        0 => plain.concat(),
        1 => format!("{{{}}}", plain.join("-")),
        2 => plain.join("-").to_uppercase(),
        _ => plain.join("-"),
    }
}

fn jwt(dice: &mut Dice) -> String {
    let header = dice.pick(&["eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"]);
    let length = 30 + dice.below(80);
    format!("{header}.eyJ{}.{}", dice.draw(BASE_64_URL, length), dice.draw(BASE_64_URL, 43))
}

fn token(dice: &mut Dice) -> String {
    let length = 21 + dice.below(44);
    match dice.below(4) {
        0 => {
            let length = 20 + dice.below(13);
            dice.draw(BASE_36, length)
        }
        1 => format!("{}{}", dice.pick(&["sk_live_", "ghp_", "xoxb-", "AKIA"]), dice.draw(BASE_64_URL, 24)),
        _ => dice.draw(BASE_64_URL, length),
    }
}

fn long_hex(dice: &mut Dice) -> String {
    let length = [16, 24, 32, 40, 64][dice.below(5)];
    let hex = dice.draw(HEX, length);
    if dice.below(3) == 0 { hex.to_uppercase() } else { hex }
}

/// The value as it may stand in a path: as it is but for what no URL can hold, or escaped once, twice, or here and there.
pub(crate) fn encoded(dice: &mut Dice, value: &str) -> String {
    match dice.below(4) {
        0 => value.replace(' ', "%20"),
        1 => escape(value, |character| !character.is_ascii_alphanumeric()),
        2 => {
            let once = escape(value, |character| !character.is_ascii_alphanumeric());
            escape(&once, |character| character == '%')
        }
        _ => {
            let seed = dice.below(7) + 2;
            let mut place = 0;
            escape(value, |character| {
                place += 1;
                character == ' ' || place % seed == 0
            })
        }
    }
}

/// The value as it may stand in a query, where a space may be a plus and a plus must be escaped.
pub(crate) fn encoded_for_query(dice: &mut Dice, value: &str) -> String {
    match dice.below(3) {
        0 => {
            escape(value, |character| !character.is_ascii_alphanumeric() && !matches!(character, ' ' | '-' | '.' | '_'))
                .replace(' ', "+")
        }
        1 => escape(value, |character| matches!(character, '+' | ' ' | '&' | '#')),
        _ => encoded(dice, value),
    }
}

fn escape(text: &str, mut must: impl FnMut(char) -> bool) -> String {
    text.chars()
        .map(|character| if must(character) { format!("%{:02X}", character as u32) } else { character.to_string() })
        .collect()
}
