//! Seeded corpora: how many of thousands of personal paths are caught, and how many of thousands of clean ones are altered.

use analytics_privacy::{REDACTED, clean_page_url};

/// A small generator of the test's own, so that the corpora are the same everywhere (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % bound
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn draw(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }

    fn number(&mut self, digits: usize) -> String {
        self.draw("123456789", 1) + &self.draw("0123456789", digits - 1)
    }
}

const HEX: &str = "0123456789abcdef";
const BASE_64_URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE_36: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const WORDS: &[&str] = &[
    "about",
    "annual",
    "article",
    "backup",
    "best",
    "blue",
    "budget",
    "camera",
    "checkout",
    "climate",
    "cloud",
    "coffee",
    "computer",
    "contact",
    "database",
    "delivery",
    "design",
    "docs",
    "dog",
    "einstellungen",
    "energy",
    "europe",
    "events",
    "farbe",
    "garden",
    "geschichte",
    "grosse",
    "guide",
    "health",
    "history",
    "holiday",
    "house",
    "how",
    "install",
    "jardin",
    "kaffee",
    "kitchen",
    "kubernetes",
    "language",
    "laptop",
    "linux",
    "logstash",
    "maison",
    "market",
    "monitor",
    "music",
    "network",
    "news",
    "noticias",
    "obchod",
    "office",
    "ofertas",
    "photo",
    "postgres",
    "preise",
    "pricing",
    "productos",
    "project",
    "python",
    "question",
    "recipe",
    "release",
    "review",
    "school",
    "security",
    "shipping",
    "shoes",
    "strategy",
    "summer",
    "support",
    "team",
    "travel",
    "tutorial",
    "update",
    "veranstaltungen",
    "video",
    "voyage",
    "water",
    "weekend",
    "windows",
    "winter",
    "world",
    "your",
];
const NAMES: &[&str] = &["alice", "bob.smith", "j_doe", "maria-garcia", "k.mueller", "nguyen77", "o.brien", "yuki"];
const DOMAINS: &[&str] = &["example.com", "mail.example.org", "firma.de", "company.co.uk", "uni-x.edu", "web.io"];

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

fn personal_value(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => format!("{}@{}", dice.pick(NAMES), dice.pick(DOMAINS)),
        1 => format!("{}%40{}", dice.pick(NAMES), dice.pick(DOMAINS)),
        2 => [8, 4, 4, 4, 12].map(|length| dice.draw(HEX, length)).join("-"),
        3 => {
            let length = 16 + dice.below(49);
            dice.draw(HEX, length)
        }
        4 => {
            let length = 21 + dice.below(44);
            dice.draw(BASE_64_URL, length)
        }
        5 => {
            let length = 20 + dice.below(13);
            dice.draw(BASE_36, length)
        }
        6 => {
            let start = dice.pick(&["4", "51", "55", "37", "6011", "2221"]).to_owned();
            let rest = if start == "37" { 12 } else { 15 - start.len() };
            let digits = start + &dice.draw("0123456789", rest);
            let card = with_luhn_digit(&digits);
            match dice.below(3) {
                0 if card.len() == 16 => [&card[..4], &card[4..8], &card[8..12], &card[12..]].join("-"),
                _ => card,
            }
        }
        _ => {
            let (area, exchange, line) = (dice.number(3), dice.number(3), dice.draw("0123456789", 4));
            match dice.below(5) {
                0 => format!("+1{area}{exchange}{line}"),
                1 => format!("%2B49{}", dice.number(10)),
                2 => format!("{area}-{exchange}-{line}"),
                3 => format!("({area})%20{exchange}-{line}"),
                _ => format!("00{}{}", dice.pick(&["44", "49", "33", "1"]), dice.number(10)),
            }
        }
    }
}

fn slug(dice: &mut Dice) -> String {
    let count = 1 + dice.below(7);
    let separator = dice.pick(&["-", "-", "-", "_", "%20", ""]);
    (0..count).map(|_| dice.pick(WORDS)).collect::<Vec<_>>().join(separator)
}

fn date(dice: &mut Dice) -> (usize, usize, usize) {
    (1998 + dice.below(30), 1 + dice.below(12), 1 + dice.below(28))
}

fn clean_segment(dice: &mut Dice) -> String {
    let (year, month, day) = date(dice);
    match dice.below(12) {
        0..5 => slug(dice),
        5 => format!("{year}-{month:02}-{day:02}-{}", slug(dice)),
        6 => format!("{year}{month:02}{day:02}"),
        7 => {
            let digits = 1 + dice.below(9);
            dice.number(digits)
        }
        8 => format!("v{}.{}.{}", dice.below(20), dice.below(40), dice.below(999)),
        9 => format!("{}{}.{}", slug(dice), dice.below(100), dice.pick(&["html", "png", "pdf", "php", "jpg"])),
        10 => format!("{}-{}", slug(dice), dice.draw(HEX, 8)),
        _ => format!("{day:02}.{month:02}.{year}"),
    }
}

#[test]
fn at_least_995_of_1000_personal_paths_are_caught() {
    const COUNT: usize = 20_000;
    let mut dice = Dice(0x5EED_0001);
    let missed: Vec<_> = (0..COUNT)
        .map(|_| {
            let value = personal_value(&mut dice);
            let prefix = dice.pick(&["", "order-", "id="]);
            let suffix = dice.pick(&["", "", "/edit", "/", ".html"]);
            format!("/{}/{prefix}{value}{suffix}", slug(&mut dice))
        })
        .filter(|path| !clean_page_url(path, &[]).page.contains(REDACTED))
        .collect();
    assert!(missed.len() * 1000 <= COUNT * 5, "{} missed: {:#?}", missed.len(), &missed[..missed.len().min(40)]);
}

#[test]
fn at_most_5_of_1000_clean_paths_are_altered() {
    const COUNT: usize = 20_000;
    let mut dice = Dice(0x5EED_0002);
    let altered: Vec<_> = (0..COUNT)
        .map(|_| {
            let depth = 1 + dice.below(3);
            (0..depth).map(|_| format!("/{}", clean_segment(&mut dice))).collect::<String>()
        })
        .filter(|path| clean_page_url(path, &[]).page != *path)
        .collect();
    assert!(altered.len() * 1000 <= COUNT * 5, "{} altered: {:#?}", altered.len(), &altered[..altered.len().min(40)]);
}
