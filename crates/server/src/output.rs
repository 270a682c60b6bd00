//! What commands print: tables for people, JSON for machines.

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

#[cfg(test)]
mod tests {
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
