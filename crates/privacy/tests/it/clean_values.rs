//! What is not personal: paths, parameters and tags as sites have them.

use crate::dice::Dice;

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
fn slug(dice: &mut Dice) -> String {
    let count = 1 + dice.below(7);
    let separator = dice.pick(&["-", "-", "-", "_", "%20", ""]);
    (0..count).map(|_| dice.pick(WORDS)).collect::<Vec<_>>().join(separator)
}

fn date(dice: &mut Dice) -> (usize, usize, usize) {
    (1998 + dice.below(30), 1 + dice.below(12), 1 + dice.below(28))
}

fn segment_of_a_site(dice: &mut Dice) -> String {
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

/// A path in the manner of a site with articles, files and pictures.
pub(crate) fn clean_path(dice: &mut Dice) -> String {
    let depth = 1 + dice.below(3);
    let folders: String = (0..depth).map(|_| format!("/{}", segment_of_a_site(dice))).collect();
    let (year, month, day) = date(dice);
    let (major, minor, patch) = (dice.below(9), dice.below(30), dice.below(30));
    match dice.below(10) {
        0 => format!("/blog/{}/{}.html", dice.pick(&["geekery", "productivity", "sysadmin", "tags"]), slug(dice)),
        1 => {
            format!("/files/{0}/{0}-{major}.{minor}.{patch}-monolithic.jar", dice.pick(&["logstash", "fex", "keynav"]))
        }
        2 => format!("/presentations/{}-{year}/images/{}{}.png", slug(dice), dice.pick(WORDS), dice.below(40)),
        3 => format!(
            "/projects/{0}/{0}-{year}{month:02}{day:02}.{patch:04}.tar.gz",
            dice.pick(&["xdotool", "grok", "keynav"])
        ),
        4 => format!("/~{}/{}/{}.py", dice.pick(&["psionic", "jordan", "www"]), dice.pick(WORDS), slug(dice)),
        5 => format!("/{}_{}x{}.jpg", slug(dice), 100 * (1 + dice.below(30)), 100 * (1 + dice.below(20))),
        6 => format!(
            "/assets/{}.{}.{}",
            dice.pick(&["main", "app", "vendor"]),
            dice.draw(HEX, 8),
            dice.pick(&["js", "css"])
        ),
        _ => folders,
    }
}

/// The value of a parameter that a site may want to keep.
pub(crate) fn clean_parameter(dice: &mut Dice) -> String {
    match dice.below(6) {
        0 => {
            let digits = 1 + dice.below(9);
            dice.number(digits)
        }
        1 => format!("{}_{}", dice.pick(&["price", "date", "name"]), dice.pick(&["asc", "desc"])),
        2 => format!("{}+{}+{}", dice.pick(WORDS), dice.pick(WORDS), dice.pick(WORDS)),
        3 => format!("%23{}", dice.draw(HEX, 6)),
        4 => format!("{}-{:02}-{:02}", 1998 + dice.below(30), 1 + dice.below(12), 1 + dice.below(28)),
        _ => slug(dice),
    }
}

/// The value of a campaign tag.
pub(crate) fn clean_tag(dice: &mut Dice) -> String {
    match dice.below(6) {
        0 => dice.pick(&["google", "newsletter", "facebook", "partner.example.com", "cpc", "paid_social"]).to_owned(),
        // Numbers of advertisements.
        1 => format!("12{}", dice.draw("0123456789", 15)),
        2 => dice.number(10),
        3 => format!("{}_{}_Q{}", dice.pick(WORDS), 2010 + dice.below(20), 1 + dice.below(4)),
        4 => format!("[{}] {} | {}", dice.pick(&["DE", "US", "FR"]), slug(dice), dice.pick(WORDS)).replace(' ', "+"),
        _ => slug(dice),
    }
}

const HEX: &str = "0123456789abcdef";
