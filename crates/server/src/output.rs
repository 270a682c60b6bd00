//! What commands print: tables for people, JSON for machines.

use anyhow::Context as _;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Text,
    Number,
}

/// Prints rows under headings.
pub(crate) fn print_table(headings: &[(&str, Column)], rows: Vec<Vec<String>>) {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings.iter().map(|(heading, _)| *heading));
    for (column, (_, kind)) in table.column_iter_mut().zip(headings) {
        if *kind == Column::Number {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.add_rows(rows.into_iter().map(|row| row.into_iter().map(|cell| harmless(&cell))));
    println!("{table}");
}

/// Prints one thing, a field a line.
pub(crate) fn print_fields(fields: impl IntoIterator<Item = (&'static str, String)>) {
    let fields: Vec<_> = fields.into_iter().collect();
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in fields {
        println!("{name:width$}  {}", harmless(&value));
    }
}

/// Text as a terminal may show it. Names and values come from whoever sends events: what would move the cursor, change colours or
/// turn the direction of writing is shown escaped.
fn harmless(text: &str) -> String {
    let is_harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// Prints a message of the contract in proto3 JSON.
pub(crate) fn print_json(message: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(message)?);
    Ok(())
}

/// A count with thousands apart: 1,234,567.
pub(crate) fn count(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if count < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An instant to the second, or an empty text.
pub(crate) fn instant(timestamp: Option<pbjson_types::Timestamp>) -> String {
    timestamp
        .and_then(|timestamp| jiff::Timestamp::new(timestamp.seconds, timestamp.nanos).ok())
        .map_or_else(String::new, |instant| format!("{instant:.0}"))
}

/// An instant to the millisecond, or an empty text.
pub(crate) fn instant_ms(timestamp: Option<pbjson_types::Timestamp>) -> String {
    timestamp
        .and_then(|timestamp| jiff::Timestamp::new(timestamp.seconds, timestamp.nanos).ok())
        .map_or_else(String::new, |instant| format!("{instant:.3}"))
}

/// A length of time in its largest whole unit, as it is typed: `48h`.
pub(crate) fn length(duration: Option<pbjson_types::Duration>) -> String {
    let seconds = duration.unwrap_or_default().seconds;
    let units = [(24 * 60 * 60, 'd'), (60 * 60, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds % unit == 0);
    whole.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}

/// A length of time as the contract writes it.
pub(crate) fn duration(length: std::time::Duration) -> pbjson_types::Duration {
    pbjson_types::Duration { seconds: length.as_secs() as i64, nanos: length.subsec_nanos() as i32 }
}

/// A name of the contract's enums without its prefix, in lower case.
pub(crate) fn lower(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_lowercase()
}

/// The current instant.
pub(crate) fn now() -> anyhow::Result<jiff::Timestamp> {
    use analytics_domain::Clock as _;
    jiff::Timestamp::from_microsecond(analytics_domain::SystemClock.now().0)
        .context("the clock shows an impossible time")
}

#[cfg(test)]
mod tests {
    #[test]
    fn lengths_are_shown_as_they_are_typed() {
        let length = |seconds| super::length(Some(pbjson_types::Duration { seconds, nanos: 0 }));
        assert_eq!([length(1800), length(172_800), length(259_200 + 3600), length(61)], ["30m", "2d", "73h", "61s"]);
    }

    #[test]
    fn what_steers_a_terminal_is_shown_and_not_obeyed() {
        assert_eq!(super::harmless("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
        assert_eq!(super::harmless("Käse – 日本 /über-uns"), "Käse – 日本 /über-uns");
    }

    #[test]
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")];
        for (number, text) in cases {
            assert_eq!(super::count(number), text);
        }
    }
}
