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
    table.add_rows(rows);
    println!("{table}");
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
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")];
        for (number, text) in cases {
            assert_eq!(super::count(number), text);
        }
    }
}
